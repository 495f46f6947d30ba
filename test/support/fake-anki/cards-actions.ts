/** Cards, reviews and scheduling: what is refused, what is silently not done, and what is written as it comes. */
import type { Rating } from "#cards";
import { ensureDeck, type FakeCard, type FakeCollection } from "./collection.ts";
import { fieldsInfo } from "./notes-actions.ts";
import { render } from "./render.ts";
import { answer, forget, setDueDate } from "./scheduling.ts";

const unique =
  'DbError { info: "SqliteFailure(Error { code: ConstraintViolation, extended_code: 1555 }, Some(\\"UNIQUE constraint failed: revlog.id\\"))", kind: Other }';
const guarded = new Set("did id ivl lapses left mod nid odid odue ord queue reps type usn".split(" "));
const reviewNames = ["id", "usn", "ease", "ivl", "lastIvl", "factor", "time", "type"] as const;

type Cards = { cards: number[] };

export function cardActions(collection: FakeCollection, fsrs: boolean) {
  const touched = (card: FakeCard, change: Partial<FakeCard>) =>
    Object.assign(card, change, { mod: Math.floor(collection.now() / 1000) });
  const existing = (ids: readonly number[]) => ids.flatMap((id) => collection.cards.get(id) ?? []);
  const reviewsOf = (id: number) => [...collection.revlog.values()].filter(({ cid }) => cid === id).sort((a, b) => a.id - b.id);
  return {
    cardsInfo: ({ cards }: Cards) => cards.map((id) => cardInfo(collection, id)),
    cardsModTime: ({ cards }: Cards) =>
      cards.map((id) => (collection.cards.has(id) ? { cardId: id, mod: collection.cards.get(id)!.mod } : {})),
    getIntervals: ({ cards }: Cards) => existing(cards).map(({ ivl }) => ivl),
    areDue: ({ cards }: Cards) => existing(cards).map(({ type }) => type === 0),
    answerCards: ({ answers }: { answers: { cardId: number; ease: Rating }[] }) =>
      answers.map(({ cardId, ease }) => {
        const card = collection.cards.get(cardId);
        if (!card) return false;
        answer(collection, card, ease, fsrs);
        return true;
      }),
    getReviewsOfCards: ({ cards }: Cards) =>
      Object.fromEntries(
        cards.map((id) => [id, reviewsOf(id).map((row) => Object.fromEntries(reviewNames.map((name) => [name, row[name]])))]),
      ),
    insertReviews: ({ reviews }: { reviews: number[][] }) => {
      const ids = reviews.map(([id = 0]) => id);
      if (ids.some((id) => collection.revlog.has(id)) || new Set(ids).size < ids.length) throw new Error(unique);
      for (const [id = 0, cid = 0, usn = 0, ease = 0, ivl = 0, lastIvl = 0, factor = 0, time = 0, type = 0] of reviews) {
        collection.revlog.set(id, { id, cid, usn, ease, ivl, lastIvl, factor, time, type });
      }
      return null;
    },
    setDueDate: ({ cards, days }: Cards & { days: string }) => {
      for (const card of existing(cards)) setDueDate(collection, card, days);
      return true;
    },
    forgetCards: ({ cards }: Cards) => {
      for (const card of existing(cards)) forget(collection, card);
      return null;
    },
    setSpecificValueOfCard: (params: SetValues) => setValues(collection, params, touched),
    suspend: ({ cards }: Cards) => {
      const awake = existing(cards).filter(({ queue }) => queue !== -1);
      for (const card of awake) touched(card, { queue: -1 });
      return awake.length > 0;
    },
    unsuspend: ({ cards }: Cards) => {
      for (const card of existing(cards)) if (card.queue === -1) touched(card, { queue: card.type === 3 ? 1 : card.type });
      return null;
    },
    changeDeck: ({ cards, deck }: Cards & { deck: string }) => {
      const did = ensureDeck(collection, deck);
      for (const card of existing(cards)) touched(card, { did });
      return null;
    },
    cardReviews: ({ deck, startID }: { deck: string; startID: number }) =>
      [...collection.revlog.values()]
        .filter(({ id, cid }) => id > startID && collection.decks.get(collection.cards.get(cid)?.did ?? 0) === deck)
        .map((row) => [row.id, row.cid, row.usn, row.ease, row.ivl, row.lastIvl, row.factor, row.time, row.type]),
    getLatestReviewID: ({ deck }: { deck: string }) =>
      Math.max(
        0,
        ...[...collection.revlog.values()]
          .filter(({ cid }) => collection.decks.get(collection.cards.get(cid)?.did ?? 0) === deck)
          .map(({ id }) => id),
      ),
  };
}

interface SetValues {
  card: number;
  keys: string[];
  newValues: unknown[];
  warning_check?: boolean;
}

function setValues(
  collection: FakeCollection,
  { card: id, keys, newValues, warning_check: isWarned = false }: SetValues,
  touched: (card: FakeCard, change: Partial<FakeCard>) => void,
) {
  if (keys.some((key) => guarded.has(key)) && !isWarned) return false;
  const card = collection.cards.get(id);
  if (!card) return [[false, `Card was not found: ${id}`]];
  const change: Partial<FakeCard> = {};
  const data = { ...card.data };
  for (const [i, key] of keys.entries()) {
    const value = newValues[i];
    if (key === "memory_state") {
      const { stability, difficulty } = value as { stability: number; difficulty: number };
      Object.assign(data, { s: Number(stability.toFixed(4)), d: Number(difficulty.toFixed(3)) });
    } else if (key === "desired_retention") data.dr = Number((value as number).toFixed(2));
    else if (key === "decay") data.decay = Number((value as number).toFixed(3));
    else if (key === "last_review_time") data.lrt = value as number;
    else if (key === "custom_data") {
      if (Object.keys(JSON.parse(String(value))).some((name) => name.length > 8)) {
        return [[false, "custom data keys must be <= 8 bytes"]];
      }
      data.cd = String(value);
    } else if (key in card && key !== "data") Object.assign(change, { [key]: value });
  }
  // What it does not know it takes without a word.
  touched(card, { ...change, data });
  return [true];
}

function cardInfo(collection: FakeCollection, id: number) {
  const card = collection.cards.get(id);
  if (!card) return {};
  const note = collection.notes.get(card.nid)!;
  const model = collection.models.get(note.mid)!;
  const { ord, factor, ivl: interval, nid, type, queue, due, reps, lapses, left, mod, flags } = card;
  return {
    cardId: id,
    fields: fieldsInfo(model, note),
    fieldOrder: ord,
    ...render(model, note, ord),
    modelName: model.name,
    ord,
    deckName: collection.decks.get(card.did),
    css: model.css,
    ...{ factor, interval, note: nid, type, queue, due, reps, lapses, left, mod },
    // Words for the four buttons; nobody here reads them.
    nextReviews: ["", "", "", ""],
    flags,
  };
}
