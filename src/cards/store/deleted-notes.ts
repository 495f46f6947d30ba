/** Throws notes away and brings them back. What is said of them in the log stays; each function runs inside a transaction. */
import { type Note, ordinalsOf } from "../model/note.ts";
import type { NoteEdit } from "../model/note-edit.ts";
import type { MarkRow, UndoRow } from "../scheduling/review-log.ts";
import type { CardDatabase } from "./card-database.ts";

/** Everything that is needed to bring them back. */
export interface DeletedNotes {
  notes: readonly Note[];
  edits: readonly NoteEdit[];
  rows: readonly MarkRow[];
}

/** @param firstId of the rows, counted up from there */
export async function deleteNotes(database: CardDatabase, slugs: readonly string[], firstId: number): Promise<DeletedNotes> {
  const notes = (await database.notes.bulkGet([...slugs])).filter((note) => note !== undefined);
  const edits = (await database.edits.bulkGet(notes.map(({ slug }) => slug))).filter((edit) => edit !== undefined);
  const rows = notes.flatMap(deletionRows).map((row, i): MarkRow => ({ ...row, id: firstId + i, source: "app" }));
  await database.log.bulkAdd(rows);
  await database.notes.bulkDelete(notes.map(({ slug }) => slug));
  await database.edits.bulkDelete(edits.map(({ slug }) => slug));
  return { notes, edits, rows };
}

/** @param firstId as above */
export async function restoreNotes(database: CardDatabase, { notes, edits, rows }: DeletedNotes, firstId: number): Promise<void> {
  const undone = rows.map(({ slug, ord, id }, i): UndoRow => {
    return { id: firstId + i, slug, ord, kind: "undo", undoes: id, source: "app" };
  });
  await database.log.bulkAdd(undone);
  await database.notes.bulkPut(notes);
  await database.edits.bulkPut(edits);
}

function deletionRows(note: Note): Pick<MarkRow, "slug" | "ord" | "kind" | "change">[] {
  const ordinals = ordinalsOf(note);
  const ords = ordinals.length > 0 ? ordinals : [0];
  return ords.map((ord) => ({ slug: note.slug, ord, kind: "mark", change: { deleted: true } }));
}
