/** Which drills were done, and how: kept in the browser, and lost without harm where it keeps nothing. */

/** Found by marking a right line, or seen because the answer was asked for. */
export type DrillOutcome = "found" | "seen";

const key = "meshwise.drills";

/** Outcomes by the drill's id; a drill once found stays found. */
export function readDrillProgress(storage: Pick<Storage, "getItem"> | undefined): ReadonlyMap<string, DrillOutcome> {
  try {
    const kept: unknown = JSON.parse(storage?.getItem(key) ?? "{}");
    if (typeof kept !== "object" || kept === null) return new Map();
    return new Map(Object.entries(kept).filter((entry): entry is [string, DrillOutcome] => isOutcome(entry[1])));
  } catch {
    return new Map();
  }
}

export function keepDrillOutcome(
  storage: Pick<Storage, "getItem" | "setItem"> | undefined,
  id: string,
  outcome: DrillOutcome,
): void {
  const known = new Map(readDrillProgress(storage));
  if (known.get(id) !== "found") known.set(id, outcome);
  try {
    storage?.setItem(key, JSON.stringify(Object.fromEntries(known)));
  } catch {
    // A full or closed storage: the drill itself works all the same.
  }
}

/** localStorage, or undefined where the browser refuses it. */
export function browserStorage(): Storage | undefined {
  try {
    return localStorage;
  } catch {
    return undefined;
  }
}

function isOutcome(value: unknown): value is DrillOutcome {
  return value === "found" || value === "seen";
}
