/** The sandbox's progress as React state; empty until it is read. */
import { useEffect, useState } from "react";
import type { ProgressRow } from "#cards";

type Keeper = typeof import("./keep-progress.ts");

/** Everything that was kept. */
export function useProgress(): readonly ProgressRow[] {
  return useWatched(true, noRows, (keeper, tell) => keeper.watchProgress(tell));
}

/** Of each solved level the fewest edits. @param when nothing is loaded before */
export function useFewestEdits(when: boolean): ReadonlyMap<string, number> {
  return useWatched(when, noneSolved, (keeper, tell) => keeper.watchFewestEdits(tell));
}

const noRows: readonly ProgressRow[] = [];
const noneSolved: ReadonlyMap<string, number> = new Map();

function useWatched<Value>(
  when: boolean,
  start: Value,
  watch: (keeper: Keeper, tell: (value: Value) => void) => Promise<() => void>,
): Value {
  const [value, setValue] = useState(start);
  // biome-ignore lint/correctness/useExhaustiveDependencies: what is watched is the same for ever
  useEffect(() => {
    if (!when) return;
    let stop: (() => void) | undefined;
    let gone = false;
    const begin = async () => {
      const end = await watch(await import("./keep-progress.ts"), setValue);
      if (gone) end();
      else stop = end;
    };
    // Without it nothing is shown as done; the sandbox itself goes on.
    begin().catch(() => undefined);
    return () => {
      gone = true;
      stop?.();
    };
  }, [when]);
  return value;
}
