/**
 * Which cards to practise now, in order: learning cards whose step is over, reviews due today, new cards within the day's
 * limit, then learning cards that come within 20 minutes. One card of a family (the EN and RU note of an idea, both
 * directions of a reversed note) a day. Pure; asks neither clock nor store.
 */
import { cardIdOf, type Note, ordinalsOf, siblingKeyOf } from "../model/note.ts";
import { sha1Hex } from "../model/sha1.ts";
import { type LogRow, standingReviews } from "../scheduling/review-log.ts";
import { newSchedule, type Schedule, type Scheduler } from "../scheduling/schedule.ts";

/** Anki's "learn ahead limit". */
const learnAheadMs = 20 * 60_000;

export interface QueuedCard {
  id: string;
  note: Note;
  ord: number;
  schedule: Schedule;
  kind: "learning" | "review" | "new";
}

export interface PracticeQueue {
  cards: QueuedCard[];
  counts: Readonly<Record<QueuedCard["kind"], number>>;
  /** When the next card comes that is not in the queue; undefined when there is none at all. */
  nextDueMs?: number | undefined;
  /** New cards kept back by the daily limit (not by their siblings). */
  newHeldBack: number;
  /** Cards of the selection, practised or not. */
  total: number;
}

export interface QueueRequest {
  /** The language's notes in teaching order. */
  notes: readonly Note[];
  /** Only this lesson. */
  lesson?: string | undefined;
  schedules: ReadonlyMap<string, Schedule>;
  /** The log from the beginning of today at least. */
  log: readonly LogRow[];
  extraNew: number;
  nowMs: number;
  scheduler: Pick<Scheduler, "clock" | "options">;
}

export function buildQueue(request: QueueRequest): PracticeQueue {
  const { schedules, nowMs, scheduler } = request;
  const { clock, options } = scheduler;
  const today = clock.dayOf(nowMs);
  const tomorrowMs = clock.startOf(today + 1);
  const reviewsToday = standingReviews(request.log).filter((row) => clock.dayOf(row.id) === today);
  const practised = new Map(reviewsToday.map((row) => [siblingKeyOf(row.slug), cardIdOf(row)]));

  const selected = request.notes.filter((note) => request.lesson === undefined || note.lesson === request.lesson);
  const cards = selected.flatMap((note) => ordinalsOf(note).map((ord) => queuedCard(note, ord, schedules)));
  const learning = cards.filter((card) => card.kind === "learning").sort(byDue);
  const reviews = cards.filter((card) => card.kind === "review" && card.schedule.dueMs < tomorrowMs).sort(byDayThenHash);
  const fresh = cards.filter((card) => card.kind === "new");

  const taken = new Map(practised);
  /** True once a family: the card practised today may come again, its siblings wait for tomorrow. */
  const admit = (card: QueuedCard) => {
    const family = siblingKeyOf(card.note.slug);
    const holder = taken.get(family);
    if (holder === undefined) taken.set(family, card.id);
    return holder === undefined || holder === card.id;
  };

  for (const card of learning) admit(card);
  const reviewsDone = reviewsToday.filter((row) => row.stateBefore === "review").length;
  const dueReviews = reviews.filter(admit).slice(0, Math.max(0, options.reviewsPerDay - reviewsDone));
  const newDone = reviewsToday.filter((row) => row.stateBefore === "new").length;
  const allowedNew = Math.max(0, options.newPerDay + request.extraNew - newDone);
  const admittedNew = fresh.filter(admit);
  const dueNew = admittedNew.slice(0, allowedNew);

  const stepOver = learning.filter((card) => card.schedule.dueMs <= nowMs);
  const ahead = learning.filter((card) => card.schedule.dueMs > nowMs && card.schedule.dueMs <= nowMs + learnAheadMs);
  const queue = [...stepOver, ...dueReviews, ...dueNew, ...ahead];
  const queued = new Set(queue.map((card) => card.id));
  const later = cards.filter((card) => !queued.has(card.id));
  return {
    cards: queue,
    counts: { learning: stepOver.length + ahead.length, review: dueReviews.length, new: dueNew.length },
    nextDueMs: later.length === 0 ? undefined : Math.min(...later.map((card) => comesAt(card, nowMs, tomorrowMs))),
    newHeldBack: admittedNew.length - dueNew.length,
    total: cards.length,
  };
}

function queuedCard(note: Note, ord: number, schedules: ReadonlyMap<string, Schedule>): QueuedCard {
  const id = cardIdOf({ slug: note.slug, ord });
  const schedule = schedules.get(id) ?? newSchedule();
  const kind = schedule.state === "new" || schedule.state === "review" ? schedule.state : "learning";
  return { id, note, ord, schedule, kind };
}

/** A learning card comes when its step is over, everything else not before tomorrow. */
function comesAt(card: QueuedCard, nowMs: number, tomorrowMs: number): number {
  if (card.kind === "learning") return Math.max(card.schedule.dueMs, nowMs);
  return card.kind === "new" ? tomorrowMs : Math.max(card.schedule.dueMs, tomorrowMs);
}

function byDue(a: QueuedCard, b: QueuedCard): number {
  return a.schedule.dueMs - b.schedule.dueMs;
}

/** Oldest day first; within a day mixed, but the same for every build of the queue. */
function byDayThenHash(a: QueuedCard, b: QueuedCard): number {
  return a.schedule.dueMs - b.schedule.dueMs || (sha1Hex(a.id) < sha1Hex(b.id) ? -1 : 1);
}
