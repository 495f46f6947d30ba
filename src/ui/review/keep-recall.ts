/** Writes the summaries of the learner's memory and of what was done that lessons and the list of lessons show, now and after each change of the store. */
import { type CardStore, type DeckSchedulers, fillWeights, type Schedule } from "#cards";
import { keepInLists } from "../progress/kept-rows.ts";
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

export async function keepRecall(
  store: CardStore,
  schedulers: DeckSchedulers,
  lessonOf: (slug: string) => string | undefined,
): Promise<void> {
  const decay = fillWeights(schedulers.base.options.weights)?.[decayIndex] ?? 0.5;
  const write = async () => {
    const [schedules, done] = await Promise.all([store.schedules(), store.progress()]);
    if (done.ok) keepInLists(done.value);
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
