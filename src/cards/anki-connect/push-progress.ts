/**
 * Reviews and states → Anki, some cards at a time. Before anything of a card is written it is looked at once more: when it
 * was answered or changed in Anki since the pull, it is left alone and starts over with the next pull. Rows first, then the
 * state: a cut between the two is seen by the next run (plan-progress.ts).
 */

import type { Schedule, Scheduler } from "../scheduling/schedule.ts";
import { isPresent, type RevlogRow } from "./anki-actions.ts";
import { type AnkiClient, chunksOf } from "./anki-client.ts";
import { AnkiRefusal } from "./anki-failure.ts";
import { ankiColumns, type CardProgress, movedAtMostMs } from "./plan-progress.ts";
import type { Report } from "./push-notes.ts";

const cardsAtOnce = 50;

export interface PushedProgress {
  reviews: number;
  states: number;
  /** Cards that were changed in Anki in between. */
  startedOver: number;
}

export interface ProgressFacts {
  scheduler: Scheduler;
  createdAtS: number;
  /** Ids of the rows that the pull has seen in Anki. */
  seen: ReadonlySet<number>;
  report: Report;
}

export async function pushProgress(
  client: AnkiClient,
  cards: readonly CardProgress[],
  facts: ProgressFacts,
): Promise<PushedProgress> {
  const pushed: PushedProgress = { reviews: 0, states: 0, startedOver: 0 };
  let done = 0;
  for (const some of chunksOf(cards, cardsAtOnce)) {
    facts.report(done, cards.length);
    const steady = await unchangedSince(client, some, facts.seen);
    pushed.startedOver += some.length - steady.length;
    pushed.reviews += await insertRows(
      client,
      steady.flatMap(({ rows }) => rows),
    );
    pushed.states += await writeStates(client, steady, facts);
    done += some.length;
  }
  return pushed;
}

async function unchangedSince(
  client: AnkiClient,
  cards: readonly CardProgress[],
  seen: ReadonlySet<number>,
): Promise<CardProgress[]> {
  const ids = cards.map(({ card }) => card.id);
  const reviews = await client.call("getReviewsOfCards", { cards: ids });
  const times = await client.call("cardsModTime", { cards: ids });
  const modOf = new Map(times.filter(isPresent).map(({ cardId, mod }) => [cardId, mod]));
  return cards.filter(
    ({ card }) => modOf.get(card.id) === card.changedAtS && (reviews[card.id] ?? []).every(({ id }) => seen.has(id)),
  );
}

/** All in one call; where a moment is taken by another card's review, row by row, moved by a millisecond or two. */
async function insertRows(client: AnkiClient, rows: readonly RevlogRow[]): Promise<number> {
  if (rows.length === 0) return 0;
  if (await inserted(client, rows)) return rows.length;
  for (const [id = 0, ...rest] of rows) {
    let moved = 0;
    while (!(await inserted(client, [[id + moved, ...rest]]))) {
      if (++moved > movedAtMostMs) throw new AnkiRefusal("NotWritten", { count: 1 });
    }
  }
  return rows.length;
}

async function inserted(client: AnkiClient, reviews: readonly RevlogRow[]): Promise<boolean> {
  try {
    await client.call("insertReviews", { reviews });
    return true;
  } catch (thrown) {
    const isTaken = thrown instanceof AnkiRefusal && /UNIQUE constraint failed/.test(String(thrown.failure.values.error));
    if (isTaken) return false;
    throw thrown;
  }
}

async function writeStates(client: AnkiClient, cards: readonly CardProgress[], facts: ProgressFacts): Promise<number> {
  const withState = cards.flatMap(({ cardId, card, state }) => (state ? [{ cardId, card, state }] : []));
  const forgotten = withState.filter(({ state }) => state.state === "new").map(({ card }) => card.id);
  if (forgotten.length > 0) await client.call("forgetCards", { cards: forgotten });
  const written = withState.filter(({ state }) => state.state !== "new");
  const results = await client.callEach(
    "setSpecificValueOfCard",
    written.map(({ card, state }) => ({
      card: card.id,
      ...keysAndValues(card.queue, state, facts),
      warning_check: true as const,
    })),
  );
  for (const [i, result] of results.entries()) {
    const fault = result === false ? "warning_check" : result.find((one) => one !== true)?.[1];
    if (fault !== undefined)
      throw new AnkiRefusal("AnkiError", { action: `setSpecificValueOfCard ${written[i]!.cardId}`, error: fault });
  }
  await readBack(client, written, facts);
  return withState.length;
}

/** Suspended and buried cards stay so: their queue says it, their type keeps the rest. */
function keysAndValues(queue: number, schedule: Schedule, { scheduler, createdAtS }: ProgressFacts) {
  const columns = ankiColumns(schedule, scheduler, createdAtS);
  const { dr, decay, lrt } = JSON.parse(columns.data) as Record<"dr" | "decay" | "lrt", number>;
  const { type, ivl, due, reps, lapses, left, factor } = columns;
  const values = {
    type,
    ...(queue < 0 ? {} : { queue: columns.queue }),
    ivl,
    due,
    reps,
    lapses,
    left,
    factor,
    memory_state: { stability: schedule.stability, difficulty: schedule.difficulty },
    desired_retention: dr,
    decay,
    last_review_time: lrt,
  };
  return { keys: Object.keys(values), newValues: Object.values(values) };
}

/** [true] is also the answer for keys that Anki does not know, so what counts is what the card says afterwards. */
async function readBack(
  client: AnkiClient,
  cards: readonly Pick<CardProgress, "cardId" | "card" | "state">[],
  { scheduler, createdAtS }: ProgressFacts,
): Promise<void> {
  if (cards.length === 0) return;
  const infos = await client.call("cardsInfo", { cards: cards.map(({ card }) => card.id) });
  const infoOf = new Map(infos.filter(isPresent).map((info) => [info.cardId, info]));
  for (const { cardId, card, state } of cards) {
    const wanted = ankiColumns(state!, scheduler, createdAtS);
    const info = infoOf.get(card.id);
    const isSame =
      info !== undefined &&
      info.type === wanted.type &&
      info.interval === wanted.ivl &&
      info.due === wanted.due &&
      info.reps === wanted.reps &&
      info.lapses === wanted.lapses;
    if (!isSame) throw new AnkiRefusal("ReadBackDiffers", { card: cardId });
  }
}
