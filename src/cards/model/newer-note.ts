/** Which of two texts of one note counts: the newer one; of two with one time the same one, whichever came first. */
import type { Note } from "./note.ts";

export function isNewerNote(note: Note, known: Note | undefined): boolean {
  if (!known) return true;
  if (note.changedAtS !== known.changedAtS) return note.changedAtS > known.changedAtS;
  return contentOf(note) > contentOf(known);
}

function contentOf({ frontHtml, backHtml, type, tags }: Note): string {
  return JSON.stringify([frontHtml, backHtml, type, tags]);
}
