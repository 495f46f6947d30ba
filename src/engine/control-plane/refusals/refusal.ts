/** What Envoy refuses of a configuration: the rule that is broken, in its own words where it has some. */
import type { ConfigSource } from "../../model/index.ts";

export interface Refusal extends Reason {
  /** Name of the cluster, listener, route table or assignment. */
  resource: string;
  /** What is refused, where somebody wrote it. */
  source?: ConfigSource | undefined;
}

export interface Reason {
  reason: string;
  /**
   * Seen as a response is read, before any of its resources is looked at by itself: then Envoy takes nothing of the response. Such are the
   * annotations of fields (protoc-gen-validate), but for those inside of a typed_config, which are asked when its owner is made.
   */
  atReading: boolean;
}

/** The owner's own check. */
export function refusing(reason: string): Reason {
  return { reason, atReading: false };
}

export function atReading(reason: string): Reason {
  return { reason, atReading: true };
}

/** A number outside of what the field's annotation (protoc-gen-validate) allows; an unset one is not asked about. */
export function outOfRange(field: string, value: number | undefined, { min = -Infinity, max = Infinity }): Reason[] {
  if (value === undefined || (value >= min && value <= max)) return [];
  const range = max === Infinity ? `at least ${min}` : min === -Infinity ? `at most ${max}` : `between ${min} and ${max}`;
  return [atReading(`${field}: value must be ${range}, not ${value}`)];
}

/** A duration that has to be longer than nothing, ms. */
export function notPositive(field: string, ms: number | undefined): Reason[] {
  return ms === undefined || ms > 0 ? [] : [atReading(`${field}: value must be greater than 0s`)];
}

/** A duration that may be nothing, ms. */
export function negative(field: string, ms: number | undefined): Reason[] {
  return ms !== undefined && ms < 0 ? [atReading(`Invalid duration: Expected positive duration: ${field} ${ms / 1000}s`)] : [];
}

export function percentOf(field: string, value: number | undefined): Reason[] {
  return outOfRange(field, value, { min: 0, max: 100 });
}

/** The first of texts that stands twice. */
export function repeated(texts: readonly string[]): string | undefined {
  const seen = new Set<string>();
  for (const text of texts) {
    if (seen.has(text)) return text;
    seen.add(text);
  }
  return undefined;
}

/** Of a regular expression that RE2 does not compile, or a path template that is none, wherever in a piece of configuration it stands. */
export function brokenPattern(value: unknown): string | undefined {
  if (value === null || typeof value !== "object") return undefined;
  const { regex, template, isBroken } = value as { regex?: unknown; template?: unknown; isBroken?: unknown };
  if (isBroken === "template") return `path_template ${template ?? regex} is invalid`;
  if (isBroken === true && typeof regex === "string") return `Invalid regex: ${regex}`;
  for (const below of Object.values(value)) {
    const found = brokenPattern(below);
    if (found !== undefined) return found;
  }
  return undefined;
}
