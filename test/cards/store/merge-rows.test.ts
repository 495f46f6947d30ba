import "fake-indexeddb/auto";
import { IDBFactory, IDBKeyRange } from "fake-indexeddb";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  type CardStore,
  cardDatabaseName,
  type LogRow,
  mergeBackups,
  openCardStore,
  type Schedule,
  standingReviews,
} from "#cards";
import { whileWorking } from "../../support/speed.ts";
import { dayMs, history, note, nowMs, scheduler, schedulesOf } from "../apkg-import/package-builder.ts";

function freshStore(): Promise<CardStore> {
  return openCardStore({ scheduler, factory: { indexedDB: new IDBFactory(), IDBKeyRange } });
}

async function value<Value>(stored: Promise<{ ok: true; value: Value } | { ok: false; error: unknown }>): Promise<Value> {
  const result = await stored;
  if (!result.ok) throw new Error(JSON.stringify(result.error));
  return result.value;
}

const none = { notes: [], ownSlugs: new Set<string>() };
const byKey = (a: LogRow, b: LogRow) => a.id - b.id || (`${a.slug}#${a.ord}${a.kind}` < `${b.slug}#${b.ord}${b.kind}` ? -1 : 1);

async function stateOf(store: CardStore): Promise<{ log: LogRow[]; schedules: [string, Schedule][] }> {
  const log = (await value(store.log())).sort(byKey);
  return { log, schedules: [...(await value(store.schedules()))].sort(([a], [b]) => (a < b ? -1 : 1)) };
}

describe("a merge", () => {
  test("adds what is missing, leaves what is there, and its preview says so without changing anything", async () => {
    const store = await freshStore();
    const { row } = await value(
      store.review({
        card: { slug: "a-en", ord: 0 },
        lang: "en",
        rating: 3,
        expectedReps: 0,
        nowMs: nowMs - dayMs,
        durationMs: 1,
      }),
    );
    const echo: LogRow = { ...row, source: "anki", durationMs: 9 };
    const other = history("b-en", 0, [3, 3]);
    const part = { ...none, notes: [note("b-en")], log: [echo, ...other] };
    const summary = await value(store.previewMerge(part));
    expect(summary).toEqual({
      newNotes: 1,
      updatedNotes: 0,
      deletedNotes: 0,
      removedNotes: 0,
      newRows: 2,
      newReviews: 2,
      knownRows: 1,
      newMedia: 0,
      newProgress: 0,
      cards: 1,
    });
    expect(await value(store.log())).toEqual([row]);
    expect(await value(store.notes())).toEqual([]);

    expect(await value(store.merge(part))).toEqual(summary);
    expect(await value(store.log())).toEqual([...other, row]);
    expect((await value(store.schedules())).get("b-en#0")).toEqual(schedulesOf(other).get("b-en#0"));
    expect(await value(store.merge(part))).toMatchObject({ newNotes: 0, newRows: 0, knownRows: 3, cards: 0 });
  });

  test("keeps reviews of two cards in one millisecond", async () => {
    const store = await freshStore();
    await value(store.merge({ ...none, log: [...history("a-en", 0, [3]), ...history("b-en", 0, [1])] }));
    expect(await value(store.log())).toHaveLength(2);
  });

  test("an answer that was taken back here stays taken back", async () => {
    const store = await freshStore();
    const answer = {
      card: { slug: "a-en", ord: 0 },
      lang: "en" as const,
      rating: 3 as const,
      expectedReps: 0,
      nowMs,
      durationMs: 1,
    };
    const { row } = await value(store.review(answer));
    await value(store.undo(row.id, nowMs + 1));
    await value(store.merge({ ...none, log: [{ ...row, source: "anki" }] }));
    expect((await value(store.schedules())).size).toBe(0);
  });

  test("a note's newer text replaces an older one, never the other way round; the site's own are not stored", async () => {
    const store = await freshStore();
    const notes = (changedAtS: number, frontHtml: string) => ({
      ...none,
      log: [],
      notes: [note("x-en", { changedAtS, frontHtml })],
    });
    await value(store.merge(notes(20, "second")));
    await value(store.merge(notes(10, "first")));
    expect((await value(store.notes())).map(({ frontHtml }) => frontHtml)).toEqual(["second"]);
    expect(await value(store.previewMerge(notes(30, "third")))).toMatchObject({ newNotes: 0, updatedNotes: 1 });
    await value(store.merge({ notes: [note("site-en")], log: [], ownSlugs: new Set(["site-en"]) }));
    expect(await value(store.notes())).toHaveLength(1);
  });
});

/** Rows that real logs hold: reviews of a few cards, some of them undone, resets, states. */
const rowArbitrary: fc.Arbitrary<LogRow> = fc
  .tuple(fc.constantFrom("a-en", "b-ru"), fc.constantFrom(0, 1), fc.integer({ min: 0, max: 12 }), fc.integer({ min: 0, max: 9 }))
  .map(([slug, ord, day, what]): LogRow => {
    const id = nowMs - 20 * dayMs + day * dayMs;
    const entry = { id, slug, ord, source: day % 2 === 0 ? ("app" as const) : ("anki" as const) };
    if (what === 9) return { ...entry, id: id + 500, kind: "manual", change: "reset", ivlBefore: 0, ivlAfter: 0 };
    if (what === 8) return { ...entry, id: id + 1000, kind: "undo", undoes: id };
    if (what === 7) {
      const schedule = { state: "review", dueMs: id + dayMs, stability: 3, difficulty: 5, scheduledDays: 1 } as const;
      return { ...entry, kind: "state", schedule: { ...schedule, learningSteps: 0, reps: 2, lapses: 0, lastReviewMs: id } };
    }
    const rating = ([1, 2, 3, 4] as const)[(day + ord) % 4]!;
    const result = { ivlBefore: 0, ivlAfter: 0, sAfter: 0, dAfter: 0, durationMs: 1 };
    return { ...entry, kind: "review", rating, stateBefore: "new", ...result };
  });
const logArbitrary = fc.array(rowArbitrary, { maxLength: 20 });

test("any logs merged in any order, twice and through a backup end as one union with one set of schedules", async () => {
  await fc.assert(
    fc.asyncProperty(logArbitrary, logArbitrary, logArbitrary, async (a, b, c) => {
      const [one, two] = [await freshStore(), await freshStore()];
      for (const log of [a, b, c, a]) await value(one.merge({ ...none, log }));
      await value(two.merge({ ...none, log: mergeBackups({ notes: [], log: c }, { notes: [], log: b }).log }));
      await value(two.merge({ ...none, log: a }));
      const end = await stateOf(one);
      expect(await stateOf(two)).toEqual(end);
      const keys = new Set([...a, ...b, ...c].map(({ id, slug, ord, kind }) => `${id} ${slug} ${ord} ${kind}`));
      expect(end.log).toHaveLength(keys.size);
      await value(one.rebuild());
      expect(await stateOf(one)).toEqual(end);
      one.close();
      two.close();
    }),
    { numRuns: whileWorking(12, 60) },
  );
});

test("a database of the first version is taken over with every row", async () => {
  const factory = { indexedDB: new IDBFactory(), IDBKeyRange };
  const rows = history("a-en", 0, [3, 3, 4]);
  await new Promise<void>((resolve, reject) => {
    const request = factory.indexedDB.open(cardDatabaseName, 10);
    request.onupgradeneeded = () => {
      const cards = request.result.createObjectStore("cards", { keyPath: "id" });
      cards.createIndex("slug", "slug");
      cards.createIndex("[lang+dueMs]", ["lang", "dueMs"]);
      const log = request.result.createObjectStore("reviewLog", { keyPath: "id" });
      log.createIndex("[slug+ord]", ["slug", "ord"]);
      request.result.createObjectStore("settings", { keyPath: "key" });
      for (const row of rows) log.add(row);
      cards.add({ ...schedulesOf(rows).get("a-en#0")!, id: "a-en#0", slug: "a-en", ord: 0, lang: "en" });
    };
    request.onsuccess = () => {
      request.result.close();
      resolve();
    };
    request.onerror = () => reject(request.error);
  });
  const store = await openCardStore({ scheduler, factory });
  expect(standingReviews(await value(store.log()))).toEqual(rows);
  expect((await value(store.schedules())).get("a-en#0")).toEqual(schedulesOf(rows).get("a-en#0"));
  const answer = {
    card: { slug: "a-en", ord: 0 },
    lang: "en" as const,
    rating: 3 as const,
    expectedReps: 3,
    nowMs,
    durationMs: 1,
  };
  expect((await value(store.review(answer))).schedule.reps).toBe(4);
});
