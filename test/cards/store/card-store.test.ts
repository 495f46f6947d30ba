import "fake-indexeddb/auto";
import { IDBFactory, IDBKeyRange } from "fake-indexeddb";
import { beforeEach, describe, expect, test, vi } from "vitest";
import {
  type CardStore,
  cardDatabaseName,
  countDueCards,
  createScheduler,
  defaultDeckOptions,
  localDayClock,
  newSchedule,
  noMarks,
  openCardStore,
  type Rating,
  replay,
} from "#cards";
import { failureOf } from "../../../src/cards/store/store-failure.ts";

const scheduler = createScheduler(
  defaultDeckOptions,
  localDayClock(() => 0),
);
const nowMs = Date.UTC(2026, 10, 21, 10);
const dayMs = 86_400_000;

let factory: { indexedDB: IDBFactory; IDBKeyRange: typeof IDBKeyRange };
let store: CardStore;

beforeEach(async () => {
  factory = { indexedDB: new IDBFactory(), IDBKeyRange };
  store = await openCardStore({ scheduler, factory });
});

async function answer(slug: string, rating: Rating, atMs: number, expectedReps: number, to = store) {
  return to.review({ card: { slug, ord: 0 }, lang: "en", rating, expectedReps, nowMs: atMs, durationMs: 2500 });
}

async function value<Value>(stored: Promise<{ ok: true; value: Value } | { ok: false; error: unknown }>): Promise<Value> {
  const result = await stored;
  if (!result.ok) throw new Error(JSON.stringify(result.error));
  return result.value;
}

describe("an answer", () => {
  test("is a row of the log and moves the card", async () => {
    const { row, schedule } = await value(answer("a-en", 4, nowMs, 0));
    expect(row).toMatchObject({
      id: nowMs,
      slug: "a-en",
      ord: 0,
      rating: 4,
      stateBefore: "new",
      ivlBefore: 0,
      durationMs: 2500,
      source: "app",
    });
    expect(row.ivlAfter).toBe(schedule.scheduledDays);
    expect(row.sAfter).toBe(schedule.stability);
    expect((await value(store.schedules())).get("a-en#0")).toEqual(schedule);
    expect(await value(store.log())).toEqual([row]);
  });

  test("ids grow strictly when the clock stands still or goes back", async () => {
    await value(answer("a-en", 3, nowMs, 0));
    await value(answer("b-en", 3, nowMs, 0));
    await value(answer("c-en", 3, nowMs - dayMs, 0));
    const ids = (await value(store.log())).map(({ id }) => id);
    expect(ids).toEqual([nowMs, nowMs + 1, nowMs + 2]);
  });

  test("intervals before are those of the answer before: seconds negative, days positive", async () => {
    await value(answer("a-en", 3, nowMs, 0));
    await value(answer("a-en", 3, nowMs + 600_000, 1));
    await value(answer("a-en", 3, nowMs + 3 * dayMs, 2));
    const rows = await value(store.log());
    expect(rows.map((row) => row.kind === "review" && row.ivlBefore)).toEqual([0, -600, 2]);
  });

  test("survives closing and opening", async () => {
    const { schedule } = await value(answer("a-en", 3, nowMs, 0));
    store.close();
    const again = await openCardStore({ scheduler, factory });
    expect((await value(again.schedules())).get("a-en#0")).toEqual(schedule);
  });
});

describe("several tabs", () => {
  test("a card answered elsewhere is not answered twice", async () => {
    const other = await openCardStore({ scheduler, factory });
    await value(answer("a-en", 3, nowMs, 0, other));
    const refused = await answer("a-en", 1, nowMs + 5, 0);
    expect(refused).toMatchObject({ ok: false, error: { code: "StaleCard" } });
    expect(await value(store.log())).toHaveLength(1);
  });

  test("answers at the same moment get different ids and all stay", async () => {
    const other = await openCardStore({ scheduler, factory });
    await Promise.all(["a-en", "b-en", "c-en", "d-en"].map((slug, i) => answer(slug, 3, nowMs, 0, i % 2 === 0 ? store : other)));
    const ids = (await value(store.log())).map(({ id }) => id);
    expect(new Set(ids).size).toBe(4);
    expect((await value(store.schedules())).size).toBe(4);
  });

  test("a listener hears of changes until it stops", async () => {
    let [heard, witness, reviews] = [0, 0, 0];
    const stop = store.subscribe(() => heard++);
    store.subscribe(() => witness++);
    const change = () => value(answer("a-en", 3, nowMs + reviews * 86_400_000, reviews++));
    // What is stored before the first look is no change to a listener.
    await vi.waitFor(
      async () => {
        await change();
        expect(Math.min(heard, witness)).toBeGreaterThan(0);
      },
      { timeout: 20_000 },
    );
    stop();
    const before = [heard, witness];
    await change();
    await vi.waitFor(() => expect(witness).toBeGreaterThan(before[1] as number), { timeout: 20_000 });
    expect(heard).toBe(before[0]);
  });
});

describe("undo", () => {
  test("adds a row, keeps the review, and sets the card back", async () => {
    const first = await value(answer("a-en", 3, nowMs, 0));
    const second = await value(answer("a-en", 1, nowMs + 700_000, 1));
    await value(store.undo(second.row.id, nowMs + 800_000));
    const log = await value(store.log());
    expect(log.map(({ kind }) => kind)).toEqual(["review", "review", "undo"]);
    expect((await value(store.schedules())).get("a-en#0")).toEqual(first.schedule);
    await value(store.undo(first.row.id, nowMs + 900_000));
    expect((await value(store.schedules())).size).toBe(0);
  });

  test("of an earlier review keeps a later one of another tab", async () => {
    const first = await value(answer("a-en", 4, nowMs, 0));
    await value(answer("a-en", 3, nowMs + 9 * dayMs, 1));
    await value(store.undo(first.row.id, nowMs + 9 * dayMs + 1));
    const rows = await value(store.log());
    expect((await value(store.schedules())).get("a-en#0")).toEqual(replay("a-en#0", rows, scheduler));
    expect((await value(store.schedules())).get("a-en#0")).toMatchObject({ reps: 1, state: "learning" });
  });

  test("happens once", async () => {
    const { row } = await value(answer("a-en", 3, nowMs, 0));
    await value(store.undo(row.id, nowMs));
    expect(await store.undo(row.id, nowMs)).toMatchObject({ ok: false, error: { code: "NothingToUndo" } });
    expect(await store.undo(12345, nowMs)).toMatchObject({ ok: false, error: { code: "NothingToUndo" } });
    expect(await value(store.log())).toHaveLength(2);
  });
});

test("the cards can be made anew from the log", async () => {
  for (const [i, slug] of ["a-en", "b-en", "c-en"].entries()) {
    await value(answer(slug, 3, nowMs + i * 1000, 0));
    await value(answer(slug, 4, nowMs + 700_000 + i * 1000, 1));
  }
  const undone = await value(answer("d-en", 3, nowMs + 1e6, 0));
  await value(store.undo(undone.row.id, nowMs + 1e6));
  const before = await value(store.schedules());
  expect(await value(store.rebuild())).toBe(3);
  expect(await value(store.schedules())).toEqual(before);
});

test("the wish for more new cards is kept with its day", async () => {
  expect(await value(store.extraNewCards())).toEqual({ day: 0, count: 0 });
  await value(store.setExtraNewCards({ day: 20_778, count: 10 }));
  expect(await value(store.extraNewCards())).toEqual({ day: 20_778, count: 10 });
});

describe("failures come back as values", () => {
  test("no IndexedDB at all, as in some private windows", async () => {
    const refusing = {
      open: () => {
        throw new DOMException("denied", "SecurityError");
      },
    } as unknown as IDBFactory;
    const closed = await openCardStore({ scheduler, factory: { indexedDB: refusing, IDBKeyRange } });
    expect(await closed.schedules()).toMatchObject({ ok: false, error: { code: "Unavailable" } });
  });

  test("data of a newer version of the site", async () => {
    store.close();
    await new Promise<void>((resolve, reject) => {
      const request = factory.indexedDB.open(cardDatabaseName, 990);
      request.onsuccess = () => {
        request.result.close();
        resolve();
      };
      request.onerror = () => reject(request.error);
    });
    const old = await openCardStore({ scheduler, factory });
    expect(await old.log()).toMatchObject({ ok: false, error: { code: "NewerVersion" } });
  });

  test("a full disk, also when Dexie wraps it", () => {
    const quota = new DOMException("full", "QuotaExceededError");
    expect(failureOf(quota).code).toBe("Quota");
    expect(failureOf({ name: "AbortError", message: "aborted", inner: quota })).toEqual({
      code: "Quota",
      detail: "QuotaExceededError: full",
    });
    expect(failureOf(new Error("what?")).code).toBe("Unknown");
  });
});

describe("the number of due cards for other pages", () => {
  beforeEach(() => {
    Object.assign(globalThis, factory);
  });

  test("is unknown before the first practice, and asking creates nothing", async () => {
    expect(await countDueCards("en", nowMs)).toBeUndefined();
    expect(await factory.indexedDB.databases()).toEqual([]);
  });

  test("counts what is due now in one language", async () => {
    await value(answer("a-en", 3, nowMs, 0));
    const { schedule } = await value(answer("b-en", 4, nowMs, 0));
    await value(store.review({ card: { slug: "c-ru", ord: 0 }, lang: "ru", rating: 3, expectedReps: 0, nowMs, durationMs: 1 }));
    expect(await countDueCards("en", nowMs)).toBe(0);
    expect(await countDueCards("en", nowMs + 11 * 60_000)).toBe(1);
    expect(await countDueCards("ru", nowMs + 11 * 60_000)).toBe(1);
    expect(await countDueCards("en", schedule.dueMs - 1)).toBe(1);
    expect(await countDueCards("en", schedule.dueMs)).toBe(2);
  });
});

describe("marks", () => {
  const a = { slug: "a-en", ord: 0 };
  const b = { slug: "b-en", ord: 0 };

  test("are rows of the log; the newest of a kind counts, and undo takes one back", async () => {
    await value(store.mark([a, b], { flag: 2 }, nowMs));
    const [suspended] = await value(store.mark([a], { suspended: true }, nowMs));
    expect((await value(store.marks())).get("a-en#0")).toEqual({
      ...noMarks,
      suspended: true,
      flag: 2,
    });
    await value(store.mark([a], { flag: 0 }, nowMs));
    await value(store.undo(suspended!.id, nowMs));
    expect([...(await value(store.marks())).keys()]).toEqual(["b-en#0"]);
    const log = await value(store.log());
    expect(log.map(({ kind }) => kind)).toEqual(["mark", "mark", "mark", "mark", "undo"]);
    expect(new Set(log.map(({ id }) => id)).size).toBe(5);
  });

  test("a card is not made or moved by a mark", async () => {
    await value(store.mark([a], { suspended: true }, nowMs));
    expect((await value(store.schedules())).size).toBe(0);
  });

  test("survive a rebuild, and rows merged from elsewhere count by their time", async () => {
    await value(store.mark([a], { flag: 1 }, nowMs));
    const row = { id: nowMs - 5, slug: "a-en", ord: 0, kind: "mark", change: { flag: 4, leech: true }, source: "app" } as const;
    await value(store.merge({ notes: [], log: [row], ownSlugs: new Set() }));
    const merged = { ...noMarks, flag: 1, leech: true };
    expect((await value(store.marks())).get("a-en#0")).toEqual(merged);
    await value(store.rebuild());
    expect((await value(store.marks())).get("a-en#0")).toEqual(merged);
  });
});

describe("leeches: at eight lapses, then at every fourth", () => {
  /** Brings a card to so many lapses: a lapse and two good answers each. */
  async function lapse(times: number, to: CardStore): Promise<boolean[]> {
    const leeches: boolean[] = [];
    let atMs = nowMs;
    let reps = 0;
    const give = async (rating: Rating) => {
      const { schedule, leech } = await value(answer("a-en", rating, atMs, reps, to));
      reps = schedule.reps;
      atMs = Math.max(atMs, schedule.dueMs) + 1000;
      return { schedule, leech };
    };
    await give(4);
    for (let i = 0; i < times; i++) {
      leeches.push((await give(1)).leech);
      await give(3);
    }
    return leeches;
  }

  test("suspended and marked with the answer, and undo takes all of it back", async () => {
    const told = await lapse(13, store);
    expect(told.flatMap((leech, i) => (leech ? [i + 1] : []))).toEqual([8, 12]);
    expect((await value(store.marks())).get("a-en#0")).toMatchObject({ leech: true, suspended: true });
    const log = await value(store.log());
    for (const row of log.filter(({ kind }) => kind === "mark")) await value(store.undo(row.id, nowMs + 1e10));
    expect((await value(store.marks())).size).toBe(0);
    const lapses = (await value(store.schedules())).get("a-en#0")?.lapses;
    expect(lapses).toBe(11);
  });

  test("only marked when the learner wants it so", async () => {
    const gentle = createScheduler(
      { ...defaultDeckOptions, leechThreshold: 3, leechAction: "mark" },
      localDayClock(() => 0),
    );
    const mine = await openCardStore({ scheduler: gentle, factory });
    expect(await lapse(5, mine)).toEqual([false, false, true, false, true]);
    expect((await value(mine.marks())).get("a-en#0")).toMatchObject({ leech: true, suspended: false });
  });
});

describe("reset", () => {
  test("makes a card new again, keeps its rows, and can be taken back", async () => {
    await value(answer("a-en", 4, nowMs, 0));
    const before = (await value(store.schedules())).get("a-en#0");
    const [row] = await value(
      store.reset(
        [
          { slug: "a-en", ord: 0 },
          { slug: "never-en", ord: 0 },
        ],
        nowMs + 1000,
      ),
    );
    expect((await value(store.schedules())).size).toBe(0);
    expect((await value(store.log())).map(({ kind }) => kind)).toEqual(["review", "manual"]);
    await value(store.undo(row!.id, nowMs + 2000));
    expect((await value(store.schedules())).get("a-en#0")).toEqual(before);
  });
});

test("an answer gets the interval that its button said", async () => {
  const card = { slug: "a-en", ord: 0 };
  const given = { card, lang: "en", rating: 4, expectedReps: 0, nowMs, durationMs: 1, interval: 11 } as const;
  const { row, schedule } = await value(store.review(given));
  expect(row.ivlAfter).toBe(11);
  expect(schedule).toMatchObject({ scheduledDays: 11, dueMs: Date.UTC(2026, 11, 2, 4) });
  await value(store.rebuild());
  expect((await value(store.schedules())).get("a-en#0")).toEqual(schedule);
});

describe("own wording and settings", () => {
  const edit = { slug: "a-en", frontHtml: "mine", backHtml: "", tags: ["x"], editedAtMs: nowMs, baseChangedAtS: 3 };
  test("are kept, merged by the newer edit, and never overwritten by a backup", async () => {
    await value(store.saveEdit(edit));
    const older = { ...edit, frontHtml: "older", editedAtMs: nowMs - 1 };
    const other = { ...edit, slug: "b-en" };
    const settings = { ...(await value(store.settings())), decks: { Mine: { desiredRetention: 0.8 } } };
    await value(store.merge({ notes: [], log: [], ownSlugs: new Set(), edits: [older, other], settings }));
    expect(await value(store.edits())).toEqual([edit, other]);
    expect((await value(store.settings())).decks).toEqual(settings.decks);
    await value(store.merge({ notes: [], log: [], ownSlugs: new Set(), settings: { ...settings, decks: {} } }));
    expect((await value(store.settings())).decks).toEqual(settings.decks);
    await value(store.removeEdit("a-en"));
    expect(await value(store.edits())).toEqual([other]);
  });
});

describe("each older version of the database is brought to this one without loss", () => {
  /** The database as that version's code made it, with one review in it. */
  async function makeOld(version: number): Promise<void> {
    const row = {
      id: nowMs,
      slug: "a-en",
      ord: 0,
      kind: "review",
      rating: 4,
      stateBefore: "new",
      ivlBefore: 0,
      ivlAfter: 8,
      sAfter: 8.2956,
      dAfter: 1,
      durationMs: 900,
      source: "app",
    };
    const after = scheduler.answer("a-en#0", newSchedule(), 4, nowMs).after;
    const card = { ...after, id: "a-en#0", slug: "a-en", ord: 0, lang: "en" };
    await new Promise<void>((resolve, reject) => {
      // Dexie's version 1 is IndexedDB's version 10.
      const request = factory.indexedDB.open(cardDatabaseName, version * 10);
      request.onerror = () => reject(request.error);
      request.onupgradeneeded = () => {
        const database = request.result;
        const cards = database.createObjectStore("cards", { keyPath: "id" });
        cards.createIndex("slug", "slug");
        cards.createIndex("[lang+dueMs]", ["lang", "dueMs"]);
        cards.add(card);
        const settings = database.createObjectStore("settings", { keyPath: "key" });
        settings.add({ key: "extra-new-cards", value: { day: 3, count: 5 } });
        if (version <= 2) {
          const reviewLog = database.createObjectStore("reviewLog", { keyPath: "id" });
          reviewLog.createIndex("[slug+ord]", ["slug", "ord"]);
          reviewLog.add(row);
        }
        if (version >= 2) {
          const log = database.createObjectStore("log", { keyPath: ["id", "slug", "ord", "kind"] });
          log.createIndex("id", "id");
          log.createIndex("[slug+ord]", ["slug", "ord"]);
          log.add(row);
          database.createObjectStore("notes", { keyPath: "slug" }).add({ slug: "anki-x", lang: "en" });
        }
        if (version >= 4) {
          const marks = database.createObjectStore("marks", { keyPath: "id" });
          marks.add({ id: "b-en#0", slug: "b-en", ord: 0, suspended: true, buriedUntilMs: 0, flag: 0, leech: false });
          database.createObjectStore("edits", { keyPath: "slug" }).add({ slug: "b-en", frontHtml: "mine", tags: [] });
        }
      };
      request.onsuccess = () => {
        request.result.close();
        resolve();
      };
    });
  }

  test.each([1, 2, 3, 4])("version %i", async (version) => {
    store.close();
    factory = { indexedDB: new IDBFactory(), IDBKeyRange };
    await makeOld(version);
    const opened = await openCardStore({ scheduler, factory });
    expect(await value(opened.log())).toMatchObject([{ id: nowMs, slug: "a-en", rating: 4 }]);
    expect((await value(opened.schedules())).get("a-en#0")).toMatchObject({ state: "review", reps: 1 });
    expect(await value(opened.extraNewCards())).toEqual({ day: 3, count: 5 });
    expect(await value(opened.notes())).toHaveLength(version === 1 ? 0 : 1);
    await value(opened.mark([{ slug: "a-en", ord: 0 }], { flag: 1 }, nowMs + 1));
    expect((await value(opened.marks())).size).toBe(version === 4 ? 2 : 1);
    expect((await value(opened.marks())).get("b-en#0")).toEqual(version === 4 ? { ...noMarks, suspended: true } : undefined);
    expect(await value(opened.edits())).toHaveLength(version === 4 ? 1 : 0);
    expect(await value(opened.media())).toEqual([]);
    expect(await value(answer("a-en", 3, nowMs + 9 * dayMs, 1, opened))).toMatchObject({ row: { stateBefore: "review" } });
  });
});

test("a suspended card is not counted as due on other pages", async () => {
  Object.assign(globalThis, factory);
  await value(answer("a-en", 3, nowMs, 0));
  await value(answer("b-en", 3, nowMs, 0));
  await value(store.mark([{ slug: "a-en", ord: 0 }], { suspended: true }, nowMs));
  expect(await countDueCards("en", nowMs + 11 * 60_000)).toBe(1);
});
