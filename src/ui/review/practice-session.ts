/**
 * A practice session without a screen: which card is shown, what its buttons would do, what happened to the last answer.
 * Talks to the store and builds the queue anew after every change, so that closing the tab at any moment loses nothing.
 * The component draws `view()`; it decides nothing.
 */

import {
  type Answer,
  type CardStore,
  type CramOrder,
  type CramSession,
  chooseCram,
  type DayClock,
  type DeckSchedulers,
  type ExtraNewCards,
  type MarkChange,
  type Note,
  type PracticeQueue,
  type QueuedCard,
  type Rating,
  type StoreFailure,
} from "#cards";
import { readSession, type SessionReading } from "./read-session.ts";
import { cardHere } from "./twin-card.ts";

export interface PracticeView {
  phase: "loading" | "question" | "answer" | "empty" | "failed";
  card?: QueuedCard | undefined;
  /** What each button will do; set while the answer is shown and the answer moves the schedule. */
  choices?: Readonly<Record<Rating, Answer>> | undefined;
  /** The rating that the card itself found, when it judges what the learner did. */
  proposed?: Rating | undefined;
  queue?: PracticeQueue | undefined;
  /** Cards answered since the page was opened, taken-back ones not counted. */
  done: number;
  canUndo: boolean;
  /** The last thing that did not work, or a notice; kept until the next answer. */
  failure?: StoreFailure | undefined;
  /** What has just happened, for the line of notices. */
  notice?: "undone" | "leech" | "suspended" | "buried" | undefined;
  lesson?: string | undefined;
  /** Set while a session of the learner's own choice is under way. */
  cram?: CramSession | undefined;
  /** A backlog after a break that could be spread over some days. */
  restartOffer?: { overdue: number; awayDays: number } | undefined;
  /** Days of a running plan, this one included. */
  restartDaysLeft?: number | undefined;
}

export interface CramWish {
  title: string;
  cards: readonly QueuedCard[];
  order: CramOrder;
  limit: number;
  moves: boolean;
}

/** A session on its way to the page's twin in the other language. */
export interface CarriedPractice {
  acts: readonly Act[];
  lesson: string | undefined;
  card: { id: string; answerShown: boolean; proposed: Rating | undefined; lookedAtMs: number } | undefined;
}

export interface PracticeSession {
  view(): PracticeView;
  subscribe(listener: () => void): () => void;
  /** What was answered can be taken back there too, and the card that is shown stays. */
  pack(): CarriedPractice;
  /** Reads the store for the first time. */
  begin(brought?: CarriedPractice): Promise<void>;
  /** Reads the store; also after the session waited for a card. */
  refresh(): Promise<void>;
  /** @param proposed what a card that judges by itself found */
  showAnswer(proposed?: Rating): void;
  rate(rating: Rating): Promise<void>;
  /** Takes the last answer or mark of this session back, as often as there is one. */
  undo(): Promise<void>;
  /** Sets a mark on the card that is shown. */
  mark(change: MarkChange): Promise<void>;
  /** Until tomorrow morning. */
  bury(): Promise<void>;
  takeMoreNew(count: number): Promise<void>;
  setLesson(lesson: string | undefined): Promise<void>;
  startCram(wish: CramWish): Promise<void>;
  endCram(): Promise<void>;
  startRestart(days: number): Promise<void>;
  endRestart(): Promise<void>;
  /** After an import: other notes from now on. */
  setNotes(notes: readonly Note[]): Promise<void>;
}

export interface SessionParts {
  notes: readonly Note[];
  store: CardStore;
  schedulers: DeckSchedulers;
  clock: DayClock;
  lesson?: string | undefined;
  /** Milliseconds since the epoch. */
  now(): number;
}

/** Longer looks count as this, as in Anki: the learner has gone for tea. */
const longestAnswerMs = 60_000;

interface Act {
  kind: "answer" | "mark";
  rowId: number;
  cardId: string;
}

export function createPracticeSession({ notes, store, schedulers, clock, lesson, now }: SessionParts): PracticeSession {
  let view: PracticeView = { phase: "loading", done: 0, canUndo: false, lesson };
  let reading: SessionReading | undefined;
  let shownAtMs = 0;
  let choicesDay = 0;
  let busy = false;
  let running: Promise<void> = Promise.resolve();
  let practised = notes;
  const acts: Act[] = [];
  const listeners = new Set<() => void>();

  const show = (change: Partial<PracticeView>) => {
    const done = acts.filter(({ kind }) => kind === "answer").length;
    view = { ...view, ...change, done, canUndo: acts.length > 0 };
    for (const listener of listeners) listener();
  };

  /** Shows `wanted` when it is in the queue, otherwise the first card. A card that is being looked at stays. */
  async function advance(wanted: string | undefined, change: Partial<PracticeView> = {}): Promise<void> {
    const read = await readSession({ notes: practised, store, schedulers, clock, lesson: view.lesson, nowMs: now() });
    if (!read.ok) return show({ ...change, phase: "failed", failure: read.error });
    reading = read.value;
    const { queue, cram, restartOffer, restartDaysLeft } = read.value;
    const known = { ...change, queue, cram, restartOffer, restartDaysLeft };
    const card = queue.cards.find(({ id }) => id === wanted) ?? queue.cards[0];
    const same = card !== undefined && card.id === view.card?.id && card.schedule.reps === view.card.schedule.reps;
    if (same && (view.phase === "question" || view.phase === "answer")) return show({ ...known, card });
    shownAtMs = now();
    show({ ...known, card, choices: undefined, proposed: undefined, phase: card ? "question" : "empty" });
  }

  function computeChoices(card: QueuedCard): Readonly<Record<Rating, Answer>> | undefined {
    if (!reading || view.cram?.moves === false) return undefined;
    choicesDay = clock.dayOf(now());
    return schedulers.preview(card.deck, card.id, card.schedule, now(), reading.loadsOf(card.id));
  }

  /** One operation at a time: a key held down answers one card. */
  async function exclusively(operation: () => Promise<void>): Promise<void> {
    if (!busy) await run(operation);
  }

  /** After what is being done: no wish to take back is lost. */
  async function afterwards(operation: () => Promise<void>): Promise<void> {
    while (busy) await running;
    await run(operation);
  }

  async function run(operation: () => Promise<void>): Promise<void> {
    busy = true;
    running = operation().finally(() => {
      busy = false;
    });
    await running;
  }

  async function rate(rating: Rating): Promise<void> {
    const { card, phase, cram, choices } = view;
    if (phase !== "answer" || !card) return;
    // The day has turned since the buttons were drawn: draw them anew instead of doing what they do not say.
    if (choices && clock.dayOf(now()) !== choicesDay) return show({ choices: computeChoices(card) });
    const nowMs = now();
    const given = {
      card: { slug: card.note.slug, ord: card.ord },
      rating,
      nowMs,
      durationMs: Math.min(longestAnswerMs, Math.max(0, nowMs - shownAtMs)),
    };
    const result = choices
      ? await store.review({
          ...given,
          lang: card.note.lang,
          expectedReps: card.schedule.reps,
          interval: choices[rating].interval,
        })
      : await store.cram(given);
    if (!result.ok && result.error.code !== "StaleCard") return show({ failure: result.error });
    if (result.ok) {
      const row = "row" in result.value ? result.value.row : result.value;
      acts.push({ kind: "answer", rowId: row.id, cardId: card.id });
    }
    if (cram) await keepCram(cram, card.id, rating);
    const leech = result.ok && "leech" in result.value && result.value.leech;
    await advance(undefined, { failure: result.ok ? undefined : result.error, notice: leech ? "leech" : undefined });
  }

  async function keepCram(cram: CramSession, cardId: string, rating: Rating): Promise<void> {
    const left = cram.left.filter((id) => id !== cardId);
    await store.saveCramSession({ ...cram, left: rating === 1 ? [...left, cardId] : left });
  }

  async function mark(change: MarkChange, notice: PracticeView["notice"]): Promise<void> {
    const { card } = view;
    if (!card) return;
    const result = await store.mark([{ slug: card.note.slug, ord: card.ord }], change, now());
    if (!result.ok) return show({ failure: result.error });
    for (const row of result.value) acts.push({ kind: "mark", rowId: row.id, cardId: card.id });
    const leaves = change.suspended === true || (change.buriedUntilMs ?? 0) > now();
    await advance(leaves ? undefined : card.id, { failure: undefined, notice });
  }

  async function undo(): Promise<void> {
    const act = acts.at(-1);
    if (act === undefined) return;
    const result = await store.undo(act.rowId, now());
    if (!result.ok && result.error.code !== "NothingToUndo") return show({ failure: result.error });
    acts.pop();
    if (view.cram && act.kind === "answer") {
      const left = [act.cardId, ...view.cram.left.filter((id) => id !== act.cardId)];
      await store.saveCramSession({ ...view.cram, left });
    }
    const failure = result.ok ? undefined : result.error;
    // The same card with the same count of answers must be drawn anew: as a question.
    view = { ...view, phase: "loading" };
    await advance(act.cardId, { failure, notice: result.ok ? "undone" : undefined });
  }

  async function takeMoreNew(count: number): Promise<void> {
    const today = clock.dayOf(now());
    const known = await store.extraNewCards();
    const before: ExtraNewCards = known.ok && known.value.day === today ? known.value : { day: today, count: 0 };
    const result = await store.setExtraNewCards({ day: today, count: before.count + count });
    await advance(undefined, result.ok ? {} : { failure: result.error });
  }

  async function startCram({ title, cards, order, limit, moves }: CramWish): Promise<void> {
    const nowMs = now();
    const scheduler = schedulers.base;
    const left = chooseCram({ cards, order, limit, nowMs, seed: String(nowMs), scheduler }).map(({ id }) => id);
    const session: CramSession = { title, left, total: left.length, moves, day: clock.dayOf(nowMs) };
    const saved = await store.saveCramSession(left.length > 0 ? session : undefined);
    view = { ...view, phase: "loading" };
    await advance(undefined, saved.ok ? { failure: undefined } : { failure: saved.error });
  }

  async function saveRestart(days: number | undefined): Promise<void> {
    const settings = await store.settings();
    if (!settings.ok) return show({ failure: settings.error });
    const { restart: _restart, ...rest } = settings.value;
    const size = view.queue?.overdue ?? 0;
    const plan = days === undefined ? {} : { restart: { startedDay: clock.dayOf(now()), days, size } };
    const saved = await store.saveSettings({ ...rest, ...plan });
    view = { ...view, phase: "loading" };
    await advance(undefined, saved.ok ? {} : { failure: saved.error });
  }

  async function begin(brought: CarriedPractice | undefined): Promise<void> {
    if (!brought) return advance(undefined);
    const { card: before } = brought;
    acts.push(...brought.acts);
    view = { ...view, lesson: brought.lesson };
    const known = new Set(practised.map(({ slug }) => slug));
    const twin = (id: string) => cardHere(id, (slug) => known.has(slug));
    const cram = await store.cramSession();
    if (cram.ok && cram.value) await store.saveCramSession({ ...cram.value, left: cram.value.left.map(twin) });
    const wanted = before && twin(before.id);
    await advance(wanted);
    const same = wanted && view.card?.id !== wanted && !view.cram ? reading?.cardOf(wanted) : undefined;
    // Each language has its own schedule: what was being looked at stays, due there or not.
    if (same && !same.marks.suspended) show({ card: same, phase: "question" });
    if (!before || view.card?.id !== wanted) return;
    shownAtMs = before.lookedAtMs;
    if (before.answerShown) showAnswer(before.proposed);
  }

  function showAnswer(proposed: Rating | undefined): void {
    if (view.phase === "question" && view.card) show({ phase: "answer", choices: computeChoices(view.card), proposed });
  }

  return {
    view: () => view,
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    refresh: () => exclusively(() => advance(view.card?.id)),
    pack() {
      const { card, phase, proposed, lesson: chosen } = view;
      const seen = { answerShown: phase === "answer", proposed, lookedAtMs: shownAtMs };
      return { acts: [...acts], lesson: chosen, card: card && { id: card.id, ...seen } };
    },
    begin: (brought) => exclusively(() => begin(brought)),
    showAnswer,
    rate: (rating) => exclusively(() => rate(rating)),
    undo: () => afterwards(undo),
    mark: (change) => exclusively(() => mark(change, change.suspended ? "suspended" : undefined)),
    bury: () => exclusively(() => mark({ buriedUntilMs: clock.startOf(clock.dayOf(now()) + 1) }, "buried")),
    takeMoreNew: (count) => exclusively(() => takeMoreNew(count)),
    setNotes: (next) => {
      practised = next;
      return exclusively(() => advance(view.card?.id));
    },
    setLesson: (next) =>
      exclusively(async () => {
        view = { ...view, lesson: next };
        await advance(undefined);
      }),
    startCram: (wish) => exclusively(() => startCram(wish)),
    endCram: () =>
      exclusively(async () => {
        const saved = await store.saveCramSession(undefined);
        view = { ...view, phase: "loading" };
        await advance(undefined, saved.ok ? {} : { failure: saved.error });
      }),
    startRestart: (days) => exclusively(() => saveRestart(days)),
    endRestart: () => exclusively(() => saveRestart(undefined)),
  };
}
