/** The level being made as React state, kept in this browser after every change; two tabs do not overwrite each other in silence. */
import { type SetStateAction, useEffect, useRef, useState } from "react";
import { createDraftStore, type DraftStore, localStorageOrNull } from "../share/draft-store.ts";
import { saveSoon } from "../share/save-soon.ts";
import { type BuilderDraft, emptyDraft, readDraft } from "./builder-draft.ts";

export interface KeptBuilderDraft {
  draft: BuilderDraft;
  /** @param next a function of what stands there then, where the change took a while */
  change(next: SetStateAction<BuilderDraft>): void;
  /** Another tab wrote the same draft; nothing was overwritten. */
  conflict: boolean;
  saveFailed: boolean;
  keepMine(): void;
  takeOther(): void;
}

const asKept = (draft: BuilderDraft) => ({ files: [{ name: "level.json", text: JSON.stringify(draft) }], seed: draft.seed });

export function useBuilderDraft(): KeptBuilderDraft {
  const store = useRef<DraftStore | null>(null);
  const [draft, setDraft] = useState<BuilderDraft>(() => {
    const owner = `${Date.now().toString(36)}-${Math.random().toString(36).slice(2)}`;
    store.current = createDraftStore(localStorageOrNull(), "builder", owner);
    return readDraft(store.current.load()?.files[0]?.text ?? "");
  });
  const [conflict, setConflict] = useState(false);
  const [saveFailed, setSaveFailed] = useState(false);
  const changed = useRef(false);

  useEffect(() => {
    const keeper = store.current;
    if (!keeper || conflict || !changed.current) return;
    const save = () => {
      const empty = JSON.stringify(draft) === JSON.stringify(emptyDraft);
      const outcome = empty ? keeper.discard() : keeper.save(asKept(draft));
      setConflict(outcome === "conflict");
      setSaveFailed(outcome === "failed");
    };
    const takeBack = saveSoon(save);
    return () => {
      takeBack();
      // The panel may be closed before the pause is over.
      save();
    };
  }, [draft, conflict]);

  return {
    draft,
    change(next) {
      changed.current = true;
      setDraft(next);
    },
    conflict,
    saveFailed,
    keepMine() {
      store.current?.overwrite(asKept(draft));
      setConflict(false);
    },
    takeOther() {
      setDraft(readDraft(store.current?.load()?.files[0]?.text ?? ""));
      changed.current = false;
      setConflict(false);
    },
  };
}
