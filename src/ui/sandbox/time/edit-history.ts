/**
 * Undo and redo of everything a reader edits: text, and the run as a whole (documents applied, faults, seed, a new start). An entry keeps
 * what there was before; undoing one keeps what there was after. Pure: it moves nothing itself.
 */
import type { MeshFile } from "#mesh";
import type { EditLabel, World } from "../run/world.ts";

/** What an edit changed: one of the two. */
export interface Restorable {
  files?: readonly MeshFile[];
  world?: World;
}

export interface Edit extends Restorable {
  label: EditLabel;
  /** Typing in one file goes on as one edit. */
  typing?: { file: string; atMs: number };
}

export interface EditHistory {
  /** Oldest first. */
  past: readonly Edit[];
  /** The next to redo last. */
  future: readonly Edit[];
}

export const emptyHistory: EditHistory = { past: [], future: [] };

const keptEdits = 200;
/** A pause in typing after which the next letter is an edit of its own, ms of real time. */
const typingPauseMs = 1500;

export function recordEdit(history: EditHistory, edit: Edit): EditHistory {
  const last = history.past.at(-1);
  const goesOn =
    edit.typing &&
    last?.typing?.file === edit.typing.file &&
    edit.typing.atMs - last.typing.atMs < typingPauseMs &&
    history.future.length === 0;
  const past = goesOn
    ? [...history.past.slice(0, -1), { ...last, typing: edit.typing } as Edit]
    : [...history.past, edit].slice(-keptEdits);
  return { past, future: [] };
}

/** @param now text and run as they are @returns what to restore, and the history afterwards */
export function undoEdit(history: EditHistory, now: Restorable): { edit: Edit; history: EditHistory } | null {
  const edit = history.past.at(-1);
  if (!edit) return null;
  return { edit, history: { past: history.past.slice(0, -1), future: [...history.future, reverseOf(edit, now)] } };
}

export function redoEdit(history: EditHistory, now: Restorable): { edit: Edit; history: EditHistory } | null {
  const edit = history.future.at(-1);
  if (!edit) return null;
  return { edit, history: { past: [...history.past, reverseOf(edit, now)], future: history.future.slice(0, -1) } };
}

function reverseOf({ label, world }: Edit, now: Restorable): Edit {
  if (world) return { label, ...(now.world ? { world: now.world } : {}) };
  return { label, ...(now.files ? { files: now.files } : {}) };
}
