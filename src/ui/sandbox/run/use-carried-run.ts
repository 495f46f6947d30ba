/** Opens what the sandbox chose to open, or the very run that the reader left on the page's twin in the other language. */
import { useContext, useEffect, useRef } from "react";
import type { MeshFile } from "#mesh";
import { carried, carry } from "../../shared/carry/carry.ts";
import { CarryScope } from "../../shared/carry/use-carried-state.ts";
import type { GivenAnswer, PredictControl } from "../predict/use-predict.ts";
import { type Opening, sameFiles } from "../share/opening.ts";
import { textLength } from "../share/use-kept-files.ts";
import type { EditHistoryControl } from "../time/use-edit-history.ts";
import { packRun, resumeRun } from "./carried-run.ts";
import type { RunController } from "./run-controller.ts";
import { largestTextLength } from "./run-state.ts";

interface CarriedSandbox {
  /** As they stood in the editor: where the reader's draft says otherwise by now, it wins. */
  files: readonly MeshFile[];
  active: string;
  run: string | undefined;
  answer: GivenAnswer | null;
  undo: string | undefined;
}

interface Given {
  opening: Opening | null;
  controller: RunController;
  predict: Pick<PredictControl, "answer" | "restore">;
  edits: Pick<EditHistoryControl, "pack" | "restore">;
  files: readonly MeshFile[];
  /** The file in front. */
  active: string;
  onActive(file: string): void;
}

export function useCarriedRun(given: Given): void {
  const newest = useRef(given);
  newest.current = given;
  const { opening, controller } = given;
  const name = `${useContext(CarryScope)} run`;
  useEffect(() => {
    if (!opening) return;
    const brought = carried(name) as CarriedSandbox | undefined;
    const fresh = brought && sameFiles(brought.files, opening.files) ? brought : null;
    newest.current.onActive(fresh?.active ?? opening.files[0]?.name ?? "");
    if (fresh?.run) {
      const { run, answer, undo } = fresh;
      void resumeRun(controller, run, opening).then((resumed) => {
        if (resumed && answer) newest.current.predict.restore(answer);
        if (undo) newest.current.edits.restore(undo);
      });
    } else if (textLength(opening.files) <= largestTextLength) {
      void controller.open(opening.files, opening.seed, opening.loadPlan);
    }
    return carry(name, (): CarriedSandbox => {
      const { files, active, predict, edits } = newest.current;
      return { files, active, run: packRun(controller), answer: predict.answer, undo: edits.pack() };
    });
  }, [controller, opening, name]);
}
