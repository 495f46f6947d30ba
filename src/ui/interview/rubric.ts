/** What a self-assessment against the ladder means for the card of the question, and in which order questions are asked. */
import type { Rating, Schedule } from "#cards";
import type { Rung } from "#lessons";

/** In order. Kept here as well as in the content's schema, so that the page carries no part of the pipeline. */
export const ladder: readonly Rung[] = ["junior", "mid", "senior", "staff"];

/** How high an answer came: a rung, or not even the first. */
export type Reached = Rung | "none";

/** The rung the question is asked at is Good, one above it Easy, one below Hard, anything less Again. */
export function ratingOf(reached: Reached, level: Rung): Rating {
  const distance = (reached === "none" ? -1 : ladder.indexOf(reached)) - ladder.indexOf(level);
  if (reached === "none" || distance < -1) return 1;
  if (distance === -1) return 2;
  return distance === 0 ? 3 : 4;
}

/** Due ones first, the longest overdue ahead; then those never answered, in the bank's order; then by when they come again. */
export function orderToAsk<Question extends { slug: string }>(
  questions: readonly Question[],
  scheduleOf: (slug: string) => Schedule | undefined,
  nowMs: number,
): Question[] {
  const group = (question: Question) => {
    const schedule = scheduleOf(question.slug);
    if (!schedule || schedule.state === "new") return 1;
    return schedule.dueMs <= nowMs ? 0 : 2;
  };
  const due = (question: Question) => scheduleOf(question.slug)?.dueMs ?? 0;
  return questions.toSorted((a, b) => group(a) - group(b) || (group(a) === 1 ? 0 : due(a) - due(b)));
}
