/** Ties undo and redo to the page: the text and the run it watches, the keys outside text fields, one step at a time. */
import { type KeyboardEvent, useCallback, useEffect, useRef, useState } from "react";
import type { MeshFile } from "#mesh";
import type { RunController } from "../run/run-controller.ts";
import type { EditLabel } from "../run/world.ts";
import { packHistory, unpackHistory } from "./carried-history.ts";
import { emptyHistory, recordEdit, redoEdit, undoEdit } from "./edit-history.ts";
import { type Rewriting, rewrite } from "./rewrite.ts";

export interface EditHistoryControl {
  /** The next edit to take back, and to make again. */
  undoable: EditLabel | null;
  redoable: EditLabel | null;
  /** What was done last by undo or redo, to be told. */
  told: { way: "undone" | "redone"; label: EditLabel } | null;
  undo(): void;
  redo(): void;
  /** Ctrl+Z, Ctrl+Shift+Z and Ctrl+Y where no text field has its own. */
  onKeyDown(event: KeyboardEvent): void;
  setFile(name: string, text: string): void;
  setFiles(files: readonly MeshFile[]): void;
  /** Another text by somebody who takes a while. @returns false where nothing could be made of it */
  rewrite(rewriting: Rewriting): Promise<boolean>;
  /** One is under way: the text is about to be another. */
  isRewriting: boolean;
  /** The text as it is once those under way are done: what is pressed right after an edit means the edited text. */
  settled(): Promise<readonly MeshFile[]>;
  /** For the way to the page's twin in the other language, and on arrival there. */
  pack(): string | undefined;
  restore(packed: string): void;
}

interface Watched {
  files: readonly MeshFile[];
  controller: RunController;
  setFiles(files: readonly MeshFile[]): void;
}

export function useEditHistory({ files, controller, setFiles }: Watched): EditHistoryControl {
  const [history, setHistory] = useState(emptyHistory);
  const [told, setTold] = useState<EditHistoryControl["told"]>(null);
  const newest = useRef({ files, history });
  newest.current = { files, history };
  const queue = useRef<Promise<void>>(Promise.resolve());
  const [rewriting, setRewriting] = useState(0);
  const underWay = useRef<Promise<unknown>>(Promise.resolve());

  const keep = useCallback((next: typeof history) => {
    newest.current = { ...newest.current, history: next };
    setHistory(next);
  }, []);
  useEffect(
    () =>
      controller.onEdit((label, world) => {
        setTold(null);
        keep(recordEdit(newest.current.history, { label, world }));
      }),
    [controller, keep],
  );

  const write = (next: readonly MeshFile[], file: string) => {
    const before = newest.current.files;
    const typing = file === "" ? {} : { typing: { file, atMs: performance.now() } };
    setTold(null);
    keep(recordEdit(newest.current.history, { label: { code: "text", params: { file } }, files: before, ...typing }));
    newest.current.files = next;
    setFiles(next);
  };

  const move = (way: "undone" | "redone") => {
    queue.current = queue.current.then(async () => {
      await underWay.current;
      const world = controller.world();
      const now = { files: newest.current.files, ...(world ? { world } : {}) };
      const step = (way === "undone" ? undoEdit : redoEdit)(newest.current.history, now);
      if (!step) return;
      keep(step.history);
      if (step.edit.files) {
        newest.current.files = step.edit.files;
        setFiles(step.edit.files);
      }
      if (step.edit.world) await controller.goTo(step.edit.world);
      setTold({ way, label: step.edit.label });
    });
  };

  return {
    undoable: history.past.at(-1)?.label ?? null,
    redoable: history.future.at(-1)?.label ?? null,
    told,
    undo: () => move("undone"),
    redo: () => move("redone"),
    onKeyDown(event) {
      if (!(event.ctrlKey || event.metaKey) || event.altKey || hasOwnUndo(event.target)) return;
      const way =
        event.code === "KeyY" || (event.code === "KeyZ" && event.shiftKey) ? "redone" : event.code === "KeyZ" ? "undone" : null;
      if (!way) return;
      event.preventDefault();
      move(way);
    },
    setFile: (name, text) =>
      write(
        newest.current.files.map((file) => (file.name === name ? { name, text } : file)),
        name,
      ),
    setFiles: (next) => write(next, ""),
    rewrite(asked) {
      setRewriting((count) => count + 1);
      const done = rewrite({ newest: () => newest.current.files, write }, asked).finally(() =>
        setRewriting((count) => count - 1),
      );
      underWay.current = Promise.allSettled([underWay.current, done]);
      return done;
    },
    isRewriting: rewriting > 0,
    async settled() {
      await underWay.current;
      return newest.current.files;
    },
    pack: () => packHistory(newest.current.history, controller.world()?.opened),
    restore: (packed) => keep(unpackHistory(packed, controller.world()?.opened)),
  };
}

/** The editor and text fields take back letters by themselves. */
function hasOwnUndo(target: EventTarget): boolean {
  return target instanceof HTMLElement && target.closest(".editor-host, textarea, input[type='text']") !== null;
}
