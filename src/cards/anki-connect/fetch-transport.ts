/**
 * AnkiConnect from a page. The body goes as plain text: a JSON content type would only add a preflight. When the browser
 * gives no reason ("Failed to fetch"), the reason is found out: diagnose-connection.ts.
 */
import type { AnkiTransport } from "./anki-client.ts";
import { AnkiRefusal } from "./anki-failure.ts";
import { type BrowserProbe, diagnoseConnection } from "./diagnose-connection.ts";

export function createFetchTransport(url: string, probe: BrowserProbe): AnkiTransport {
  return async (body, timeoutMs, signal) => {
    const timeout = AbortSignal.timeout(timeoutMs);
    try {
      const response = await fetch(url, {
        method: "POST",
        body,
        signal: signal ? AbortSignal.any([timeout, signal]) : timeout,
        cache: "no-store",
        credentials: "omit",
      });
      return { status: response.status, text: await response.text() };
    } catch {
      if (signal?.aborted) throw new AnkiRefusal("Cancelled");
      if (timeout.aborted) throw new AnkiRefusal("NoAnswer", { seconds: Math.round(timeoutMs / 1000) });
      throw new AnkiRefusal(await diagnoseConnection(probe), { url });
    }
  };
}
