/**
 * A session of the learner's own choice: the cards that a search found, whether due or not, in the order that helps most.
 * An answer "Again" brings a card back at the end; any other ends it for this session.
 */
import { siblingKeyOf } from "../model/note.ts";
import { sha1Hex } from "../model/sha1.ts";
import type { Scheduler } from "../scheduling/schedule.ts";
import type { QueuedCard } from "./queued-card.ts";

export const cramOrders = ["weakest", "due", "mixed", "lesson"] as const;
export type CramOrder = (typeof cramOrders)[number];

export interface CramRequest {
  cards: readonly QueuedCard[];
  order: CramOrder;
  /** At most so many. */
  limit: number;
  nowMs: number;
  /** Mixes anew for each session. */
  seed: string;
  scheduler: Pick<Scheduler, "retrievability">;
}

/** Suspended cards stay away, buried ones come: the learner asked for them. One card of a family. */
export function chooseCram({ cards, order, limit, nowMs, seed, scheduler }: CramRequest): QueuedCard[] {
  const awake = cards.filter((card) => !card.marks.suspended);
  const rank = new Map(awake.map((card, index) => [card.id, rankOf(card, index)]));
  function rankOf(card: QueuedCard, index: number): number {
    switch (order) {
      case "weakest":
        // What was never seen is not weak, it is unknown: it comes after what was forgotten.
        return card.kind === "new" ? 2 : scheduler.retrievability(card.schedule, nowMs) - card.schedule.lapses / 1000;
      case "due":
        return card.kind === "new" ? Number.MAX_SAFE_INTEGER : card.schedule.dueMs;
      case "mixed":
        return Number.parseInt(sha1Hex(`${seed} ${card.id}`).slice(0, 12), 16);
      case "lesson":
        return index;
    }
  }
  const families = new Set<string>();
  const ordered = awake.toSorted((a, b) => rank.get(a.id)! - rank.get(b.id)!);
  const single = ordered.filter(({ note }) => {
    const family = siblingKeyOf(note.slug);
    return families.size < families.add(family).size;
  });
  return single.slice(0, limit);
}
