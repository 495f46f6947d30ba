/**
 * Keeps what a reader typed, so that a reload loses nothing. One slot per level; every write checks the slot's revision
 * first, so that two tabs never overwrite each other in silence: the second one is told and chooses.
 */
import type { MeshFile } from "#mesh";

export interface Draft {
  files: readonly MeshFile[];
  seed: number;
}

export type SaveOutcome = "saved" | "conflict" | "failed";

export interface DraftStore {
  load(): Draft | null;
  save(draft: Draft): SaveOutcome;
  /** Writes over what another tab left. */
  overwrite(draft: Draft): SaveOutcome;
  /** Back to what the place began with; a draft of another tab stays. */
  discard(): SaveOutcome;
}

interface Slot extends Draft {
  format: 1;
  revision: string;
}

/**
 * @param storage localStorage, or null where the browser refuses it (then nothing is kept and `save` says so).
 * @param owner unique per tab and visit.
 */
export function createDraftStore(storage: Storage | null, slotName: string, owner: string): DraftStore {
  const key = `meshwise.sandbox.${slotName || "free"}`;
  let known: string | null = null;
  let writes = 0;

  function read(): Slot | null {
    try {
      const text = storage?.getItem(key);
      const slot: unknown = text ? JSON.parse(text) : null;
      return isSlot(slot) ? slot : null;
    } catch {
      return null;
    }
  }

  function write(draft: Draft): SaveOutcome {
    const slot: Slot = { format: 1, revision: `${owner}:${++writes}`, files: draft.files, seed: draft.seed };
    try {
      if (!storage) return "failed";
      storage.setItem(key, JSON.stringify(slot));
      known = slot.revision;
      return "saved";
    } catch {
      return "failed";
    }
  }

  return {
    load() {
      const slot = read();
      known = slot?.revision ?? null;
      return slot && { files: slot.files, seed: slot.seed };
    },
    save(draft) {
      const slot = read();
      if (slot && sameDraft(slot, draft)) {
        // Nobody's text is lost: a tab that merely shows what another one wrote writes nothing.
        known = slot.revision;
        return "saved";
      }
      return slot && slot.revision !== known ? "conflict" : write(draft);
    },
    overwrite: write,
    discard() {
      const slot = read();
      if (slot && slot.revision !== known) return "conflict";
      try {
        storage?.removeItem(key);
      } catch {
        // A browser that refuses storage has nothing to discard.
      }
      known = null;
      return "saved";
    },
  };
}

/** Null where the browser refuses it. */
export function localStorageOrNull(): Storage | null {
  try {
    return window.localStorage;
  } catch {
    return null;
  }
}

function sameDraft(a: Draft, b: Draft): boolean {
  return a.seed === b.seed && JSON.stringify(a.files) === JSON.stringify(b.files);
}

function isSlot(value: unknown): value is Slot {
  if (typeof value !== "object" || value === null) return false;
  const slot = value as Partial<Slot>;
  return (
    slot.format === 1 &&
    typeof slot.revision === "string" &&
    typeof slot.seed === "number" &&
    Array.isArray(slot.files) &&
    slot.files.length > 0 &&
    slot.files.every((file) => typeof file?.name === "string" && typeof file?.text === "string")
  );
}
