/**
 * What a learner has read and solved, kept in this browser: names and the day of the first time. Pages show it; nothing depends on
 * it, so closed storage only means that nothing is shown.
 */

const keys = { read: "meshwise-read", solved: "meshwise-solved" } as const;
export type ProgressKind = keyof typeof keys;

/** Name ("<module>/<lesson>", a level's id) → day "YYYY-MM-DD". */
export type Progress = Readonly<Record<string, string>>;

export function readProgress(kind: ProgressKind): Progress {
  try {
    const kept: unknown = JSON.parse(localStorage.getItem(keys[kind]) ?? "{}");
    return typeof kept === "object" && kept !== null ? (kept as Progress) : {};
  } catch {
    return {};
  }
}

/** The first time counts. */
export function keepProgress(kind: ProgressKind, name: string, day: string = new Date().toISOString().slice(0, 10)): void {
  const kept = readProgress(kind);
  if (name === "" || name in kept) return;
  try {
    localStorage.setItem(keys[kind], JSON.stringify({ ...kept, [name]: day }));
  } catch {
    // A private window forgets it.
  }
}
