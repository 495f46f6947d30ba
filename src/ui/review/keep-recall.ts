/** Writes the summaries of the learner's memory and of what was done that lessons and the list of lessons show, now and after each change of the store. */
import { answeredQuestions, type CardStore, type DeckSchedulers, fillWeights, type ProgressRow, type Schedule } from "#cards";
import { keepAnswered, keepProgress } from "../progress/kept-progress.ts";
import { type RecallEntry, type RecallSummary, readRecall, recallAt, recallKey } from "../progress/recall-summary.ts";

/** The 21st parameter of FSRS-6. */
const decayIndex = 20;

/** @param lessonOf the lesson of a note; what was known before stays where it does not know */
export function summariseRecall(
  schedules: ReadonlyMap<string, Schedule>,
  decay: number,
  lessonOf: (slug: string) => string | undefined,
  nowMs: number,
  before?: RecallSummary,
): RecallSummary {
  const cards: Record<string, RecallEntry> = {};
  for (const [id, { stability, lastReviewMs, dueMs }] of schedules) {
    const slug = id.slice(0, id.lastIndexOf("#"));
    if (lastReviewMs === undefined) continue;
    const lesson = lessonOf(slug) ?? before?.cards[slug]?.[3] ?? "";
    const entry: RecallEntry = [Number(stability.toFixed(3)), lastReviewMs, dueMs, lesson];
    const other = cards[slug];
    if (!other || recallAt(entry, decay, nowMs) < recallAt(other, decay, nowMs)) cards[slug] = entry;
  }
  return { decay, cards };
}

/** What another device did is known here as soon as its backup was read. */
function keepDone(rows: readonly ProgressRow[]): void {
  keepAnswered(answeredQuestions(rows));
  for (const { kind, subject, id } of rows) {
    if (kind === "solved") keepProgress("solved", subject, new Date(id).toISOString().slice(0, 10));
  }
}

export async function keepRecall(
  store: CardStore,
  schedulers: DeckSchedulers,
  lessonOf: (slug: string) => string | undefined,
): Promise<void> {
  const decay = fillWeights(schedulers.base.options.weights)?.[decayIndex] ?? 0.5;
  const write = async () => {
    const [schedules, done] = await Promise.all([store.schedules(), store.progress()]);
    if (done.ok) keepDone(done.value);
    if (!schedules.ok) return;
    try {
      localStorage.setItem(
        recallKey,
        JSON.stringify(summariseRecall(schedules.value, decay, lessonOf, Date.now(), readRecall())),
      );
    } catch {
      // Without storage no lesson shows what is remembered.
    }
  };
  store.subscribe(() => void write());
  await write();
}
