/** Answers and resets in the fake Anki. The formulas are ours: what they are worth is shown by the oracle with the real Anki. */
import { cardIdOf, createScheduler, defaultDeckOptions, localDayClock, newSchedule, type Rating, type Schedule } from "#cards";
import { ankiCard, revlogRow } from "../../../src/cards/apkg/anki-card.ts";
import type { FakeCard, FakeCollection } from "./collection.ts";

const clock = localDayClock();
const scheduler = createScheduler(defaultDeckOptions, clock);
const states = ["new", "learning", "review", "relearning"] as const;

/** @param fsrs off: Anki forgets the memory state at the first answer */
export function answer(collection: FakeCollection, card: FakeCard, rating: Rating, fsrs: boolean): void {
  const atMs = collection.newId();
  const before = scheduleOf(collection, card);
  const cardId = cardIdOf({ slug: `anki-${card.nid}`, ord: card.ord });
  const { after, interval } = scheduler.answer(cardId, before, rating, atMs);
  const { data, ...columns } = ankiCard(after, card.due, {
    clock,
    options: defaultDeckOptions,
    today: clock.dayOf(collection.crt * 1000),
  });
  const memory = { sAfter: after.stability, dAfter: after.difficulty, durationMs: 0 };
  const intervals = { ivlBefore: before.state === "review" ? before.scheduledDays : 0, ivlAfter: interval };
  const review = { id: atMs, slug: "", ord: 0, kind: "review", source: "anki", rating, stateBefore: before.state } as const;
  const [id = 0, cid = 0, usn = 0, ease = 0, ivl = 0, lastIvl = 0, factor = 0, time = 0, type = 0] = revlogRow(
    { ...review, ...intervals, ...memory },
    card.id,
    atMs,
  );
  collection.revlog.set(id, { id, cid, usn, ease, ivl, lastIvl, factor: fsrs ? factor : 0, time, type });
  Object.assign(card, columns, { data: fsrs ? JSON.parse(data) : {}, mod: Math.floor(collection.now() / 1000) });
}

function scheduleOf(collection: FakeCollection, card: FakeCard): Schedule {
  const state = states[card.type]!;
  if (state === "new") return newSchedule();
  const dueMs = card.due > 100_000_000 ? card.due * 1000 : clock.startOf(clock.dayOf(collection.crt * 1000) + card.due);
  const steps = state === "relearning" ? defaultDeckOptions.relearningSteps : defaultDeckOptions.learningSteps;
  return {
    state,
    dueMs,
    stability: card.data.s ?? Math.max(1, card.ivl),
    difficulty: card.data.d ?? 5,
    scheduledDays: state === "review" ? card.ivl : 0,
    learningSteps: state === "review" ? 0 : Math.max(0, steps.length - card.left),
    reps: card.reps,
    lapses: card.lapses,
    lastReviewMs: (card.data.lrt ?? card.mod) * 1000,
  };
}

export function forget(collection: FakeCollection, card: FakeCard): void {
  const id = collection.newId();
  const row = { ease: 0, ivl: 0, lastIvl: card.ivl, factor: 0, time: 0, type: 4 };
  collection.revlog.set(id, { id, cid: card.id, usn: -1, ...row });
  const schedule = { type: 0, queue: 0, due: 1, ivl: 0, factor: 0, reps: 0, lapses: 0, left: 0, data: {} };
  Object.assign(card, schedule, { mod: Math.floor(collection.now() / 1000) });
}

/** "5", or "9!" where the interval becomes the same. Writes a row of kind 4, as Anki does. */
export function setDueDate(collection: FakeCollection, card: FakeCard, days: string): void {
  const id = collection.newId();
  const count = Number.parseInt(days, 10);
  const today = clock.dayOf(collection.now()) - clock.dayOf(collection.crt * 1000);
  const ivl = days.endsWith("!") || card.type === 0 ? Math.max(1, count) : Math.max(1, card.ivl);
  collection.revlog.set(id, { id, cid: card.id, usn: -1, ease: 0, ivl: 0, lastIvl: 0, factor: 2500, time: 0, type: 4 });
  Object.assign(card, { type: 2, queue: 2, due: today + count, ivl, factor: 2500, mod: Math.floor(collection.now() / 1000) });
}
