/** The sandbox's progress: kept, merged without doubling, in backups, and what it says about a learner. */
// Dexie looks for the browser's own IndexedDB when it is loaded, once for all tests of a process.
import "fake-indexeddb/auto";
import { IDBFactory, IDBKeyRange } from "fake-indexeddb";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  answeredQuestions,
  calibrationOf,
  createScheduler,
  defaultDeckOptions,
  fewestEdits,
  fixedDayClock,
  mergeBackups,
  openCardStore,
  openProgressStore,
  type PredictionRow,
  type ProgressRow,
  readBackup,
  writeBackup,
} from "#cards";

const at = Date.UTC(2026, 5, 1);
const prediction = (id: number, confidence: number, right: boolean): PredictionRow => {
  const values = { question: "share payments-v2", predicted: 0.2, measured: 0.21 };
  return { kind: "prediction", id: at + id, subject: "canary", ...values, right, confidence };
};
const solved = (id: number, subject: string, edits: number): ProgressRow => ({ kind: "solved", id: at + id, subject, edits });
const answered = (id: number, subject: string, right: boolean): ProgressRow => {
  return { kind: "answered", id: at + id, subject, chosen: right ? 1 : 0, right };
};
const rows = [
  prediction(1, 0.9, true),
  prediction(2, 0.6, false),
  solved(3, "canary", 4),
  solved(4, "canary", 2),
  answered(5, "m/a#q", false),
];

test("a level counts with the fewest edits it was solved with", () => {
  expect([...fewestEdits([...rows, solved(5, "mtls", 7)])]).toEqual([
    ["canary", 2],
    ["mtls", 7],
  ]);
});

test("a question once answered right stays so; another one that was missed is missed", () => {
  const later = [answered(6, "m/a#q", true), answered(7, "m/a#q", false), answered(8, "m/a#r", false)];
  expect([...answeredQuestions([...rows, ...later])]).toEqual([
    ["m/a#q", true],
    ["m/a#r", false],
  ]);
});

describe("calibration", () => {
  test("bands by stated confidence, and the Brier score", () => {
    const { count, brier, bands } = calibrationOf([...rows, prediction(6, 0.9, false)]);
    expect(count).toBe(3);
    expect(brier).toBeCloseTo((0.1 ** 2 + 0.6 ** 2 + 0.9 ** 2) / 3, 12);
    expect(bands).toEqual([
      { confidence: 0.6, count: 1, right: 0 },
      { confidence: 0.9, count: 2, right: 1 },
    ]);
  });

  test("nothing predicted has no score; saying 50 % always scores 0.25 whatever comes", () => {
    expect(calibrationOf([])).toEqual({ count: 0, brier: null, bands: [] });
    fc.assert(
      fc.property(fc.array(fc.boolean(), { minLength: 1 }), (outcomes) => {
        expect(calibrationOf(outcomes.map((right, i) => prediction(i, 0.5, right))).brier).toBe(0.25);
      }),
    );
  });
});

test("kept in storage, seen by other tabs, and merged without doubling", async () => {
  const factory = { indexedDB: new IDBFactory(), IDBKeyRange };
  const store = await openProgressStore({ factory });
  const seen: number[] = [];
  const stop = store.watch((all) => seen.push(all.length));
  for (const row of rows) expect(await store.add(row)).toMatchObject({ ok: true });
  expect(await store.rows()).toEqual({ ok: true, value: rows });
  await expect.poll(() => seen.at(-1)).toBe(rows.length);
  stop();

  const cards = await openCardStore({ scheduler: createScheduler(defaultDeckOptions, fixedDayClock(0)), factory });
  expect(await cards.progress()).toEqual({ ok: true, value: rows });
  const part = {
    notes: [],
    log: [],
    progress: [...rows, solved(9, "mtls", 1), solved(9, "mtls", 1)],
    ownSlugs: new Set<string>(),
  };
  expect(await cards.previewMerge(part)).toMatchObject({ ok: true, value: { newProgress: 1, newRows: 0 } });
  expect(await cards.merge(part)).toMatchObject({ ok: true, value: { newProgress: 1 } });
  expect(await cards.merge(part)).toMatchObject({ ok: true, value: { newProgress: 0 } });
  expect(await store.rows()).toMatchObject({ ok: true, value: { length: 6 } });
  store.close();
  cards.close();
});

describe("the storage that a sandbox opens first", () => {
  const shapeOf = async (indexedDB: IDBFactory) => {
    const request = indexedDB.open("meshwise-cards");
    await new Promise((resolve) => request.addEventListener("success", resolve));
    const database = request.result;
    const shape = [...database.objectStoreNames].map((name) => {
      const store = database.transaction(name).objectStore(name);
      const indexes = [...store.indexNames].map((index) => [index, store.index(index).keyPath, store.index(index).unique]);
      return [name, store.keyPath, store.autoIncrement, indexes];
    });
    const { version } = database;
    database.close();
    return { version, shape };
  };
  const cardsIn = (factory: { indexedDB: IDBFactory; IDBKeyRange: typeof IDBKeyRange }) =>
    openCardStore({ scheduler: createScheduler(defaultDeckOptions, fixedDayClock(0)), factory });

  test("has the tables that the card pages would make", async () => {
    const [own, cards] = [new IDBFactory(), new IDBFactory()];
    const store = await openProgressStore({ factory: { indexedDB: own, IDBKeyRange } });
    expect(await store.rows()).toEqual({ ok: true, value: [] });
    store.close();
    const practised = await cardsIn({ indexedDB: cards, IDBKeyRange });
    expect(await practised.progress()).toEqual({ ok: true, value: [] });
    practised.close();
    expect(await shapeOf(own)).toEqual(await shapeOf(cards));
    expect((await shapeOf(own)).shape).toHaveLength(8);
  });

  test("gives an older one the table it lacks, and refuses a newer one", async () => {
    const indexedDB = new IDBFactory();
    const open = (version: number) =>
      new Promise<void>((resolve) => {
        const request = indexedDB.open("meshwise-cards", version);
        request.onupgradeneeded = () => {
          if (version === 50) request.result.createObjectStore("settings", { keyPath: "key" }).put({ key: "kept" });
        };
        request.onsuccess = () => {
          request.result.close();
          resolve();
        };
      });
    await open(50);
    const store = await openProgressStore({ factory: { indexedDB, IDBKeyRange } });
    expect(await store.add(solved(1, "canary", 4))).toMatchObject({ ok: true });
    store.close();
    const cards = await cardsIn({ indexedDB, IDBKeyRange });
    expect(await cards.progress()).toEqual({ ok: true, value: [solved(1, "canary", 4)] });
    cards.close();
    await open(70);
    expect(await store.add(solved(2, "canary", 4))).toMatchObject({ ok: false, error: { code: "NewerVersion" } });
  });

  test("tells who watches of a backup that was read elsewhere", async () => {
    // A name of its own: the other tests of this process talk of the usual one.
    const place = { name: "watched", factory: { indexedDB: new IDBFactory(), IDBKeyRange } };
    const store = await openProgressStore(place);
    const seen: number[] = [];
    const stop = store.watch((all) => seen.push(all.length));
    await expect.poll(() => seen).toEqual([0]);
    const cards = await openCardStore({ scheduler: createScheduler(defaultDeckOptions, fixedDayClock(0)), ...place });
    await cards.merge({ notes: [], log: [], progress: rows, ownSlugs: new Set<string>() });
    await expect.poll(() => seen.at(-1)).toBe(rows.length);
    stop();
    await store.add(solved(9, "mtls", 1));
    expect(seen.at(-1)).toBe(rows.length);
    store.close();
    cards.close();
  });
});

describe("backups", () => {
  test("carry it there and back, in one text whatever the order; without it they stay what they were", async () => {
    const text = await writeBackup({ notes: [], log: [], progress: rows });
    expect(await writeBackup({ notes: [], log: [], progress: rows.toReversed() })).toBe(text);
    const read = await readBackup(text, at + 1000);
    expect(read).toMatchObject({ ok: true, value: { progress: rows, notices: [] } });
    expect(await writeBackup({ notes: [], log: [] })).toContain('"version": 2');
  });

  test("leave out rows that are none of ours, or from the future", async () => {
    const bad = { ...prediction(7, 0.9, true), confidence: 7 } as ProgressRow;
    const text = await writeBackup({ notes: [], log: [], progress: [...rows, bad, solved(9e8, "canary", 1)] });
    const read = await readBackup(text, at + 1000);
    expect(read).toMatchObject({ ok: true, value: { progress: rows } });
    expect(read.ok && read.value.notices.map(({ count }) => count)).toEqual([1, 1]);
  });

  test("two of them unite", () => {
    const one = { notes: [], log: [], progress: rows.slice(0, 3) };
    expect(mergeBackups(one, { notes: [], log: [], progress: rows }).progress).toEqual(rows);
  });
});
