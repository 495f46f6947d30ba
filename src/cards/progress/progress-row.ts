/**
 * What a learner did in the sandbox, as an append-only list like the log of reviews: predictions with what was computed, and levels
 * solved. How far a level is, and how good predictions are, are projections of it.
 */

export type ProgressRow = PredictionRow | SolvedRow;

export interface PredictionRow {
  kind: "prediction";
  /** Milliseconds since the epoch. */
  id: number;
  /** Name of the experiment. */
  subject: string;
  /** What was asked, e.g. "share payments-v2": a metric and its selector. */
  question: string;
  predicted: number;
  measured: number;
  right: boolean;
  /** As stated by the learner, 0.5–1. */
  confidence: number;
}

export interface SolvedRow {
  kind: "solved";
  id: number;
  /** Id of the level. */
  subject: string;
  /** From the level's start (`countEdits` of the scenario layer). */
  edits: number;
}

export function progressKeyOf({ id, kind, subject }: ProgressRow): [id: number, kind: string, subject: string] {
  return [id, kind, subject];
}

/** Each row once, the first of its key. */
export function distinctProgress(rows: readonly ProgressRow[]): ProgressRow[] {
  const byKey = new Map<string, ProgressRow>();
  for (const row of rows) {
    const key = progressKeyOf(row).join("\u0000");
    if (!byKey.has(key)) byKey.set(key, row);
  }
  return [...byKey.values()];
}

/** Of each solved level the fewest edits it was solved with. */
export function fewestEdits(rows: readonly ProgressRow[]): ReadonlyMap<string, number> {
  const fewest = new Map<string, number>();
  for (const row of rows) {
    if (row.kind === "solved") fewest.set(row.subject, Math.min(row.edits, fewest.get(row.subject) ?? Infinity));
  }
  return fewest;
}
