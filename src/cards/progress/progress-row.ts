/**
 * What a learner did beside reviewing, as an append-only list like the log of reviews: predictions with what was computed, levels
 * solved, questions answered, lessons read, drills done. How far a level is, and how good predictions are, are projections of it.
 */

export type ProgressRow = PredictionRow | SolvedRow | AnsweredRow | ReadRow | DrillRow;

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

/** An answer to a question of a lesson's quiz, in whichever language. */
export interface AnsweredRow {
  kind: "answered";
  id: number;
  /** "<module>/<lesson>#<question>". */
  subject: string;
  /** The place of the answer among those offered, from 0. */
  chosen: number;
  right: boolean;
}

/** A lesson read to its end, in whichever language; kept by the page as a list, and a row in backups. */
export interface ReadRow {
  kind: "read";
  /** The beginning of the day of the first time, UTC. */
  id: number;
  /** "<module>/<lesson>". */
  subject: string;
}

/** A drill done, kept like a lesson read. */
export interface DrillRow {
  kind: "drill";
  id: number;
  /** Id of the drill. */
  subject: string;
  /** By marking a right line; false: its answer was looked at. */
  found: boolean;
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

/** Of each question whether it was ever answered right, by "<module>/<lesson>#<question>". */
export function answeredQuestions(rows: readonly ProgressRow[]): ReadonlyMap<string, boolean> {
  const answered = new Map<string, boolean>();
  for (const row of rows) {
    if (row.kind === "answered") answered.set(row.subject, row.right || answered.get(row.subject) === true);
  }
  return answered;
}

/** Of each solved level the fewest edits it was solved with. */
export function fewestEdits(rows: readonly ProgressRow[]): ReadonlyMap<string, number> {
  const fewest = new Map<string, number>();
  for (const row of rows) {
    if (row.kind === "solved") fewest.set(row.subject, Math.min(row.edits, fewest.get(row.subject) ?? Infinity));
  }
  return fewest;
}
