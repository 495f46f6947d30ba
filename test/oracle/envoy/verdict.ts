/** Whether our figure agrees with the measured one: equal, within the tolerance, or inside the stated range. Flags are compared as sets. */
export interface Check {
  id: string;
  kind: "deterministic" | "statistical" | "timing";
  expected: unknown;
  tolerance: string | null;
}

export function agrees(check: Pick<Check, "expected" | "tolerance">, ours: unknown): boolean {
  const { expected, tolerance } = check;
  const range = typeof expected === "string" ? /^\[([-\d.e]+), ([-\d.e]+)\]$/.exec(expected) : null;
  if (range) return typeof ours === "number" && ours >= Number(range[1]) - 1e-9 && ours <= Number(range[2]) + 1e-9;
  if (typeof expected === "number" && tolerance !== null) {
    return typeof ours === "number" && Math.abs(ours - expected) <= Number(tolerance.replace("±", "")) + 1e-9;
  }
  return canonical(expected) === canonical(ours);
}

/** Objects with their keys sorted; "URX,UT" and "UT,URX" are the same. */
function canonical(value: unknown): string {
  if (typeof value === "string") return JSON.stringify(sortFlags(value));
  if (Array.isArray(value)) return `[${value.map(canonical).join(",")}]`;
  if (typeof value === "object" && value !== null) {
    const entries = Object.entries(value).map(([key, one]) => `${JSON.stringify(sortFlags(key))}:${canonical(one)}`);
    return `{${entries.sort().join(",")}}`;
  }
  return JSON.stringify(value) ?? "undefined";
}

function sortFlags(text: string): string {
  return text.replace(/[A-Z]+(,[A-Z]+)+/, (flags) => flags.split(",").sort().join(","));
}
