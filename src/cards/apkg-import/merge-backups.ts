/** Union of two backups: every row and note of both; of one row or note in both, as the store decides. Pure. */
import { besideKnown } from "../model/media-file.ts";
import { isNewerNote } from "../model/newer-note.ts";
import type { Note } from "../model/note.ts";
import { type NoteEdit, newerEdit } from "../model/note-edit.ts";
import { distinctProgress } from "../progress/progress-row.ts";
import { deletionsIn } from "../scheduling/deletions.ts";
import { type LogRow, logKeyOf } from "../scheduling/review-log.ts";
import type { Backup } from "./backup-file.ts";

/** @param known its rows stay as they are */
export function mergeBackups(known: Backup, added: Backup): Backup {
  const rows = new Map<string, LogRow>();
  for (const row of [...known.log, ...added.log]) {
    const key = logKeyOf(row).join("\u0000");
    if (!rows.has(key)) rows.set(key, row);
  }
  const edits = new Map<string, NoteEdit>();
  for (const edit of [...(known.edits ?? []), ...(added.edits ?? [])]) {
    const before = edits.get(edit.slug);
    edits.set(edit.slug, before ? newerEdit(before, edit) : edit);
  }
  const deletions = deletionsIn([...rows.values()]);
  // A text that was changed after its deletion is wanted again; of one that was not, the wording goes as well.
  const isGone = (slug: string, changedAtMs: number) =>
    (deletions.get(slug) ?? 0) > Math.max(changedAtMs, edits.get(slug)?.editedAtMs ?? 0);
  const files = new Map((known.media ?? []).map(({ name, bytes }) => [name, bytes]));
  const beside = besideKnown({ notes: added.notes, media: added.media ?? [] }, files);
  const notes = new Map<string, Note>();
  for (const note of [...known.notes, ...beside.notes]) {
    if (isGone(note.slug, note.changedAtS * 1000)) continue;
    if (isNewerNote(note, notes.get(note.slug))) notes.set(note.slug, note);
  }
  const settings = known.settings ?? added.settings;
  return {
    notes: [...notes.values()],
    log: [...rows.values()],
    edits: [...edits.values()].filter(({ slug }) => notes.has(slug) || !isGone(slug, 0)),
    media: [...(known.media ?? []), ...beside.media],
    progress: distinctProgress([...(known.progress ?? []), ...(added.progress ?? [])]),
    ...(settings ? { settings } : {}),
  };
}
