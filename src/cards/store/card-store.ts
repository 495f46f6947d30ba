/**
 * The learner's progress in IndexedDB. Rows are only ever added to the log, inside one transaction with the card they
 * move; ids grow strictly (the clock, or one more than the last), whatever the clock does and however many tabs write.
 */
import { liveQuery } from "dexie";
import { type CardLanguage, type CardRef, cardIdOf, type Note } from "../model/note.ts";
import { type LogRow, type ReviewRow, replay, type UndoRow } from "../scheduling/review-log.ts";
import { intervalOf, newSchedule, type Schedule } from "../scheduling/schedule.ts";
import { type CardDatabase, type CardRow, createCardDatabase } from "./card-database.ts";
import type { CardStore, CardStoreSettings, ExtraNewCards } from "./card-store-api.ts";
import { planMerge, rebuildCards, summarised, writeMerge } from "./merge-rows.ts";
import { attempt, StoreRefusal } from "./store-failure.ts";

const extraNewKey = "extra-new-cards";

export function createCardStore({ scheduler, name, factory }: CardStoreSettings): CardStore {
  const database = createCardDatabase(name, factory);
  const { cards, log, notes, settings } = database;

  return {
    schedules: () => attempt(async () => new Map((await cards.toArray()).map((row) => [row.id, scheduleOf(row)]))),
    log: (sinceMs) => attempt(() => (sinceMs === undefined ? log : log.where("id").aboveOrEqual(sinceMs)).toArray()),

    review: ({ card, lang, rating, expectedReps, nowMs, durationMs }) =>
      attempt(() =>
        database.transaction("rw", cards, log, async () => {
          const cardId = cardIdOf(card);
          const known = await cards.get(cardId);
          const before = known ? scheduleOf(known) : newSchedule();
          if (before.reps !== expectedReps) throw new StoreRefusal("StaleCard");
          const id = await nextId(database, nowMs);
          const { after, interval } = scheduler.answer(cardId, before, rating, id);
          const row: ReviewRow = {
            id,
            slug: card.slug,
            ord: card.ord,
            kind: "review",
            rating,
            stateBefore: before.state,
            ivlBefore: intervalOf(before),
            ivlAfter: interval,
            sAfter: after.stability,
            dAfter: after.difficulty,
            durationMs,
            source: "app",
          };
          await log.add(row);
          await cards.put({ ...after, id: cardId, slug: card.slug, ord: card.ord, lang });
          return { row, schedule: after };
        }),
      ),

    undo: (reviewId, nowMs) =>
      attempt(() =>
        database.transaction("rw", cards, log, async () => {
          const review = (await log.where("id").equals(reviewId).toArray()).find(isOwnReview);
          if (!review) throw new StoreRefusal("NothingToUndo");
          const rows = await rowsOf(database, review);
          if (rows.some((row) => row.kind === "undo" && row.undoes === reviewId)) throw new StoreRefusal("NothingToUndo");
          const { slug, ord } = review;
          const row: UndoRow = { id: await nextId(database, nowMs), slug, ord, kind: "undo", undoes: reviewId, source: "app" };
          await log.add(row);
          const after = replay(cardIdOf(review), [...rows, row], scheduler);
          if (after.state === "new") await cards.delete(cardIdOf(review));
          else await cards.update(cardIdOf(review), { ...after });
          return row;
        }),
      ),

    rebuild: () =>
      attempt(() =>
        database.transaction("rw", cards, log, notes, async () => {
          const rebuilt = rebuildCards(await log.toArray(), new Map((await notes.toArray()).map(byLanguage)), scheduler);
          await cards.clear();
          await cards.bulkPut(rebuilt);
          return rebuilt.length;
        }),
      ),

    notes: () => attempt(() => notes.toArray()),
    previewMerge: (part) =>
      attempt(() => database.transaction("r", cards, log, notes, () => planMerge(database, part))).then(summarised),
    merge: (part) =>
      attempt(() =>
        database.transaction("rw", cards, log, notes, async () => {
          const plan = await planMerge(database, part);
          await writeMerge(database, plan, scheduler);
          return plan;
        }),
      ).then(summarised),

    extraNewCards: () =>
      attempt(async () => {
        const value = (await settings.get(extraNewKey))?.value;
        return isExtraNewCards(value) ? value : { day: 0, count: 0 };
      }),
    setExtraNewCards: (extra) =>
      attempt(async () => {
        await settings.put({ key: extraNewKey, value: extra });
      }),

    subscribe(listener) {
      let first = true;
      const changes = liveQuery(() => Promise.all([log.count(), notes.count(), settings.count()]));
      const subscription = changes.subscribe({
        next: () => {
          if (!first) listener();
          first = false;
        },
        // What made the query fail is told by the next operation, as a value.
        error: () => undefined,
      });
      return () => subscription.unsubscribe();
    },
    close: () => database.close(),
  };
}

/** Strictly above every id there is: a clock that stands still or goes back makes no two rows one. */
async function nextId(database: CardDatabase, nowMs: number): Promise<number> {
  const last = await database.log.orderBy("id").last();
  return Math.max(Math.floor(nowMs), (last?.id ?? 0) + 1);
}

function rowsOf(database: CardDatabase, card: CardRef): PromiseLike<LogRow[]> {
  return database.log.where("[slug+ord]").equals([card.slug, card.ord]).toArray();
}

function scheduleOf({ id: _id, slug: _slug, ord: _ord, lang: _lang, ...schedule }: CardRow): Schedule {
  return schedule;
}

function isOwnReview(row: LogRow): row is ReviewRow {
  return row.kind === "review" && row.source === "app";
}

function byLanguage({ slug, lang }: Note): [slug: string, lang: CardLanguage] {
  return [slug, lang];
}

function isExtraNewCards(value: unknown): value is ExtraNewCards {
  return typeof value === "object" && value !== null && "day" in value && "count" in value;
}
