/**
 * Deletions in a merge. A note that was deleted here stays away, however new the text that comes; one that was deleted elsewhere goes
 * here too, unless its text was changed here afterwards: then that change is what the learner wants.
 */
import Dexie from "dexie";
import { type Note, ordinalsOf } from "../model/note.ts";
import type { NoteEdit } from "../model/note-edit.ts";
import { deletionsIn, tellsOfDeletion } from "../scheduling/deletions.ts";
import type { LogRow, MarkRow } from "../scheduling/review-log.ts";
import type { CardDatabase } from "./card-database.ts";
import type { MergePart } from "./card-store-api.ts";

/** The deletions that stand once these rows are there as well: slug → when. */
export async function deletionsAfter(database: CardDatabase, added: readonly LogRow[]): Promise<Map<string, number>> {
  const marked = (await database.marks.toArray()).filter(({ deleted }) => deleted);
  const slugs = new Set([...marked, ...added.filter(tellsOfDeletion)].map(({ slug }) => slug));
  const rows = added.filter(({ slug }) => slugs.has(slug));
  for (const slug of slugs) {
    const ofNote = database.log.where("[slug+ord]").between([slug, Dexie.minKey], [slug, Dexie.maxKey]);
    rows.push(...(await ofNote.toArray()));
  }
  return deletionsIn(rows);
}

export interface JudgedDeletions {
  /** Slugs of the part that stay away. */
  away: ReadonlySet<string>;
  /** Slugs of stored notes that go. */
  removed: string[];
  /** Marks that take a deletion back. */
  revivals: MarkRow[];
}

export function judgeDeletions(
  { notes, bringBackAtMs }: Pick<MergePart, "notes" | "bringBackAtMs">,
  deletions: ReadonlyMap<string, number>,
  stored: ReadonlyMap<string, Note>,
  edits: ReadonlyMap<string, NoteEdit>,
): JudgedDeletions {
  const coming = new Map(notes.map((note) => [note.slug, note]));
  const away = new Set<string>();
  const removed: string[] = [];
  const revivals: MarkRow[] = [];
  for (const [slug, deletedAtMs] of deletions) {
    const [here, there] = [stored.get(slug), coming.get(slug)];
    const changedAtMs = here ? Math.max(here.changedAtS * 1000, edits.get(slug)?.editedAtMs ?? 0) : 0;
    // Of the text's own time, so that every device makes the same row of it.
    if (here && changedAtMs > deletedAtMs) revivals.push(...revivalsOf(here, changedAtMs));
    else if (there && bringBackAtMs !== undefined) revivals.push(...revivalsOf(there, Math.max(bringBackAtMs, deletedAtMs + 1)));
    else {
      if (there) away.add(slug);
      if (here) removed.push(slug);
    }
  }
  return { away, removed, revivals };
}

function revivalsOf(note: Note, id: number): MarkRow[] {
  return ordinalsOf(note).map((ord) => ({ id, slug: note.slug, ord, kind: "mark", change: { deleted: false }, source: "app" }));
}
