/** The reader's text as React state: opened once from link, draft or level, then kept in a draft after every change. */
import { useCallback, useEffect, useRef, useState } from "react";
import type { MeshFile } from "#mesh";
import { readPlan } from "#protocol";
import type { LevelTexts } from "../level/level.ts";
import { loadLevel, loadLevelPlan, loadOutcome } from "../level/load-level.ts";
import { largestTextLength } from "../run/run-state.ts";
import { createDraftStore, type DraftStore, localStorageOrNull } from "./draft-store.ts";
import { chooseOpening, type Opening, sameFiles } from "./opening.ts";
import { saveSoon } from "./save-soon.ts";
import { hasSharedState } from "./share-link.ts";

export interface KeptFiles {
  opening: Opening | null;
  files: readonly MeshFile[];
  setFile(name: string, text: string): void;
  setFiles(files: readonly MeshFile[]): void;
  /** Another tab wrote the same draft; nothing was overwritten. */
  conflict: boolean;
  saveFailed: boolean;
  keepMine(): void;
  takeOther(): void;
}

interface KeptFilesOptions {
  pageFiles: readonly MeshFile[];
  /** The plan of the page's files, as text; empty: none was made. */
  pagePlan: string;
  scenario: string;
  /** Of the level that a lesson embeds. */
  texts?: LevelTexts | undefined;
  language: string;
  /** Lessons keep nothing in the address. */
  useAddress: boolean;
  seed: number;
}

export function useKeptFiles({ pageFiles, pagePlan, scenario, texts, language, useAddress, seed }: KeptFilesOptions): KeptFiles {
  const [opening, setOpening] = useState<Opening | null>(null);
  const [files, setFiles] = useState<readonly MeshFile[]>(pageFiles);
  const [conflict, setConflict] = useState(false);
  const [saveFailed, setSaveFailed] = useState(false);
  const store = useRef<DraftStore | null>(null);

  // biome-ignore lint/correctness/useExhaustiveDependencies: the address is read once, when the page opens
  useEffect(() => {
    let gone = false;
    const hash = useAddress ? location.hash : "";
    const wanted = useAddress ? scenarioInAddress(location.search) || scenario : scenario;
    const owner = `${Date.now().toString(36)}-${Math.random().toString(36).slice(2)}`;
    const open = async () => {
      const next = await chooseOpening({
        hash,
        scenario: wanted,
        pageFiles,
        loadPagePlan: async () => readPlan(pagePlan),
        loadLevel: (id) =>
          useAddress
            ? loadLevel(id, language)
            : Promise.resolve({
                start: pageFiles,
                texts: texts ?? { title: id, task: [], hints: [] },
                loadPlan: () => loadLevelPlan(id),
                loadOutcome: () => loadOutcome(id, language),
              }),
        loadDraft(slot) {
          store.current = createDraftStore(localStorageOrNull(), useAddress ? slot : `lesson-${slot}`, owner);
          return store.current.load();
        },
      });
      if (gone) return;
      setFiles(next.files);
      setOpening(next);
    };
    void open();
    return () => {
      gone = true;
    };
  }, []);

  // Another state in the address (a link pasted over, the way back from one) is another opening; other places on the page are none.
  useEffect(() => {
    if (!useAddress) return;
    const onHashChange = ({ oldURL, newURL }: HashChangeEvent) => {
      const [before, now] = [new URL(oldURL).hash, new URL(newURL).hash];
      if (hasSharedState(now) || (hasSharedState(before) && now === "")) location.reload();
    };
    window.addEventListener("hashchange", onHashChange);
    return () => window.removeEventListener("hashchange", onHashChange);
  }, [useAddress]);

  useEffect(() => {
    const keeper = store.current;
    if (!opening || !keeper || conflict || textLength(files) > largestTextLength) return;
    const untouched = sameFiles(files, opening.original) && seed === opening.seed;
    const save = () => {
      const outcome = untouched ? keeper.discard() : keeper.save({ files, seed });
      setConflict(outcome === "conflict");
      setSaveFailed(outcome === "failed");
    };
    return saveSoon(save);
  }, [files, seed, opening, conflict]);

  const setFile = useCallback(
    (name: string, text: string) => setFiles((now) => now.map((file) => (file.name === name ? { name, text } : file))),
    [],
  );
  return {
    opening,
    files,
    setFile,
    setFiles,
    conflict,
    saveFailed,
    keepMine() {
      store.current?.overwrite({ files, seed });
      setConflict(false);
    },
    takeOther() {
      const other = store.current?.load();
      if (other) setFiles(other.files);
      setConflict(false);
    },
  };
}

export function textLength(files: readonly MeshFile[]): number {
  return files.reduce((length, file) => length + file.text.length, 0);
}

/** "?scenario=<id>"; "?level=<id>" is what lessons link with. */
function scenarioInAddress(search: string): string {
  const query = new URLSearchParams(search);
  return query.get("scenario") ?? query.get("level") ?? "";
}
