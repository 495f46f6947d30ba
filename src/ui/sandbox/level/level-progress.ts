/** How far a reader is with each level, and which comes next. Pure: progress is handed in. */
import type { LevelEntry } from "./level.ts";

export type LevelState = "open" | "solved" | "withinPar";

/** @param fewest of each solved level the fewest edits */
export function levelState({ id, par }: Pick<LevelEntry, "id" | "par">, fewest: ReadonlyMap<string, number>): LevelState {
  const edits = fewest.get(id);
  if (edits === undefined) return "open";
  return edits <= par ? "withinPar" : "solved";
}

/** The first open level after this one, in teaching order; then the first open one there is. */
export function nextLevel(
  levels: readonly LevelEntry[],
  id: string,
  fewest: ReadonlyMap<string, number>,
): LevelEntry | undefined {
  const at = levels.findIndex((level) => level.id === id);
  const others = [...levels.slice(at + 1), ...levels.slice(0, Math.max(0, at))];
  return others.find((level) => levelState(level, fewest) === "open");
}

/** In the order of the list; levels of a module stand together. */
export function byModule(levels: readonly LevelEntry[]): readonly { module: string; levels: readonly LevelEntry[] }[] {
  return [...new Set(levels.map(({ module }) => module))].map((module) => ({
    module,
    levels: levels.filter((level) => level.module === module),
  }));
}
