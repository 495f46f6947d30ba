/** Lessons read and drills done go to another device in a backup, whichever of the two knew what first. */
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { mergeBackups, type ProgressRow, readBackup, writeBackup } from "#cards";
import { browserStorage, keepDrillOutcome, readDrillProgress } from "../../../src/ui/drills/drill-progress.ts";
import { keepProgress, readProgress } from "../../../src/ui/progress/kept-progress.ts";
import { keepInLists, rowsOfLists } from "../../../src/ui/progress/kept-rows.ts";

const at = Date.UTC(2026, 10, 30, 12);

/** From here on another browser. */
function newBrowser(): void {
  const kept = new Map<string, string>();
  vi.stubGlobal("localStorage", {
    getItem: (key: string) => kept.get(key) ?? null,
    setItem: (key: string, text: string) => kept.set(key, text),
  });
}

beforeEach(newBrowser);
afterEach(() => vi.unstubAllGlobals());

async function throughFile(progress: readonly ProgressRow[]): Promise<readonly ProgressRow[]> {
  const read = await readBackup(await writeBackup({ notes: [], log: [], progress }), at + 1);
  if (!read.ok) throw new Error(read.error.code);
  expect(read.value.notices).toEqual([]);
  return read.value.progress ?? [];
}

test("they go to a backup and out of it into the lists of another browser", async () => {
  keepProgress("read", "traffic/canary", "2026-11-28");
  keepProgress("read", "traffic/retries", "2026-11-29");
  keepDrillOutcome(browserStorage(), "wrong-port", "found", at - 5);
  keepDrillOutcome(browserStorage(), "no-subset", "seen", at - 4);
  const [read, drills] = [readProgress("read"), [...readDrillProgress(browserStorage())]];
  const rows = await throughFile(rowsOfLists(at));
  expect(rows).toHaveLength(4);

  newBrowser();
  keepInLists(rows);
  expect(readProgress("read")).toEqual(read);
  expect([...readDrillProgress(browserStorage())].sort()).toEqual(drills.sort());
  // And what comes back is nothing new.
  expect(
    mergeBackups({ notes: [], log: [], progress: rows }, { notes: [], log: [], progress: rowsOfLists(at) }).progress,
  ).toEqual(rows);
});

test("of two browsers the first reading counts, and a drill found by either is found", () => {
  keepProgress("read", "m/a", "2026-11-20");
  keepProgress("read", "m/b", "2026-11-20");
  keepDrillOutcome(browserStorage(), "x", "seen", at);
  keepDrillOutcome(browserStorage(), "y", "found", at);
  keepInLists([
    { kind: "read", id: Date.UTC(2026, 10, 10), subject: "m/a" },
    { kind: "read", id: Date.UTC(2026, 10, 25), subject: "m/b" },
    { kind: "drill", id: at - 9, subject: "x", found: true },
    { kind: "drill", id: at - 9, subject: "y", found: false },
  ]);
  expect(readProgress("read")).toEqual({ "m/a": "2026-11-10", "m/b": "2026-11-20" });
  expect(Object.fromEntries(readDrillProgress(browserStorage()))).toEqual({
    x: { outcome: "found", atMs: at - 9 },
    y: { outcome: "found", atMs: at },
  });
});

test("a drill kept by the first version, without its moment, is given one that stays", () => {
  localStorage.setItem("meshwise.drills", JSON.stringify({ old: "found" }));
  const rows: ProgressRow[] = [{ kind: "drill", id: at, subject: "old", found: true }];
  expect(rowsOfLists(at)).toEqual(rows);
  expect(rowsOfLists(at + 1000)).toEqual(rows);
});

test("a backup without them is written as before, so that older pages read it", async () => {
  expect(await writeBackup({ notes: [], log: [], progress: [{ kind: "solved", id: at, subject: "x", edits: 1 }] })).toContain(
    '"version": 4',
  );
  expect(await writeBackup({ notes: [], log: [], progress: [{ kind: "read", id: at, subject: "m/a" }] })).toContain(
    '"version": 5',
  );
});
