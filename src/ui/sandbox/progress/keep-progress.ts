/** The sandbox's progress in the learner's storage, opened once a page. Loaded when first needed: no run waits for it. */
import { fewestEdits, openProgressStore, type ProgressRow, type ProgressStore } from "#cards";

let opened: Promise<ProgressStore> | undefined;

function store(): Promise<ProgressStore> {
  opened ??= openProgressStore();
  return opened;
}

/** Tells the rows there are, now and after each change; never where storage is closed. */
export async function watchProgress(listener: (rows: readonly ProgressRow[]) => void): Promise<() => void> {
  return (await store()).watch(listener);
}

export function watchFewestEdits(listener: (fewest: ReadonlyMap<string, number>) => void): Promise<() => void> {
  return watchProgress((rows) => listener(fewestEdits(rows)));
}

/** @returns false where the browser keeps nothing */
export async function keepProgress(row: ProgressRow): Promise<boolean> {
  return (await (await store()).add(row)).ok;
}
