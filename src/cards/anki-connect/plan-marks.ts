/**
 * Suspension, flag and deck of every card on both sides against what they were when both were last equal: what was changed here goes
 * to Anki, what was changed there comes here, each with a row in the log. The common state stands in the log too (`inAnki` of a
 * mark), so that it travels with backups. Of two changes of one thing the later counts; the other stays in the log. Pure.
 */
import { deckName } from "../apkg/decks.ts";
import { earliestReviewMs } from "../apkg-import/review-reader.ts";
import { cardIdOf, type Note } from "../model/note.ts";
import { type CardMarks, marksOf } from "../scheduling/card-marks.ts";
import { type LogRow, type MarkRow, type MarksInAnki, standingRows } from "../scheduling/review-log.ts";
import type { AnkiCard } from "./anki-snapshot.ts";
import type { Matching } from "./match-notes.ts";
import type { LocalSide } from "./sync-host.ts";

export const markFields = ["suspended", "flag", "deck"] as const;
export type MarkField = (typeof markFields)[number];

export interface MarkDifference {
  cardId: string;
  field: MarkField;
  here: MarksInAnki[MarkField];
  there: MarksInAnki[MarkField];
}

export interface MarksPlan {
  /** Changed in Anki. */
  incoming: readonly MarkDifference[];
  /** Changed here, or here later. */
  outgoing: readonly { card: AnkiCard; change: Partial<MarksInAnki>; differences: readonly MarkDifference[] }[];
  /** Rows for the log: what is taken from Anki, and what is now the same on both sides. */
  rows: readonly MarkRow[];
}

export function planMarks(here: LocalSide, { pairs }: Matching): MarksPlan {
  const incoming: MarkDifference[] = [];
  const outgoing: MarksPlan["outgoing"][number][] = [];
  const rows: MarkRow[] = [];
  if (here.log === undefined) return { incoming, outgoing, rows };
  const logs = Map.groupBy(here.log, cardIdOf);
  for (const note of here.notes) {
    for (const card of pairs.get(note.slug)?.cards ?? []) {
      // A card that is away in a filtered deck is left alone until it is back.
      if (card.filtered) continue;
      const cardId = cardIdOf({ slug: note.slug, ord: card.ord });
      const found = compareCard(note, card, logs.get(cardId) ?? []);
      const told = (field: MarkField): MarkDifference => ({ cardId, field, here: found.ours[field], there: found.theirs[field] });
      incoming.push(...found.take.map(told));
      if (found.give.length > 0) {
        outgoing.push({ card, change: picked(found.ours, found.give), differences: found.give.map(told) });
      }
      if (found.row) rows.push({ ...found.row, slug: note.slug, ord: card.ord });
    }
  }
  return { incoming, outgoing, rows };
}

interface Comparison {
  ours: MarksInAnki;
  theirs: MarksInAnki;
  /** Fields whose value here goes to Anki. */
  give: MarkField[];
  /** Fields whose value in Anki counts here from now on. */
  take: MarkField[];
  row?: Omit<MarkRow, "slug" | "ord"> | undefined;
}

function compareCard(note: Note, card: AnkiCard, log: readonly LogRow[]): Comparison {
  const home = deckName(note);
  const { suspended, flag, deck } = marksOf(log);
  const ours: MarksInAnki = { suspended, flag, deck: deck || home };
  const theirs: MarksInAnki = { suspended: card.queue === -1, flag: card.flag, deck: card.deck };
  const base = { suspended: false, flag: 0, deck: home, ...lastInAnki(log) } as MarksInAnki;
  const differing = markFields.filter((field) => ours[field] !== theirs[field]);
  const changedThere = differing.filter((field) => theirs[field] !== base[field]);
  const take = changedThere.filter((field) => ours[field] === base[field] || card.changedAtS * 1000 > lastChangeMs(log, field));
  const give = differing.filter((field) => !take.includes(field));
  const agreed = markFields.filter((field) => theirs[field] !== base[field] && !give.includes(field));
  if (agreed.length === 0) return { ours, theirs, give, take };
  const lastMs = log.reduce((last, { id }) => Math.max(last, id), earliestReviewMs);
  const taken = picked(theirs, take);
  const change = taken.deck === home ? { ...taken, deck: "" } : taken;
  const id = Math.max(card.changedAtS * 1000, lastMs + 1);
  return {
    ours,
    theirs,
    give,
    take,
    row: { id, kind: "mark", change: change as Partial<CardMarks>, inAnki: picked(theirs, agreed), source: "anki" },
  };
}

function lastInAnki(log: readonly LogRow[]): Partial<MarksInAnki> {
  const marks = log.filter((row): row is MarkRow => row.kind === "mark" && row.inAnki !== undefined);
  return Object.assign({}, ...marks.sort((a, b) => a.id - b.id).map(({ inAnki }) => inAnki));
}

function lastChangeMs(log: readonly LogRow[], field: MarkField): number {
  const changes = standingRows(log).filter((row) => row.kind === "mark" && row.change[field] !== undefined);
  return changes.at(-1)?.id ?? 0;
}

function picked(marks: MarksInAnki, fields: readonly MarkField[]): Partial<MarksInAnki> {
  return Object.fromEntries(fields.map((field) => [field, marks[field]]));
}
