/**
 * Rows of `cards`: which card a row is, and the state Anki keeps for it. The state matters only where the package has no
 * review of the card (its log is the truth); then it becomes a row of the log that a replay starts from.
 */
import type { SqlValue } from "sql.js";
import type { DayClock } from "../scheduling/day-clock.ts";
import { type DeckOptions, fillWeights } from "../scheduling/deck-options.ts";
import type { StateRow } from "../scheduling/review-log.ts";
import { cardStates } from "../scheduling/schedule.ts";
import type { CollectionDatabase } from "./collection-database.ts";
import type { NoticeBoard } from "./import-failure.ts";
import type { ImportLimits } from "./import-limits.ts";
import { textOfCell } from "./note-reader.ts";

export interface AnkiMemory {
  stability: number;
  difficulty: number;
}

/** One row, in Anki's own numbers. */
export interface CardRecord {
  id: number;
  noteId: number;
  deckId: number;
  ord: number;
  changedAtS: number;
  type: number;
  queue: number;
  /** In its home deck's terms, also for a card that sits in a filtered deck. */
  due: number;
  ivl: number;
  factor: number;
  reps: number;
  lapses: number;
  left: number;
  /** Coloured flag, 1 … 7; 0: none. */
  flag: number;
  /** It sits in a filtered deck now, which has its own due date for it. */
  filtered: boolean;
  memory?: AnkiMemory | undefined;
  lastReviewS?: number | undefined;
}

const columns = [
  "id",
  "nid",
  "did",
  "ord",
  "mod",
  "type",
  "queue",
  "due",
  "ivl",
  "factor",
  "reps",
  "lapses",
  "left",
  "odue",
  "odid",
  "flags",
  "data",
];
const longestIntervalDays = 36_500;

/** Card id → card. One with numbers that Anki never writes counts as new; its reviews, if it has any, say more. */
export function readCards(database: CollectionDatabase, limits: ImportLimits, notices: NoticeBoard): Map<number, CardRecord> {
  const cards = new Map<number, CardRecord>();
  const data = "CASE WHEN length(data)>4000 THEN '' ELSE data END";
  database.eachRow("cards", [...columns.slice(0, -1), data], limits.cards, (row) => {
    const card = cardFrom(row, notices);
    if (card) cards.set(card.id, card);
  });
  return cards;
}

function cardFrom(row: SqlValue[], notices: NoticeBoard): CardRecord | undefined {
  const [id, noteId, deckId, ord, changedAtS, type, queue, due, ivl, factor, reps, lapses, left, homeDue, homeDeck, flags] = row
    .slice(0, -1)
    .map((cell) => (Number.isSafeInteger(cell) ? Number(cell) : Number.NaN)) as Sixteen;
  const within = (value: number, least: number, most: number) => value >= least && value <= most;
  if (![id, noteId].every(Number.isSafeInteger) || !within(ord, 0, 65_535)) {
    notices.add("AbsurdCard");
    return undefined;
  }
  const inFilteredDeck = homeDeck > 0;
  const home = { id, noteId, deckId: inFilteredDeck ? homeDeck : deckId, ord, changedAtS };
  // The three lowest bits are the flag's number; Anki keeps the others for itself.
  const place = { ...home, flag: flags > 0 ? flags & 7 : 0, filtered: inFilteredDeck };
  const plausible =
    within(type, 0, 3) &&
    within(queue, -3, 4) &&
    within(ivl, -864_000, longestIntervalDays) &&
    within(due, -1_000_000, 2 ** 33) &&
    within(reps, 0, 1_000_000) &&
    within(lapses, 0, 1_000_000) &&
    within(changedAtS, 0, 2 ** 33);
  if (!plausible) {
    notices.add("AbsurdCard");
    return { ...place, changedAtS: 0, type: 0, queue: 0, due: 0, ivl: 0, factor: 0, reps: 0, lapses: 0, left: 0 };
  }
  return {
    ...place,
    type,
    queue,
    due: inFilteredDeck && homeDue !== 0 ? homeDue : due,
    ivl,
    factor,
    reps,
    lapses,
    left: left > 0 ? left % 1000 : 0,
    ...memoryFrom(textOfCell(row.at(-1)), notices),
  };
}

type Sixteen = [
  number,
  number,
  number,
  number,
  number,
  number,
  number,
  number,
  number,
  number,
  number,
  number,
  number,
  number,
  number,
  number,
];

/** `cards.data`: what is no JSON has no memory; what is out of FSRS's range is brought back into it, as Anki does. */
function memoryFrom(text: string, notices: NoticeBoard): Pick<CardRecord, "memory" | "lastReviewS"> {
  let data: { s?: unknown; d?: unknown; lrt?: unknown } | null;
  try {
    data = JSON.parse(text);
  } catch {
    return {};
  }
  if (typeof data !== "object" || data === null) return {};
  const { s, d, lrt } = data;
  const lastReviewS = typeof lrt === "number" && Number.isSafeInteger(lrt) && lrt > 0 ? lrt : undefined;
  if (typeof s !== "number" || typeof d !== "number" || Number.isNaN(s) || Number.isNaN(d)) return { lastReviewS };
  const memory = { stability: clamp(s, 0.001, 36_500), difficulty: clamp(d, 1, 10) };
  if (memory.stability !== s || memory.difficulty !== d) notices.add("MemoryOutOfRange");
  return { memory, lastReviewS };
}

export interface StateSettings {
  clock: DayClock;
  options: DeckOptions;
  createdAtS: number;
  nowMs: number;
}

/** The card's state as a row of the log; undefined for a new card. */
export function stateRow(card: CardRecord, slug: string, settings: StateSettings): StateRow | undefined {
  const { clock, options, createdAtS, nowMs } = settings;
  const state = cardStates[card.type];
  if (state === undefined || state === "new") return undefined;
  const createdMs = createdAtS * 1000;
  // Learning steps are due at a moment; everything else on a day counted from the collection's first.
  const atMoment = card.due > 100_000_000;
  const dueMs = atMoment ? card.due * 1000 : clock.startOf(clock.dayOf(createdMs) + card.due);
  const scheduledDays = state === "review" ? Math.max(1, card.ivl) : 0;
  const guessedMs = state === "review" ? dueMs - scheduledDays * 86_400_000 : card.changedAtS * 1000;
  const lastReviewMs = Math.min(nowMs, Math.max(0, card.lastReviewS === undefined ? guessedMs : card.lastReviewS * 1000));
  const memory = card.memory ?? memoryFromEase(card, options);
  const steps = state === "relearning" ? options.relearningSteps : options.learningSteps;
  return {
    id: lastReviewMs,
    slug,
    ord: card.ord,
    kind: "state",
    source: "anki",
    schedule: {
      state,
      dueMs,
      stability: memory.stability,
      difficulty: memory.difficulty,
      scheduledDays,
      learningSteps: state === "review" ? 0 : clamp(steps.length - card.left, 0, Math.max(0, steps.length - 1)),
      reps: Math.max(1, card.reps),
      lapses: card.lapses,
      lastReviewMs,
    },
  };
}

/** A card scheduled without FSRS: stability is its interval, difficulty follows from its ease (fsrs-rs `memory_state_from_sm2`). */
function memoryFromEase({ ivl, factor }: CardRecord, options: DeckOptions): AnkiMemory {
  const w = fillWeights(options.weights) ?? [];
  const stability = clamp(ivl, 0.001, longestIntervalDays);
  const growth = Math.exp(w[8]!) * stability ** -w[9]! * Math.expm1(0.1 * w[10]!);
  const ease = (factor >= 1300 ? factor : 2500) / 1000;
  return { stability, difficulty: clamp(11 - (ease - 1) / growth, 1, 10) };
}

function clamp(value: number, least: number, most: number): number {
  return Math.min(most, Math.max(least, value));
}
