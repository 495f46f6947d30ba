/**
 * Review logs of both sides → what each lacks, and which cards' states in Anki no longer follow from the united log. Pure.
 * The log is the truth: a state is written to Anki only where rows were missing there or its own rows say otherwise
 * (a sync that was cut between the two).
 */
import { ankiCard, manualRevlogRow, revlogRow } from "../apkg/anki-card.ts";
import type { CardRecord } from "../apkg-import/card-reader.ts";
import { cardIdOf } from "../model/note.ts";
import { type LogRow, logKeyOf, type ManualRow, type ReviewRow, replay, standingReviews } from "../scheduling/review-log.ts";
import type { Schedule, Scheduler } from "../scheduling/schedule.ts";
import type { RevlogRow } from "./anki-actions.ts";
import type { AnkiNote } from "./anki-snapshot.ts";
import type { Matching } from "./match-notes.ts";
import type { LocalSide } from "./sync-host.ts";

export interface CardProgress {
  cardId: string;
  card: CardRecord;
  /** Rows that Anki does not have, as rows of its `revlog`. */
  rows: readonly RevlogRow[];
  /** What the united log says, when Anki's state is another one. */
  state?: Schedule | undefined;
}

export interface ProgressPlan {
  /** Rows of the log that are not here yet. */
  incoming: readonly LogRow[];
  /** Cards in Anki that need rows, a state or both. */
  outgoing: readonly CardProgress[];
  /** In a filtered deck, where Anki keeps another due date: left alone until it is back. */
  inFilteredDeck: readonly string[];
}

export function planProgress(here: LocalSide, { pairs, there }: Matching, scheduler: Scheduler): ProgressPlan {
  if (here.log === undefined) return { incoming: [], outgoing: [], inFilteredDeck: [] };
  const ours = Map.groupBy(here.log, cardIdOf);
  const theirs = Map.groupBy(there.log, cardIdOf);
  const incoming: LogRow[] = [];
  for (const [id, rows] of theirs) incoming.push(...missingFrom(ours.get(id) ?? [], rows));
  const outgoing: CardProgress[] = [];
  const inFilteredDeck: string[] = [];
  const adopted = there.notes.filter(({ slug }) => !pairs.has(slug));
  for (const { slug, cards } of [...pairs.values(), ...adopted] satisfies AnkiNote[]) {
    for (const card of cards) {
      const cardId = cardIdOf({ slug, ord: card.ord });
      const mine = ours.get(cardId);
      if (!mine) continue;
      const anki = theirs.get(cardId) ?? [];
      const lacking = missingFrom(anki, countedRows(mine));
      const union = [...mine, ...missingFrom(mine, anki)];
      const state = stateToWrite(card, cardId, anki, union, {
        lacking: lacking.length > 0,
        scheduler,
        createdAtS: there.createdAtS,
      });
      if (lacking.length === 0 && !state) continue;
      if (card.filtered) inFilteredDeck.push(cardId);
      else outgoing.push({ cardId, card, rows: lacking.map((row) => revlogRowOf(row, card.id)), state });
    }
  }
  return { incoming, outgoing, inFilteredDeck };
}

/** What can stand in Anki's log. A review that was taken back here is not sent; one that Anki has already stays there. */
function countedRows(rows: readonly LogRow[]): (ReviewRow | ManualRow)[] {
  return [...standingReviews(rows), ...rows.filter((row): row is ManualRow => row.kind === "manual")];
}

/**
 * Rows of `rows` that `known` lacks. Anki has one row a millisecond in the whole collection, so a review may have been
 * moved by some milliseconds on its way; nobody rates one card twice in that time.
 */
function missingFrom<Row extends LogRow>(known: readonly LogRow[], rows: readonly Row[]): Row[] {
  const keys = new Set(known.map((row) => logKeyOf(row).join(" ")));
  return rows.filter((row) => {
    if (keys.has(logKeyOf(row).join(" "))) return false;
    // The state of a card without reviews says nothing once there are reviews.
    if (row.kind === "state") return known.length === 0;
    return !known.some((one) => one.kind === row.kind && Math.abs(one.id - row.id) <= movedAtMostMs);
  });
}

export const movedAtMostMs = 20;

function revlogRowOf(row: ReviewRow | ManualRow, ankiCardId: number): RevlogRow {
  return row.kind === "manual" ? manualRevlogRow(row, ankiCardId, row.id) : revlogRow(row, ankiCardId, row.id);
}

interface StateFacts {
  lacking: boolean;
  scheduler: Scheduler;
  createdAtS: number;
}

/** undefined: Anki's state may stay. */
function stateToWrite(
  card: CardRecord,
  cardId: string,
  ankiRows: readonly LogRow[],
  union: readonly LogRow[],
  { lacking, scheduler, createdAtS }: StateFacts,
): Schedule | undefined {
  const schedule = replay(cardId, union, scheduler);
  const ownReviews = standingReviews(ankiRows);
  // Without reviews on either side there is nothing that a state could follow from.
  if (ownReviews.length === 0 && standingReviews(union).length === 0) return undefined;
  const lastS = Math.floor((schedule.lastReviewMs ?? 0) / 1000);
  // Anki's log keeps what was taken back here; its state was computed with it.
  const undone = new Set(union.flatMap((row) => (row.kind === "undo" ? [row.undoes] : [])));
  const isStale =
    ownReviews.some(({ id }) => undone.has(id)) ||
    (card.type === 0) !== (schedule.state === "new") ||
    (card.lastReviewS !== undefined && Math.abs(card.lastReviewS - lastS) > 1) ||
    card.reps < Math.min(schedule.reps, ownReviews.length);
  return (lacking || isStale) && !isWritten(card, schedule, scheduler, createdAtS) ? schedule : undefined;
}

/**
 * Anki keeps stability to 4 and difficulty to 3 decimals and goes on from there, so that after some answers its memory lies
 * this far beside one that was never rounded.
 */
const roundingDrift = { stability: 5e-3, difficulty: 1e-2 };

/** Whether the card in Anki says already what would be written. */
export function isWritten(card: CardRecord, schedule: Schedule, scheduler: Scheduler, createdAtS: number): boolean {
  const wanted = ankiColumns(schedule, scheduler, createdAtS);
  if (schedule.state === "new") return card.type === 0;
  const { memory } = card;
  return (
    card.type === wanted.type &&
    card.ivl === wanted.ivl &&
    Math.abs(card.due - wanted.due) <= (wanted.queue === 1 ? 1 : 0) &&
    card.reps === wanted.reps &&
    card.lapses === wanted.lapses &&
    memory !== undefined &&
    Math.abs(memory.stability - schedule.stability) <= Math.max(2e-4, schedule.stability * roundingDrift.stability) &&
    Math.abs(memory.difficulty - schedule.difficulty) <= roundingDrift.difficulty
  );
}

/** The columns of Anki's `cards` for a schedule; days count from the collection's own first day. */
export function ankiColumns(schedule: Schedule, { clock, options }: Scheduler, createdAtS: number) {
  return ankiCard(schedule, 0, { clock, options, today: clock.dayOf(createdAtS * 1000) });
}
