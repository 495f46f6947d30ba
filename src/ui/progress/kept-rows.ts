/**
 * What pages without the card layer keep as mere lists (lessons read, levels solved, quizzes answered, drills done), as rows of the
 * learner's log, which is what a backup carries: there and back.
 */
import { answeredQuestions, type ProgressRow } from "#cards";
import { browserStorage, keepDrillOutcome, readDrillProgress, writeDrillProgress } from "../drills/drill-progress.ts";
import { keepAnswered, keepProgress, readProgress } from "./kept-progress.ts";

/** Lessons and drills are in no store: a backup takes them from the lists. The same lists give the same rows. */
export function rowsOfLists(nowMs: number): ProgressRow[] {
  const read = Object.entries(readProgress("read")).flatMap(([subject, day]): ProgressRow[] => {
    const id = Date.parse(day);
    return Number.isNaN(id) ? [] : [{ kind: "read", id, subject }];
  });
  const drills = readDrillProgress(browserStorage(), nowMs);
  writeDrillProgress(browserStorage(), drills);
  const done = [...drills].map(([subject, { outcome, atMs }]): ProgressRow => {
    return { kind: "drill", id: atMs, subject, found: outcome === "found" };
  });
  return [...read, ...done];
}

/** What another device did is known here as soon as its backup was read. */
export function keepInLists(rows: readonly ProgressRow[]): void {
  keepAnswered(answeredQuestions(rows));
  for (const row of rows) {
    if (row.kind === "solved" || row.kind === "read") {
      keepProgress(row.kind, row.subject, new Date(row.id).toISOString().slice(0, 10));
    }
    if (row.kind === "drill") keepDrillOutcome(browserStorage(), row.subject, row.found ? "found" : "seen", row.id);
  }
}
