/**
 * Notes that were thrown away leave marks in the log, one a card: so a deletion merges, travels in backups and can be taken back
 * like any mark, and the reviews stay for the statistics.
 */
import { type LogRow, type MarkRow, standingRows } from "./review-log.ts";

/** Slug → when its note was deleted, ms; of several marks the newest counts. @param rows of any cards, any order */
export function deletionsIn(rows: readonly LogRow[]): Map<string, number> {
  const last = new Map<string, MarkRow>();
  const told = rows.filter((row) => row.kind === "undo" || tellsOfDeletion(row));
  for (const row of standingRows(told)) if (tellsOfDeletion(row)) last.set(row.slug, row);
  return new Map([...last].flatMap(([slug, { id, change }]) => (change.deleted ? [[slug, id] as const] : [])));
}

export function tellsOfDeletion(row: LogRow): row is MarkRow {
  return row.kind === "mark" && row.change.deleted !== undefined;
}
