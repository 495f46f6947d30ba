/**
 * What is known about the learner's memory, in a form that a page without the card layer can read: one entry of local storage,
 * written where cards are practised. The log in IndexedDB stays the truth; this may be lost at any time.
 */

export const recallKey = "meshwise-recall";

export interface RecallSummary {
  /** FSRS-6: recall after t days is (1 + factor · t / stability)^(-decay), factor so that it is 0.9 at t = stability. */
  decay: number;
  /** Slug of a note → its weakest card: stability in days, last review, due moment (both in ms), lesson. */
  cards: Record<string, RecallEntry>;
}

export type RecallEntry = [stabilityDays: number, lastReviewMs: number, dueMs: number, lesson: string];

export function recallAt(entry: RecallEntry, decay: number, nowMs: number): number {
  const [stability, lastReviewMs] = entry;
  const days = Math.max(0, nowMs - lastReviewMs) / 86_400_000;
  return (1 + ((0.9 ** (-1 / decay) - 1) * days) / Math.max(stability, 0.001)) ** -decay;
}

export function readRecall(): RecallSummary | undefined {
  try {
    const kept = JSON.parse(localStorage.getItem(recallKey) ?? "null") as RecallSummary | null;
    return kept?.cards ? kept : undefined;
  } catch {
    return undefined;
  }
}
