/**
 * A learner's own wording of a note. Kept beside the note and not in it, so that the site's text can change without
 * losing the learner's, and the learner can go back to the site's.
 */
import type { Note } from "./note.ts";

export interface NoteEdit {
  slug: string;
  frontHtml: string;
  backHtml: string;
  tags: readonly string[];
  editedAtMs: number;
  /** `changedAtS` of the text that was edited: when the note's is newer, the site's text has changed since. */
  baseChangedAtS: number;
}

/** The note as the learner wants it; an edited note is practised in its static form. */
function applyEdit(note: Note, edit: NoteEdit | undefined): Note {
  if (!edit) return note;
  const { frontHtml, backHtml, tags, editedAtMs } = edit;
  const changedAtS = Math.max(note.changedAtS, Math.floor(editedAtMs / 1000));
  // Other tags alone leave what the learner does with the card.
  const isReworded = frontHtml !== note.frontHtml || backHtml !== note.backHtml;
  return { ...note, frontHtml, backHtml, tags, changedAtS, content: isReworded ? undefined : note.content };
}

/** All notes as the learner wants them. */
export function applyEdits(notes: readonly Note[], edits: readonly NoteEdit[]): Note[] {
  const own = new Map(edits.map((edit) => [edit.slug, edit]));
  return notes.map((note) => applyEdit(note, own.get(note.slug)));
}

/** The newer of two edits of one note; of two with one time the same one, whichever came first. */
export function newerEdit(a: NoteEdit, b: NoteEdit): NoteEdit {
  if (a.editedAtMs !== b.editedAtMs) return a.editedAtMs > b.editedAtMs ? a : b;
  return JSON.stringify([a.frontHtml, a.backHtml, a.tags]) >= JSON.stringify([b.frontHtml, b.backHtml, b.tags]) ? a : b;
}
