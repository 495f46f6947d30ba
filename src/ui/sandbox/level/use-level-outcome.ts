/**
 * What solving a level came to: counted in edits from its start and kept as progress, once a run; or why it does not count. The goal
 * itself is judged by the engine.
 */
import { useEffect, useState } from "react";
import { keepProgress } from "../../progress/kept-progress.ts";
import type { RunController } from "../run/run-controller.ts";
import type { RunState } from "../run/run-state.ts";
import { isOwnGoal, type LevelFiles, meshTextOf } from "./level.ts";

/** `own`: it counts. Otherwise the solution was shown, the experiment was edited, or the run was changed by hand. */
export type Solved = { by: "own"; edits: number } | { by: "shown" | "otherGoal" | "byHand" | "unread" };

interface Given {
  id: string;
  level: LevelFiles | null;
  state: RunState;
  controller: RunController;
  /** Of each solved level the fewest edits so far. */
  fewest: ReadonlyMap<string, number>;
  /** The solution was shown since the level was opened. */
  shown: boolean;
}

export function useLevelOutcome({ id, level, state, controller, fewest, shown }: Given): Solved | null {
  const { frame, applied, changes } = state;
  const isSolved = level !== null && (frame?.finished ?? false) && (frame?.goal.passed ?? false);
  const [solved, setSolved] = useState<Solved | null>(null);
  const byHand = changes.some(({ files }) => files === undefined);

  // biome-ignore lint/correctness/useExhaustiveDependencies: progress that arrives later begins no new count
  useEffect(() => {
    if (!isSolved || !level) return setSolved(null);
    let gone = false;
    const tell = (outcome: Solved) => gone || setSolved(outcome);
    const count = async () => {
      if (shown) return tell({ by: "shown" });
      if (byHand) return tell({ by: "byHand" });
      if (!isOwnGoal(level.start, applied)) return tell({ by: "otherGoal" });
      const edits = await controller.countEdits(meshTextOf(level.start), meshTextOf(applied));
      if (edits === null) return tell({ by: "unread" });
      tell({ by: "own", edits });
      // For the list of lessons, which opens no database.
      keepProgress("solved", id);
      if (gone || edits >= (fewest.get(id) ?? Infinity)) return;
      const keeper = await import("../progress/keep-progress.ts");
      await keeper.keepProgress({ kind: "solved", id: Date.now(), subject: id, edits });
    };
    void count();
    return () => {
      gone = true;
    };
  }, [isSolved, level, applied, byHand, shown, controller, id]);

  return solved;
}
