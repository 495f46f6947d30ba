/**
 * What a learner sets on a card besides answering it: suspended, buried, flagged, a leech, a deck of its own, deleted. Marks are rows of the same
 * append-only log, so they merge, travel in backups and can be taken back like reviews; of each kind the newest row counts.
 */
import { type LogRow, type MarkRow, standingRows } from "./review-log.ts";

/** 0 is no flag; 1 … 7 are Anki's red, orange, green, blue, pink, turquoise, purple. */
export type Flag = 0 | 1 | 2 | 3 | 4 | 5 | 6 | 7;
export const flags: readonly Flag[] = [0, 1, 2, 3, 4, 5, 6, 7];

export interface CardMarks {
  suspended: boolean;
  /** Out of the queue until this moment; 0: not buried. */
  buriedUntilMs: number;
  flag: Flag;
  /** Forgotten so often that the card itself may be at fault. */
  leech: boolean;
  /** The deck that the learner moved it to; empty: the deck of its note. */
  deck: string;
  /** Its note was thrown away: neither a backup nor Anki brings it back unasked. */
  deleted: boolean;
}

export type MarkChange = Partial<CardMarks>;

export const noMarks: CardMarks = { suspended: false, buriedUntilMs: 0, flag: 0, leech: false, deck: "", deleted: false };

/** @param rows of one card, any order */
export function marksOf(rows: readonly LogRow[]): CardMarks {
  const marks = standingRows(rows).filter((row): row is MarkRow => row.kind === "mark");
  return Object.assign({ ...noMarks }, ...marks.map(({ change }) => change));
}

export function isUnmarked(marks: CardMarks): boolean {
  return !marks.suspended && marks.buriedUntilMs === 0 && marks.flag === 0 && !marks.leech && marks.deck === "" && !marks.deleted;
}

/** As in Anki: at the threshold, then at every half of it (8, 12, 16 …). */
export function becomesLeech(lapses: number, threshold: number): boolean {
  if (threshold <= 0 || lapses < threshold) return false;
  return (lapses - threshold) % Math.max(1, Math.ceil(threshold / 2)) === 0;
}
