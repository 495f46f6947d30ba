/** The access log as files: one line a request as Envoy writes them under Istio, or one JSON object a line with Envoy's operator names. */
import { accessLogLine } from "#base";
import type { AccessLogEntry } from "#engine";
import { epochSeconds } from "../epoch.ts";

export function accessLogText(entries: readonly AccessLogEntry[]): string {
  return lines(entries.map((entry) => accessLogLine({ ...entry, START_TIME: dateOf(entry.START_TIME) })));
}

export function accessLogJsonLines(entries: readonly AccessLogEntry[]): string {
  return lines(entries.map((entry) => JSON.stringify({ ...entry, START_TIME: dateOf(entry.START_TIME) })));
}

function lines(texts: readonly string[]): string {
  return texts.map((text) => `${text}\n`).join("");
}

/** To a millisecond, as %START_TIME% is by default. */
function dateOf(virtualMs: number): string {
  return new Date(epochSeconds * 1000 + Math.floor(virtualMs)).toISOString();
}
