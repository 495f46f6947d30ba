/**
 * Which cards to practise now, in order: learning cards whose step is over, reviews due today, new cards within the day's
 * limits, then learning cards that come within 20 minutes. One card of a family (the EN and RU note of an idea, all cards
 * of a note) a day; suspended and buried ones wait. Pure; asks neither clock nor store.
 */
import { cardIdOf, siblingKeyOf } from "../model/note.ts";
import { sha1Hex } from "../model/sha1.ts";
import type { PracticeSettings, RestartPlan } from "../scheduling/practice-settings.ts";
import { type LogRow, standingReviews } from "../scheduling/review-log.ts";
import type { Scheduler } from "../scheduling/schedule.ts";
import { createDayLimits } from "./deck-limits.ts";
import { isBuried, type QueuedCard } from "./queued-card.ts";
import { backlogAllowance } from "./restart.ts";

/** Anki's "learn ahead limit". */
const learnAheadMs = 20 * 60_000;

export interface PracticeQueue {
  cards: QueuedCard[];
  counts: Readonly<Record<QueuedCard["kind"], number>>;
  /** When the next card comes that is not in the queue; undefined when there is none at all. */
  nextDueMs?: number | undefined;
  /** New cards kept back by the daily limit (not by their siblings). */
  newHeldBack: number;
  /** Review cards that are due and wait for another day: the daily limit, or a backlog that is being spread. */
  reviewsHeldBack: number;
  /** Reviews due before today. */
  overdue: number;
  /** Cards of the selection, practised or not. */
  total: number;
}

export interface QueueRequest {
  /** The cards to choose from, in teaching order: the whole language, a lesson, what a search found. */
  cards: readonly QueuedCard[];
  /** The log from the beginning of today at least. */
  log: readonly LogRow[];
  extraNew: number;
  /** What single decks have of their own, and the deck of any card of the log; none: all cards are one deck. */
  decks?: { own: PracticeSettings["decks"]; deckOf(cardId: string): string | undefined } | undefined;
  nowMs: number;
  scheduler: Pick<Scheduler, "clock" | "options" | "retrievability">;
  restart?: RestartPlan | undefined;
}

export function buildQueue(request: QueueRequest): PracticeQueue {
  const { nowMs, scheduler, restart } = request;
  const cards = request.cards.filter((card) => card.kind !== "new" || !card.note.onRequest);
  const { clock, options } = scheduler;
  const today = clock.dayOf(nowMs);
  const todayMs = clock.startOf(today);
  const tomorrowMs = clock.startOf(today + 1);
  const reviewsToday = standingReviews(request.log).filter((row) => clock.dayOf(row.id) === today);
  const practised = new Map(reviewsToday.map((row) => [siblingKeyOf(row.slug), cardIdOf(row)]));

  const awake = cards.filter((card) => !card.marks.suspended && !isBuried(card, nowMs));
  const learning = awake.filter((card) => card.kind === "learning").sort(byDue);
  const due = awake.filter((card) => card.kind === "review" && card.schedule.dueMs < tomorrowMs);
  const fresh = awake.filter((card) => card.kind === "new");

  const taken = new Map(practised);
  /** True once a family: the card practised today may come again, its siblings wait for tomorrow. */
  const admit = (card: QueuedCard) => {
    const family = siblingKeyOf(card.note.slug);
    const holder = taken.get(family);
    if (holder === undefined) taken.set(family, card.id);
    return holder === undefined || holder === card.id;
  };

  for (const card of learning) admit(card);
  const { own = {}, deckOf = () => undefined } = request.decks ?? {};
  const limits = createDayLimits({
    // While a backlog is being worked off nothing is added to it, unless the learner asks for it.
    options: restart ? { ...options, newPerDay: 0 } : options,
    own,
    done: reviewsToday.map((row) => ({ deck: deckOf(cardIdOf(row)), row })),
    extraNew: request.extraNew,
  });
  const reviews = allowedToday(due, restart, today, scheduler, nowMs).filter(admit);
  const dueReviews = reviews.filter(({ deck }) => limits.take(deck, "review"));
  const admittedNew = fresh.filter(admit);
  const dueNew = admittedNew.filter(({ deck }) => limits.take(deck, "new"));

  const stepOver = learning.filter((card) => card.schedule.dueMs <= nowMs);
  const ahead = learning.filter((card) => card.schedule.dueMs > nowMs && card.schedule.dueMs <= nowMs + learnAheadMs);
  const queue = [...stepOver, ...dueReviews, ...dueNew, ...ahead];
  const queued = new Set(queue.map((card) => card.id));
  const later = cards.filter((card) => !queued.has(card.id) && !card.marks.suspended);
  return {
    cards: queue,
    counts: { learning: stepOver.length + ahead.length, review: dueReviews.length, new: dueNew.length },
    nextDueMs: later.length === 0 ? undefined : Math.min(...later.map((card) => comesAt(card, nowMs, tomorrowMs))),
    newHeldBack: admittedNew.length - dueNew.length,
    reviewsHeldBack: due.filter((card) => !queued.has(card.id)).length,
    overdue: due.filter((card) => card.schedule.dueMs < todayMs).length,
    total: cards.length,
  };
}

/**
 * Due cards in their order. While a backlog is being spread: what came due since, and of the backlog only its share,
 * the best remembered first, as Anki advises for a backlog: those can still be saved.
 */
function allowedToday(
  due: readonly QueuedCard[],
  restart: RestartPlan | undefined,
  today: number,
  scheduler: QueueRequest["scheduler"],
  nowMs: number,
): QueuedCard[] {
  if (!restart) return due.toSorted(byDayThenHash);
  const startedMs = scheduler.clock.startOf(restart.startedDay);
  const backlog = due.filter((card) => card.schedule.dueMs < startedMs);
  const recall = new Map(backlog.map((card) => [card.id, scheduler.retrievability(card.schedule, nowMs)]));
  const share = backlog
    .toSorted((a, b) => recall.get(b.id)! - recall.get(a.id)! || byDayThenHash(a, b))
    .slice(0, backlogAllowance(restart, backlog.length, today));
  return [...due.filter((card) => card.schedule.dueMs >= startedMs).sort(byDayThenHash), ...share];
}

/** A learning card comes when its step is over, everything else not before tomorrow; a buried one not before its morning. */
function comesAt(card: QueuedCard, nowMs: number, tomorrowMs: number): number {
  const wakesMs = Math.max(nowMs, card.marks.buriedUntilMs);
  if (card.kind === "learning") return Math.max(card.schedule.dueMs, wakesMs);
  return Math.max(card.kind === "new" ? tomorrowMs : card.schedule.dueMs, tomorrowMs, wakesMs);
}

function byDue(a: QueuedCard, b: QueuedCard): number {
  return a.schedule.dueMs - b.schedule.dueMs;
}

/** Oldest day first; within a day mixed, but the same for every build of the queue. */
function byDayThenHash(a: QueuedCard, b: QueuedCard): number {
  return a.schedule.dueMs - b.schedule.dueMs || (sha1Hex(a.id) < sha1Hex(b.id) ? -1 : 1);
}
