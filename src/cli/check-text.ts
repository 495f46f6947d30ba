/** A line of `expect` in words: what it measures, what it asks for. */

/** A check, or what is known of one over many runs. */
interface Asked {
  metric: string;
  [field: string]: unknown;
}

const bounds = ["equals", "atMost", "atLeast", "between", "tolerance"];
/** What a probe asks for; a metric uses the same words to say what it counts. */
const outcomes = ["status", "flag"];

/** "share (of "payments-v2")". */
export function checkSubject(check: Asked): string {
  const selector = show(fieldsOf(check).filter(([key]) => !isExpected(check, key)));
  return selector === "" ? check.metric : `${check.metric} (${selector})`;
}

/** "between [0.04,0.06]". */
export function expectedOf(check: Asked): string {
  return show(fieldsOf(check).filter(([key]) => isExpected(check, key)));
}

function fieldsOf({ metric: _metric, value: _value, passed: _passed, ...rest }: Asked): [string, unknown][] {
  return Object.entries(rest);
}

function isExpected({ metric }: Asked, key: string): boolean {
  return bounds.includes(key) || (metric === "probe" && outcomes.includes(key));
}

function show(entries: readonly [string, unknown][]): string {
  return entries.map(([key, one]) => `${key} ${JSON.stringify(one)}`).join(" ");
}
