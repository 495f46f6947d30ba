/**
 * How many new and review cards a day still takes, deck by deck: a deck's limit holds for everything beneath it, and a card counts
 * in its deck and in every deck above. The options of all decks are the limits of the whole. A new card counts as a review too,
 * so that a day full of reviews brings nothing new (Anki's scheduler v3: rslib `RemainingLimits`, "cap new to review").
 */
import type { DeckOptions } from "../scheduling/deck-options.ts";
import type { PracticeSettings } from "../scheduling/practice-settings.ts";
import type { ReviewRow } from "../scheduling/review-log.ts";

export interface DayLimits {
  /** Takes a place for a card of the deck; false, and nothing taken, where none is left. */
  take(deck: string, kind: "new" | "review"): boolean;
}

export interface DayLimitsRequest {
  options: Pick<DeckOptions, "newPerDay" | "reviewsPerDay">;
  own: PracticeSettings["decks"];
  /** Reviews given today, with the deck of their card where it is known. */
  done: readonly { deck: string | undefined; row: ReviewRow }[];
  /** New cards that the learner asked for beyond the limits: every limit is that much wider. */
  extraNew: number;
}

export function createDayLimits({ options, own, done, extraNew }: DayLimitsRequest): DayLimits {
  const left = new Map<string, { new: number; review: number }>();
  const roomOf = (deck: string) => {
    const known = left.get(deck);
    if (known) return known;
    const { newPerDay, reviewsPerDay } = deck === "" ? options : (own[deck] ?? {});
    const begun = done.filter(({ deck: of, row }) => isWithin(of, deck) && row.stateBefore === "new").length;
    const reviewed = done.filter(({ deck: of, row }) => isWithin(of, deck) && row.stateBefore === "review").length;
    const room = {
      new: (newPerDay ?? Number.POSITIVE_INFINITY) + extraNew - begun,
      review: (reviewsPerDay ?? Number.POSITIVE_INFINITY) - begun - reviewed,
    };
    left.set(deck, room);
    return room;
  };
  return {
    take(deck, kind) {
      const rooms = ["", ...withParents(deck)].map(roomOf);
      const isFree =
        kind === "new"
          ? rooms.every((room) => room.new > 0 && room.review + extraNew > 0)
          : rooms.every((room) => room.review > 0);
      if (!isFree) return false;
      for (const room of rooms) {
        room.review--;
        if (kind === "new") room.new--;
      }
      return true;
    },
  };
}

/** "A::B" → "A", "A::B". */
export function withParents(deck: string): string[] {
  const levels = deck.split("::");
  return levels.map((_, i) => levels.slice(0, i + 1).join("::"));
}

function isWithin(deck: string | undefined, parent: string): boolean {
  return parent === "" || deck === parent || deck?.startsWith(`${parent}::`) === true;
}
