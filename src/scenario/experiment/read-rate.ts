/** Reads a rate: "200/s", "30/m", "0.5/s". */
import type { Path } from "./experiment.ts";
import { type Reading, report, written } from "./field-reader.ts";

const perSecondOf = { ms: 1000, s: 1, m: 1 / 60, h: 1 / 3600 } as const;

/** @returns requests per second; undefined where the text is no rate. */
function parseRate(text: string): number | undefined {
  const match = /^(\d+(?:\.\d+)?|\.\d+)\/(ms|s|m|h)$/.exec(text);
  return match ? Number(match[1]) * perSecondOf[match[2] as keyof typeof perSecondOf] : undefined;
}

/** @param least 0 allows silence; by default a rate is more than none */
export function readRate(reading: Reading, path: Path, value: unknown, least = Number.MIN_VALUE): number | undefined {
  const perSecond = typeof value === "string" ? parseRate(value) : undefined;
  if (perSecond !== undefined && perSecond >= least) return perSecond;
  report(reading, path, "MESH1509", { value: written(value) });
  return undefined;
}
