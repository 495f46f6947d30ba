import "fake-indexeddb/auto";
import { IDBFactory, IDBKeyRange } from "fake-indexeddb";
import { beforeEach, describe, expect, test } from "vitest";
import {
  type CardStore,
  cardDatabaseName,
  countDueCards,
  createScheduler,
  defaultDeckOptions,
  localDayClock,
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
    let heard = 0;
    const stop = store.subscribe(() => heard++);
    await new Promise((resolve) => setTimeout(resolve, 20));
    await value(answer("a-en", 3, nowMs, 0));
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(heard).toBe(1);
    stop();
    await value(answer("b-en", 3, nowMs, 0));
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(heard).toBe(1);
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
