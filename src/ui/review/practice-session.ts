/**
 * A practice session without a screen: which card is shown, what its buttons would do, what happened to the last answer.
 * Talks to the store and builds the queue anew after every change, so that closing the tab at any moment loses nothing.
 * The component draws `view()`; it decides nothing.
 */

import type { Result } from "#base";
import {
  type Answer,
  buildQueue,
  type CardStore,
  type ExtraNewCards,
  type Note,
  type PracticeQueue,
  type QueuedCard,
  type Rating,
  type Scheduler,
  type StoreFailure,
} from "#cards";

export interface PracticeView {
  phase: "loading" | "question" | "answer" | "empty" | "failed";
  card?: QueuedCard | undefined;
  /** What each button will do; set while the answer is shown. */
  choices?: Readonly<Record<Rating, Answer>> | undefined;
  queue?: PracticeQueue | undefined;
  /** Cards answered since the page was opened, taken-back ones not counted. */
  done: number;
  canUndo: boolean;
  /** The last thing that did not work, or a notice; kept until the next answer. */
  failure?: StoreFailure | undefined;
  undone: boolean;
  lesson?: string | undefined;
}

export interface PracticeSession {
  view(): PracticeView;
  subscribe(listener: () => void): () => void;
  /** Reads the store; also after the session waited for a card. */
  refresh(): Promise<void>;
  showAnswer(): void;
  rate(rating: Rating): Promise<void>;
  undo(): Promise<void>;
  takeMoreNew(count: number): Promise<void>;
  setLesson(lesson: string | undefined): Promise<void>;
  /** After an import: other notes from now on. */
  setNotes(notes: readonly Note[]): Promise<void>;
}

export interface SessionParts {
  notes: readonly Note[];
  store: CardStore;
  scheduler: Scheduler;
  lesson?: string | undefined;
  /** Milliseconds since the epoch. */
  now(): number;
}

/** Longer looks count as this, as in Anki: the learner has gone for tea. */
const longestAnswerMs = 60_000;

export function createPracticeSession({ notes, store, scheduler, lesson, now }: SessionParts): PracticeSession {
  let view: PracticeView = { phase: "loading", done: 0, canUndo: false, undone: false, lesson };
  let shownAtMs = 0;
  let choicesDay = 0;
  let busy = false;
  const answered: number[] = [];
  let practised = notes;
  const listeners = new Set<() => void>();

  const show = (change: Partial<PracticeView>) => {
    view = { ...view, ...change, done: answered.length, canUndo: answered.length > 0 };
    for (const listener of listeners) listener();
  };

  async function readQueue(): Promise<Result<PracticeQueue, StoreFailure>> {
    const nowMs = now();
    const today = scheduler.clock.dayOf(nowMs);
    const [schedules, log, extra] = await Promise.all([
      store.schedules(),
      store.log(scheduler.clock.startOf(today)),
      store.extraNewCards(),
    ]);
    if (!schedules.ok) return schedules;
    if (!log.ok) return log;
    if (!extra.ok) return extra;
    const extraNew = extra.value.day === today ? extra.value.count : 0;
    const rest = { schedules: schedules.value, log: log.value, extraNew, nowMs, scheduler };
    return { ok: true, value: buildQueue({ notes: practised, lesson: view.lesson, ...rest }) };
  }

  /** Shows `wanted` when it is in the queue, otherwise the first card. A card that is being looked at stays. */
  async function advance(wanted: string | undefined, change: Partial<PracticeView> = {}): Promise<void> {
    const queue = await readQueue();
    if (!queue.ok) return show({ ...change, phase: "failed", failure: queue.error });
    const { cards } = queue.value;
    const card = cards.find(({ id }) => id === wanted) ?? cards[0];
    const same = card !== undefined && card.id === view.card?.id && card.schedule.reps === view.card.schedule.reps;
    if (same && (view.phase === "question" || view.phase === "answer")) return show({ ...change, queue: queue.value });
    shownAtMs = now();
    show({ ...change, queue: queue.value, card, choices: undefined, phase: card ? "question" : "empty" });
  }

  function computeChoices(card: QueuedCard): Readonly<Record<Rating, Answer>> {
    choicesDay = scheduler.clock.dayOf(now());
    return scheduler.preview(card.id, card.schedule, now());
  }

  /** One operation at a time: a key held down answers one card. */
  async function exclusively(operation: () => Promise<void>): Promise<void> {
    if (busy) return;
    busy = true;
    try {
      await operation();
    } finally {
      busy = false;
    }
  }

  return {
    view: () => view,
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    refresh: () => exclusively(() => advance(view.card?.id)),
    showAnswer() {
      if (view.phase === "question" && view.card) show({ phase: "answer", choices: computeChoices(view.card) });
    },
    rate: (rating) =>
      exclusively(async () => {
        const { card, phase } = view;
        if (phase !== "answer" || !card) return;
        // The day has turned since the buttons were drawn: draw them anew instead of doing what they do not say.
        if (scheduler.clock.dayOf(now()) !== choicesDay) return show({ choices: computeChoices(card) });
        const nowMs = now();
        const result = await store.review({
          card: { slug: card.note.slug, ord: card.ord },
          lang: card.note.lang,
          rating,
          expectedReps: card.schedule.reps,
          nowMs,
          durationMs: Math.min(longestAnswerMs, Math.max(0, nowMs - shownAtMs)),
        });
        if (result.ok) {
          answered.push(result.value.row.id);
          await advance(undefined, { failure: undefined, undone: false });
        } else if (result.error.code === "StaleCard") {
          await advance(undefined, { failure: result.error, undone: false });
        } else {
          show({ failure: result.error });
        }
      }),
    undo: () =>
      exclusively(async () => {
        const reviewId = answered.at(-1);
        if (reviewId === undefined) return;
        const result = await store.undo(reviewId, now());
        if (!result.ok && result.error.code !== "NothingToUndo") return show({ failure: result.error });
        answered.pop();
        const row = result.ok ? result.value : undefined;
        const failure = result.ok ? undefined : result.error;
        await advance(row && `${row.slug}#${row.ord}`, { failure, undone: result.ok });
      }),
    takeMoreNew: (count) =>
      exclusively(async () => {
        const today = scheduler.clock.dayOf(now());
        const known = await store.extraNewCards();
        const before: ExtraNewCards = known.ok && known.value.day === today ? known.value : { day: today, count: 0 };
        const result = await store.setExtraNewCards({ day: today, count: before.count + count });
        await advance(undefined, result.ok ? {} : { failure: result.error });
      }),
    setNotes: (next) => {
      practised = next;
      return exclusively(() => advance(view.card?.id));
    },
    setLesson: (next) =>
      exclusively(async () => {
        view = { ...view, lesson: next };
        await advance(undefined);
      }),
  };
}
