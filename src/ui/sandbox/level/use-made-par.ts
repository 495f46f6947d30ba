/** Par of a level that a reader made: counted here, from its start to its solution; its author's word is not asked. */
import { useEffect, useState } from "react";
import type { RunController } from "../run/run-controller.ts";
import { type LevelFiles, meshTextOf } from "./level.ts";

/** @param when nothing is counted before: counting needs the worker that reads YAML */
export function useMadePar(level: LevelFiles | null, controller: RunController, when: boolean): number | undefined {
  const [par, setPar] = useState<number>();
  useEffect(() => {
    if (!when || !level?.made) return;
    let gone = false;
    const count = async () => {
      const edits = await controller.countEdits(meshTextOf(level.start), (await level.loadSolution?.()) ?? "");
      if (!gone && edits) setPar(edits);
    };
    void count();
    return () => {
      gone = true;
    };
  }, [level, controller, when]);
  return par;
}
