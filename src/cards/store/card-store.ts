/**
 * The learner's progress in IndexedDB. Rows are only ever added to the log, inside one transaction with the card they
 * move; ids grow strictly (the clock, or one more than the last), whatever the clock does and however many tabs write.
 */
import { liveQuery } from "dexie";
import { type CardLanguage, type CardRef, cardIdOf, languageOfSlug, type Note } from "../model/note.ts";
import { becomesLeech, type CardMarks, isUnmarked, marksOf, noMarks } from "../scheduling/card-marks.ts";
import { deletionsIn } from "../scheduling/deletions.ts";
import { readPracticeSettings } from "../scheduling/practice-settings.ts";
import {
  type LogRow,
  type ManualRow,
  type MarkRow,
  type ReviewRow,
  replay,
  type UndoRow,
  withInterval,
} from "../scheduling/review-log.ts";
import { intervalOf, newSchedule, type Schedule, type Scheduler } from "../scheduling/schedule.ts";
import { type CardDatabase, type CardRow, createCardDatabase, type MarkedRow } from "./card-database.ts";
import type { CardStore, CardStoreSettings, CramSession, ExtraNewCards } from "./card-store-api.ts";
import { deleteNotes, restoreNotes } from "./deleted-notes.ts";
import { planMerge, rebuildCards, rebuildMarks, summarised, writeMerge } from "./merge-rows.ts";
import { progressAdded } from "./progress-news.ts";
import { attempt, StoreRefusal } from "./store-failure.ts";
import { clearUnusedMedia, unusedMedia } from "./unused-media.ts";

const extraNewKey = "extra-new-cards";
const settingsKey = "practice";
const cramKey = "cram-session";

export function createCardStore({ scheduler, name, factory }: CardStoreSettings): CardStore {
  const database = createCardDatabase(name, factory);
  const { cards, log, notes, settings, marks, edits, media, progress } = database;

  return {
    schedules: () => attempt(async () => new Map((await cards.toArray()).map((row) => [row.id, scheduleOf(row)]))),
    log: (sinceMs) => attempt(() => (sinceMs === undefined ? log : log.where("id").aboveOrEqual(sinceMs)).toArray()),

    review: ({ card, lang, rating, expectedReps, nowMs, durationMs, interval: given }) =>
      attempt(() =>
        database.transaction("rw", cards, log, marks, async () => {
          const cardId = cardIdOf(card);
          const known = await cards.get(cardId);
          const before = known ? scheduleOf(known) : newSchedule();
          if (before.reps !== expectedReps) throw new StoreRefusal("StaleCard");
          const id = await nextId(database, nowMs);
          const own = scheduler.answer(cardId, before, rating, id);
          const ivlAfter = given ?? own.interval;
          const after = withInterval(own.after, { id, ivlAfter }, scheduler);
          const row: ReviewRow = {
            id,
            slug: card.slug,
            ord: card.ord,
            kind: "review",
            rating,
            stateBefore: before.state,
            ivlBefore: intervalOf(before),
            ivlAfter,
            sAfter: after.stability,
            dAfter: after.difficulty,
            durationMs,
            source: "app",
          };
          await log.add(row);
          await cards.put({ ...after, id: cardId, slug: card.slug, ord: card.ord, lang });
          const { leechThreshold, leechAction } = scheduler.options;
          const leech = after.lapses > before.lapses && becomesLeech(after.lapses, leechThreshold);
          if (leech) {
            // The mark has the review's id: taking the review back takes it back as well.
            const change = leechAction === "suspend" ? { leech, suspended: true } : { leech };
            await log.add({ id, slug: card.slug, ord: card.ord, kind: "mark", change, source: "app" });
            await refreshMarks(database, card);
          }
          return { row, schedule: after, leech };
        }),
      ),

    cram: ({ card, rating, nowMs, durationMs }) =>
      attempt(() =>
        database.transaction("rw", cards, log, async () => {
          const known = await cards.get(cardIdOf(card));
          const interval = known ? intervalOf(scheduleOf(known)) : 0;
          const row: ManualRow = {
            id: await nextId(database, nowMs),
            slug: card.slug,
            ord: card.ord,
            kind: "manual",
            change: "cram",
            ivlBefore: interval,
            ivlAfter: interval,
            rating,
            durationMs,
            source: "app",
          };
          await log.add(row);
          return row;
        }),
      ),

    undo: (rowId, nowMs) =>
      attempt(() =>
        database.transaction("rw", cards, log, notes, marks, async () => {
          const taken = (await log.where("id").equals(rowId).toArray()).find(isOwnAct);
          if (!taken) throw new StoreRefusal("NothingToUndo");
          const rows = await rowsOf(database, taken);
          if (rows.some((row) => row.kind === "undo" && row.undoes === rowId)) throw new StoreRefusal("NothingToUndo");
          const { slug, ord } = taken;
          const row: UndoRow = { id: await nextId(database, nowMs), slug, ord, kind: "undo", undoes: rowId, source: "app" };
          await log.add(row);
          await refreshCard(database, taken, scheduler);
          await refreshMarks(database, taken);
          return row;
        }),
      ),

    marks: () => attempt(async () => new Map((await marks.toArray()).map((row) => [row.id, marksOfRow(row)]))),
    mark: (refs, change, nowMs) =>
      attempt(() =>
        database.transaction("rw", log, marks, async () => {
          const rows: MarkRow[] = [];
          for (const { slug, ord } of refs) {
            const row: MarkRow = { id: await nextId(database, nowMs), slug, ord, kind: "mark", change, source: "app" };
            await log.add(row);
            await refreshMarks(database, row);
            rows.push(row);
          }
          return rows;
        }),
      ),
    reset: (refs, nowMs) =>
      attempt(() =>
        database.transaction("rw", cards, log, notes, async () => {
          const rows: ManualRow[] = [];
          for (const { slug, ord } of refs) {
            const known = await cards.get(cardIdOf({ slug, ord }));
            if (!known) continue;
            const row: ManualRow = {
              id: await nextId(database, nowMs),
              slug,
              ord,
              kind: "manual",
              change: "reset",
              ivlBefore: intervalOf(scheduleOf(known)),
              ivlAfter: 0,
              source: "app",
            };
            await log.add(row);
            await refreshCard(database, row, scheduler);
            rows.push(row);
          }
          return rows;
        }),
      ),

    edits: () => attempt(() => edits.toArray()),
    saveEdit: (edit) =>
      attempt(async () => {
        await edits.put(edit);
      }),
    removeEdit: (slug) => attempt(() => edits.delete(slug)),
    settings: () => attempt(async () => readPracticeSettings((await settings.get(settingsKey))?.value)),
    saveSettings: (value) =>
      attempt(async () => {
        await settings.put({ key: settingsKey, value });
      }),

    rebuild: () =>
      attempt(() =>
        database.transaction("rw", cards, log, notes, marks, async () => {
          const rows = await log.toArray();
          const rebuilt = rebuildCards(rows, new Map((await notes.toArray()).map(byLanguage)), scheduler);
          await cards.clear();
          await cards.bulkPut(rebuilt);
          await marks.clear();
          await marks.bulkPut(rebuildMarks(rows));
          return rebuilt.length;
        }),
      ),

    notes: () => attempt(() => notes.toArray()),
    deleteNotes: (slugs, nowMs) =>
      attempt(() =>
        database.transaction("rw", cards, log, notes, marks, edits, async () => {
          const deleted = await deleteNotes(database, slugs, await nextId(database, nowMs));
          await refreshAll(database, deleted.rows, scheduler);
          return deleted;
        }),
      ),
    restoreNotes: (deleted, nowMs) =>
      attempt(() =>
        database.transaction("rw", cards, log, notes, marks, edits, async () => {
          await restoreNotes(database, deleted, await nextId(database, nowMs));
          await refreshAll(database, deleted.rows, scheduler);
        }),
      ),
    media: (names) =>
      attempt(async () => {
        if (names === undefined) return media.toArray();
        return (await media.bulkGet([...names])).filter((file) => file !== undefined);
      }),
    unusedMedia: () => attempt(() => database.transaction("r", notes, edits, media, () => unusedMedia(database))),
    clearUnusedMedia: () => attempt(() => database.transaction("rw", notes, edits, media, () => clearUnusedMedia(database))),
    progress: () => attempt(() => progress.toArray()),
    previewMerge: (part) =>
      attempt(() =>
        database.transaction("r", [cards, log, notes, marks, edits, media, progress], () => planMerge(database, part)),
      ).then(summarised),
    merge: (part) =>
      attempt(() =>
        database.transaction("rw", [cards, log, notes, marks, edits, media, progress, settings], async () => {
          const plan = await planMerge(database, part);
          if (part.settings && !(await settings.get(settingsKey))) {
            await settings.put({ key: settingsKey, value: part.settings });
          }
          await writeMerge(database, plan, scheduler);
          return plan;
        }),
      ).then((merged) => {
        if (merged.ok) progressAdded(database.name);
        return summarised(merged);
      }),

    cramSession: () =>
      attempt(async () => {
        const value = (await settings.get(cramKey))?.value;
        return isCramSession(value) ? value : undefined;
      }),
    saveCramSession: (session) =>
      attempt(async () => {
        if (session) await settings.put({ key: cramKey, value: session });
        else await settings.delete(cramKey);
      }),
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
      const changes = liveQuery(() => Promise.all([log.count(), notes.count(), settings.toArray(), edits.toArray()]));
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

async function refreshAll(database: CardDatabase, refs: readonly CardRef[], scheduler: Scheduler): Promise<void> {
  for (const ref of refs) {
    await refreshCard(database, ref, scheduler);
    await refreshMarks(database, ref);
  }
}

/** Sets the card to what its rows say. */
async function refreshCard(database: CardDatabase, ref: CardRef, scheduler: Scheduler): Promise<void> {
  const id = cardIdOf(ref);
  const rows = await rowsOf(database, ref);
  const after = replay(id, rows, scheduler);
  if (after.state === "new" || deletionsIn(rows).size > 0) return database.cards.delete(id);
  const lang = (await database.cards.get(id))?.lang ?? (await database.notes.get(ref.slug))?.lang ?? languageOfSlug(ref.slug);
  await database.cards.put({ ...after, id, slug: ref.slug, ord: ref.ord, lang });
}

async function refreshMarks(database: CardDatabase, { slug, ord }: CardRef): Promise<void> {
  const id = cardIdOf({ slug, ord });
  const marks = marksOf(await rowsOf(database, { slug, ord }));
  if (isUnmarked(marks)) await database.marks.delete(id);
  else await database.marks.put({ ...marks, id, slug, ord });
}

function marksOfRow({ id: _id, slug: _slug, ord: _ord, ...marks }: MarkedRow): CardMarks {
  // Rows of an earlier version know fewer marks.
  return { ...noMarks, ...marks };
}

function isOwnAct(row: LogRow): row is ReviewRow | MarkRow | ManualRow {
  return row.source === "app" && (row.kind === "review" || row.kind === "mark" || row.kind === "manual");
}

function byLanguage({ slug, lang }: Note): [slug: string, lang: CardLanguage] {
  return [slug, lang];
}

function isExtraNewCards(value: unknown): value is ExtraNewCards {
  return typeof value === "object" && value !== null && "day" in value && "count" in value;
}

function isCramSession(value: unknown): value is CramSession {
  return typeof value === "object" && value !== null && "left" in value && Array.isArray(value.left) && "moves" in value;
}
