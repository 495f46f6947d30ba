/**
 * Union of the learner's log with another one. A row is known by its card, moment and kind; a known one stays as it is, so
 * merging twice changes nothing and the order of merges does not matter. Schedules of the cards that got rows are made
 * anew from all their rows. A note that came by import is replaced by a newer text of itself, never by an older one.
 */
import type { Result } from "#base";
import { besideKnown, type MediaFile } from "../model/media-file.ts";
import { mediaNamesIn } from "../model/media-html.ts";
import { isNewerNote } from "../model/newer-note.ts";
import { type CardLanguage, cardIdOf, languageOfSlug, type Note } from "../model/note.ts";
import { type NoteEdit, newerEdit } from "../model/note-edit.ts";
import { distinctProgress, type ProgressRow, progressKeyOf } from "../progress/progress-row.ts";
import { isUnmarked, marksOf } from "../scheduling/card-marks.ts";
import { deletionsIn } from "../scheduling/deletions.ts";
import { type LogRow, logKeyOf, replay } from "../scheduling/review-log.ts";
import type { Scheduler } from "../scheduling/schedule.ts";
import type { CardDatabase, CardRow, MarkedRow } from "./card-database.ts";
import type { MergePart, MergeSummary } from "./card-store-api.ts";
import { deletionsAfter, judgeDeletions } from "./merge-deletions.ts";
import type { StoreFailure } from "./store-failure.ts";

export interface MergePlan {
  summary: MergeSummary;
  notes: Note[];
  rows: LogRow[];
  edits: NoteEdit[];
  media: MediaFile[];
  /** Slugs of notes that were deleted elsewhere. */
  removed: string[];
  progress: ProgressRow[];
  languages: ReadonlyMap<string, CardLanguage>;
}

/** Reads only. */
export async function planMerge(database: CardDatabase, part: MergePart): Promise<MergePlan> {
  const known = new Set((await database.log.toCollection().primaryKeys()).map(keyText));
  const knownProgress = new Set((await database.progress.toCollection().primaryKeys()).map((key) => key.join("\u0000")));
  const progress = distinctProgress(part.progress ?? []).filter((row) => !knownProgress.has(progressKeyOf(row).join("\u0000")));
  const rows = new Map<string, LogRow>();
  let knownRows = 0;
  for (const row of part.log) {
    const key = keyText(logKeyOf(row));
    if (known.has(key) || rows.has(key)) knownRows++;
    else rows.set(key, row);
  }
  const stored = new Map((await database.notes.toArray()).map((note) => [note.slug, note]));
  const knownEdits = new Map((await database.edits.toArray()).map((edit) => [edit.slug, edit]));
  const foreign = part.notes.filter(({ slug }) => !part.ownSlugs.has(slug));
  const deletions = await deletionsAfter(database, [...rows.values()]);
  const { away, removed, revivals } = judgeDeletions({ ...part, notes: foreign }, deletions, stored, knownEdits);
  for (const row of revivals) if (!known.has(keyText(logKeyOf(row)))) rows.set(keyText(logKeyOf(row)), row);
  const newer = foreign.filter((note) => !away.has(note.slug) && isNewerNote(note, stored.get(note.slug)));
  const single = [...new Map(newer.map((note) => [note.slug, note])).values()];
  const { notes, media } = await mediaToAdd(database, single, part.media ?? []);
  const updatedNotes = notes.filter(({ slug }) => stored.has(slug)).length;
  const added = [...rows.values()];
  const edits = (part.edits ?? []).filter((edit) => {
    const before = knownEdits.get(edit.slug);
    if (away.has(edit.slug) || removed.includes(edit.slug)) return false;
    return before === undefined || newerEdit(before, edit) === edit;
  });
  return {
    notes: [...notes],
    edits,
    media,
    removed,
    progress,
    rows: added,
    languages: new Map([...stored.values(), ...part.notes].map(({ slug, lang }) => [slug, lang])),
    summary: {
      newNotes: notes.length - updatedNotes,
      updatedNotes,
      deletedNotes: away.size,
      removedNotes: removed.length,
      newRows: added.length,
      newReviews: added.filter(({ kind }) => kind === "review").length,
      knownRows,
      newMedia: media.length,
      newProgress: progress.length,
      cards: new Set(added.map(cardIdOf)).size,
    },
  };
}

/** The files of the notes that are to be written, beside those that are there. */
async function mediaToAdd(database: CardDatabase, notes: readonly Note[], files: readonly MediaFile[]) {
  if (files.length === 0) return { notes, media: [] };
  const shown = new Set(notes.flatMap(({ frontHtml, backHtml }) => mediaNamesIn(frontHtml + backHtml)));
  const media = files.filter(({ name }) => shown.has(name));
  const there = (await database.media.bulkGet(media.map(({ name }) => name))).filter((file) => file !== undefined);
  return besideKnown({ notes, media }, new Map(there.map(({ name, bytes }) => [name, bytes])));
}

/** Inside the transaction in which the plan was made. */
export async function writeMerge(database: CardDatabase, plan: MergePlan, scheduler: Scheduler): Promise<void> {
  await database.notes.bulkDelete(plan.removed);
  await database.edits.bulkDelete(plan.removed);
  await database.notes.bulkPut(plan.notes);
  await database.edits.bulkPut(plan.edits);
  await database.media.bulkPut(plan.media);
  await database.progress.bulkPut(plan.progress);
  if (plan.rows.length === 0) return;
  await database.log.bulkAdd(plan.rows);
  const touched = new Set(plan.rows.map(cardIdOf));
  const log = (await database.log.toArray()).filter((row) => touched.has(cardIdOf(row)));
  const rebuilt = rebuildCards(log, plan.languages, scheduler);
  const practised = new Set(rebuilt.map(({ id }) => id));
  await database.cards.bulkDelete([...touched].filter((id) => !practised.has(id)));
  await database.cards.bulkPut(rebuilt);
  const marked = rebuildMarks(log);
  const stillMarked = new Set(marked.map(({ id }) => id));
  await database.marks.bulkDelete([...touched].filter((id) => !stillMarked.has(id)));
  await database.marks.bulkPut(marked);
}

export function summarised(plan: Result<MergePlan, StoreFailure>): Result<MergeSummary, StoreFailure> {
  return plan.ok ? { ok: true, value: plan.value.summary } : plan;
}

/** The schedule of every card of a log; a card that is new again has none. */
export function rebuildCards(
  log: readonly LogRow[],
  languages: ReadonlyMap<string, CardLanguage>,
  scheduler: Scheduler,
): CardRow[] {
  return [...Map.groupBy(log, cardIdOf)].flatMap(([id, rows]) => {
    const schedule = replay(id, rows, scheduler);
    if (schedule.state === "new" || deletionsIn(rows).size > 0) return [];
    const { slug, ord } = rows[0]!;
    return [{ ...schedule, id, slug, ord, lang: languages.get(slug) ?? languageOfSlug(slug) }];
  });
}

/** The marks of every card of a log that has any. */
export function rebuildMarks(log: readonly LogRow[]): MarkedRow[] {
  return [...Map.groupBy(log, cardIdOf)].flatMap(([id, rows]) => {
    const marks = marksOf(rows);
    const { slug, ord } = rows[0]!;
    return isUnmarked(marks) ? [] : [{ ...marks, id, slug, ord }];
  });
}

function keyText(key: ReturnType<typeof logKeyOf>): string {
  return key.join("\u0000");
}
