/** A card with everything that the queue, the search and the statistics ask about it. Plain data. */
import { deckName } from "../apkg/decks.ts";
import { cardIdOf, type Note, ordinalsOf } from "../model/note.ts";
import { type CardMarks, noMarks } from "../scheduling/card-marks.ts";
import { newSchedule, type Schedule } from "../scheduling/schedule.ts";

export interface QueuedCard {
  id: string;
  note: Note;
  ord: number;
  deck: string;
  schedule: Schedule;
  marks: CardMarks;
  kind: "learning" | "review" | "new";
}

export interface CardSet {
  /** Notes in teaching order. */
  notes: readonly Note[];
  schedules: ReadonlyMap<string, Schedule>;
  marks: ReadonlyMap<string, CardMarks>;
}

/** Every card of the notes, in their order. */
export function cardsOf({ notes, schedules, marks }: CardSet): QueuedCard[] {
  return notes.flatMap((note) => {
    const deck = deckName(note);
    return ordinalsOf(note).map((ord): QueuedCard => {
      const id = cardIdOf({ slug: note.slug, ord });
      const schedule = schedules.get(id) ?? newSchedule();
      const kind = schedule.state === "new" || schedule.state === "review" ? schedule.state : "learning";
      const own = marks.get(id) ?? noMarks;
      return { id, note, ord, deck: own.deck || deck, schedule, marks: own, kind };
    });
  });
}

export function isBuried(card: Pick<QueuedCard, "marks">, nowMs: number): boolean {
  return card.marks.buriedUntilMs > nowMs;
}
