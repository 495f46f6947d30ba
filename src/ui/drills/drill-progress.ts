/** Which drills were done, and how: kept in the browser, and lost without harm where it keeps nothing. */

/** Found by marking a right line, or seen because the answer was asked for. */
export type DrillOutcome = "found" | "seen";

export interface KeptDrill {
  outcome: DrillOutcome;
  /** When it came out so, ms since the epoch. */
  atMs: number;
}

type Kept = Pick<Storage, "getItem">;
type Keeping = Pick<Storage, "getItem" | "setItem">;

const key = "meshwise.drills";
/** "found 1764489600000"; the first version wrote no moment. */
const written = /^(found|seen)(?: (\d{1,15}))?$/;

/** By the drill's id. @param nowMs for what was kept without its moment */
export function readDrillProgress(storage: Kept | undefined, nowMs: number = Date.now()): ReadonlyMap<string, KeptDrill> {
  try {
    const kept: unknown = JSON.parse(storage?.getItem(key) ?? "{}");
    if (typeof kept !== "object" || kept === null) return new Map();
    return new Map(
      Object.entries(kept).flatMap(([id, text]): [string, KeptDrill][] => {
        const [, outcome, atMs] = written.exec(String(text)) ?? [];
        return outcome ? [[id, { outcome: outcome as DrillOutcome, atMs: Number(atMs ?? nowMs) }]] : [];
      }),
    );
  } catch {
    return new Map();
  }
}

/** A drill once found stays found; of two equal outcomes the first counts. */
export function keepDrillOutcome(
  storage: Keeping | undefined,
  id: string,
  outcome: DrillOutcome,
  atMs: number = Date.now(),
): void {
  const known = new Map(readDrillProgress(storage));
  const before = known.get(id);
  if (before?.outcome === "found" && outcome === "seen") return;
  if (before?.outcome === outcome && before.atMs <= atMs) return;
  known.set(id, { outcome, atMs });
  writeDrillProgress(storage, known);
}

/** Writes each with its moment: what the first version kept has one from then on. */
export function writeDrillProgress(storage: Keeping | undefined, drills: ReadonlyMap<string, KeptDrill>): void {
  const texts = [...drills].map(([id, { outcome, atMs }]) => [id, `${outcome} ${atMs}`]);
  try {
    storage?.setItem(key, JSON.stringify(Object.fromEntries(texts)));
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
