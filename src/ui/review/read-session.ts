/** One reading of the store for a session: the cards with their schedules and marks, and the queue that follows. */
import { ok, type Result } from "#base";
import {
  applyEdits,
  buildQueue,
  type CardStore,
  type CramSession,
  cardsOf,
  createDayLoads,
  type DayClock,
  type DayLoads,
  type DeckSchedulers,
  isRestartOver,
  type Note,
  needsRestart,
  type PracticeQueue,
  type QueuedCard,
  type StoreFailure,
  standingReviews,
} from "#cards";

export interface SessionReading {
  queue: PracticeQueue;
  cram?: CramSession | undefined;
  restartOffer?: { overdue: number; awayDays: number } | undefined;
  restartDaysLeft?: number | undefined;
  loadsOf(cardId: string): DayLoads;
  /** Any card, in the queue or not. */
  cardOf(cardId: string): QueuedCard | undefined;
}

export interface ReadingParts {
  notes: readonly Note[];
  store: CardStore;
  schedulers: DeckSchedulers;
  clock: DayClock;
  lesson?: string | undefined;
  nowMs: number;
}

/** Every card of the notes as the learner has them: own wording, schedule, marks. */
export async function readCards(notes: readonly Note[], store: CardStore): Promise<Result<QueuedCard[], StoreFailure>> {
  const [schedules, marks, edits] = await Promise.all([store.schedules(), store.marks(), store.edits()]);
  if (!schedules.ok) return schedules;
  if (!marks.ok) return marks;
  if (!edits.ok) return edits;
  const worded = applyEdits(notes, edits.value);
  return ok(cardsOf({ notes: worded, schedules: schedules.value, marks: marks.value }));
}

export async function readSession(parts: ReadingParts): Promise<Result<SessionReading, StoreFailure>> {
  const { notes, store, schedulers, clock, lesson, nowMs } = parts;
  const today = clock.dayOf(nowMs);
  const [cards, schedules, log, extra, settings, cram] = await Promise.all([
    readCards(notes, store),
    store.schedules(),
    store.log(clock.startOf(today)),
    store.extraNewCards(),
    store.settings(),
    store.cramSession(),
  ]);
  if (!cards.ok) return cards;
  if (!schedules.ok) return schedules;
  if (!log.ok) return log;
  if (!extra.ok) return extra;
  if (!settings.ok) return settings;
  if (!cram.ok) return cram;

  const loadsOf = createDayLoads(schedules.value, clock);
  const plan = settings.value.restart;
  const restart = plan && !isRestartOver(plan, today) ? plan : undefined;
  const session = cram.value?.day === today ? cram.value : undefined;
  const extraNew = extra.value.day === today ? extra.value.count : 0;
  const chosen = lesson === undefined ? cards.value : cards.value.filter(({ note }) => note.lesson === lesson);
  const scheduler = { ...schedulers.base, options: { ...schedulers.base.options, ...limitsOf(settings.value.options) } };
  const deckById = new Map(cards.value.map(({ id, deck }) => [id, deck]));
  const decks = { own: settings.value.decks, deckOf: (cardId: string) => deckById.get(cardId) };
  const queue = buildQueue({ cards: chosen, log: log.value, extraNew, decks, nowMs, scheduler, restart });
  const lastDay = lastReviewDay(cards.value, clock);
  const isBreak = !restart && !session && standingReviews(log.value).length === 0 && needsRestart(queue.overdue, lastDay, today);
  return ok({
    queue: session ? cramQueue(session, cards.value, queue) : queue,
    cram: session,
    restartOffer: isBreak ? { overdue: queue.overdue, awayDays: today - (lastDay ?? today) } : undefined,
    restartDaysLeft: restart && restart.startedDay + restart.days - today,
    loadsOf,
    cardOf: (cardId) => cards.value.find(({ id }) => id === cardId),
  });
}

/** The daily limits may change while the page is open; what memory is computed from may not. */
function limitsOf({ newPerDay, reviewsPerDay }: { newPerDay: number; reviewsPerDay: number }) {
  return { newPerDay, reviewsPerDay };
}

function lastReviewDay(cards: readonly QueuedCard[], clock: DayClock): number | undefined {
  const moments = cards.flatMap(({ schedule }) => (schedule.lastReviewMs === undefined ? [] : [schedule.lastReviewMs]));
  return moments.length === 0 ? undefined : clock.dayOf(moments.reduce((a, b) => Math.max(a, b)));
}

function cramQueue({ left, total }: CramSession, cards: readonly QueuedCard[], due: PracticeQueue): PracticeQueue {
  const byId = new Map(cards.map((card) => [card.id, card]));
  const queued = left.flatMap((id) => byId.get(id) ?? []).filter(({ marks }) => !marks.suspended);
  const count = (kind: QueuedCard["kind"]) => queued.filter((card) => card.kind === kind).length;
  const counts = { learning: count("learning"), review: count("review"), new: count("new") };
  return { ...due, cards: queued, counts, newHeldBack: 0, reviewsHeldBack: 0, total };
}
