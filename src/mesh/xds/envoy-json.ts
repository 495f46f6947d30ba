/** How protobuf's JSON mapping writes durations and fractions. */

/** 1500 → "1.500s", 0 → "0s": seconds, with three, six or nine digits where there is a fraction. */
export function durationJson(ms: number): string {
  const nanos = Math.round(ms * 1e6);
  const seconds = Math.trunc(nanos / 1e9);
  const rest = Math.abs(nanos % 1e9);
  if (rest === 0) return `${seconds}s`;
  const digits = String(rest).padStart(9, "0");
  const kept = rest % 1e6 === 0 ? 3 : rest % 1e3 === 0 ? 6 : 9;
  return `${seconds}.${digits.slice(0, kept)}s`;
}

/** Percentages as Istio writes them: whole ones of a default in hundredths, written ones in millionths. */
export function fractionJson(percent: number): Record<string, unknown> {
  return { numerator: Math.round(percent * 10_000), denominator: "MILLION" };
}

/** Leaves out members that are undefined. */
export function compact<Value extends Record<string, unknown>>(value: Value): Record<string, unknown> {
  return Object.fromEntries(Object.entries(value).filter(([, member]) => member !== undefined));
}

export function notEmpty<Value>(list: readonly Value[]): readonly Value[] | undefined {
  return list.length > 0 ? list : undefined;
}
