/** The access log as files: one line a request as Envoy writes them under Istio (or as a bootstrap's own logs want it), or one JSON object a line with Envoy's operator names. */
import { accessLogLine } from "#base";
import type { AccessLogEntry, OwnLines } from "#engine";
import { epochSeconds } from "../epoch.ts";

/** Writes lines of a proxy's own logs (own-log-text.ts). */
export type OwnLogWriter = (entry: AccessLogEntry, own: OwnLines) => string;

/** A proxy that has logs of its own writes those, in their format. */
export function accessLogText(
  entries: readonly AccessLogEntry[],
  own: readonly (OwnLines | null)[],
  write: OwnLogWriter | null,
): string {
  return entries
    .map((entry, at) => {
      const lines = own[at] ?? null;
      return lines === null || write === null ? `${accessLogLine(asWritten(entry))}\n` : write(entry, lines);
    })
    .join("");
}

export function accessLogJsonLines(entries: readonly AccessLogEntry[]): string {
  return entries.map((entry) => `${JSON.stringify(asWritten(entry))}\n`).join("");
}

/** With a date; of TCP Envoy does not read what HTTP the bytes may hold. */
function asWritten(entry: AccessLogEntry) {
  const unread = entry.PROTOCOL === "-" ? { METHOD: "-", AUTHORITY: "-", PATH: "-" } : {};
  return { ...entry, ...unread, START_TIME: dateOf(entry.START_TIME), DURATION: wholeMs(entry.DURATION) };
}

/** As Envoy counts: what it has begun is left out. What lies below a microsecond is how times were added up. */
export function wholeMs(ms: number): number {
  return Math.floor(Number(ms.toFixed(3)));
}

/** To a millisecond, as %START_TIME% is by default. */
function dateOf(virtualMs: number): string {
  return new Date(epochSeconds * 1000 + Math.floor(virtualMs)).toISOString();
}
