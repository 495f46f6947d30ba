/**
 * A browser says of every failed request the same: "Failed to fetch". What lies behind it is told apart by two questions:
 * may this page speak to programs on this machine at all (Local Network Access, a permission), and does anything listen
 * there (a request whose answer the page may not see). Source: the recorded results of Chromium 156 against the add-on.
 */
import type { AnkiFailureCode } from "./anki-failure.ts";

export interface BrowserProbe {
  /** A page from this machine needs no such permission. */
  pageIsLocal: boolean;
  /** undefined where the browser knows no such permission. */
  loopbackPermission(): Promise<PermissionState | undefined>;
  /** True when something accepts connections at the address, whatever it answers. */
  isListening(): Promise<boolean>;
}

export async function diagnoseConnection(
  probe: BrowserProbe,
): Promise<Extract<AnkiFailureCode, "NotRunning" | "OriginNotAllowed" | "LoopbackDenied" | "LoopbackUndecided">> {
  const permission = probe.pageIsLocal ? "granted" : await probe.loopbackPermission();
  if (permission === "denied") return "LoopbackDenied";
  if (await probe.isListening()) return "OriginNotAllowed";
  // The browser asks once something has answered, so a question that was put aside looks like an Anki that is not there.
  return permission === "prompt" ? "LoopbackUndecided" : "NotRunning";
}

/** Newest name first: Chromium has renamed the permission twice. */
const permissionNames = ["loopback-network", "local-network", "local-network-access"];
const probePatienceMs = 5_000;

export function createBrowserProbe(url: string): BrowserProbe {
  return {
    pageIsLocal: /^(?:localhost|127(?:\.\d+){3}|\[::1\])$/.test(location.hostname),
    async loopbackPermission() {
      for (const name of permissionNames) {
        try {
          // The list of names in TypeScript's DOM library is older than these.
          return (await navigator.permissions.query({ name: name as PermissionName })).state;
        } catch {
          // Not known here: the next name.
        }
      }
      return undefined;
    },
    async isListening() {
      try {
        await fetch(url, { mode: "no-cors", cache: "no-store", signal: AbortSignal.timeout(probePatienceMs) });
        return true;
      } catch {
        return false;
      }
    },
  };
}
