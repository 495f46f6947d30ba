/** Review histories of a learner whose memory is known: reviews are remembered with the chance that FSRS gives them. */
import { createScheduler, defaultDeckOptions, type LogRow, localDayClock, newSchedule, type Rating } from "#cards";

export const clock = localDayClock(() => 0);
const dayMs = 86_400_000;
/** A card that is forgotten over and over would be half of the log. */
const mostReviews = 40;

function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

/** @param weights how this learner really forgets; empty: as the defaults say */
export function madeLog(cards: number, weights: readonly number[], seed = 7): LogRow[] {
  const truth = createScheduler({ ...defaultDeckOptions, weights, fuzz: false }, clock);
  const random = seeded(seed);
  const log: LogRow[] = [];
  for (let i = 0; i < cards; i++) {
    const slug = `c${i}-en`;
    let schedule = newSchedule();
    let atMs = Date.UTC(2026, 0, 1, 10) + (i % 60) * dayMs + i * 1000;
    const untilMs = Date.UTC(2026, 10, 20);
    while (atMs < untilMs && schedule.reps < mostReviews) {
      const recall = schedule.state === "new" ? 0.6 : truth.retrievability(schedule, atMs);
      const draw = random();
      const rating: Rating = draw > recall ? 1 : draw < recall * 0.15 ? 2 : draw < recall * 0.9 ? 3 : 4;
      const { after, interval } = truth.answer(`${slug}#0`, schedule, rating, atMs);
      const { state: stateBefore } = schedule;
      const ivlBefore = log.findLast((row) => row.slug === slug && row.kind === "review");
      log.push({
        id: atMs,
        slug,
        ord: 0,
        kind: "review",
        rating,
        stateBefore,
        ivlBefore: ivlBefore?.kind === "review" ? ivlBefore.ivlAfter : 0,
        ivlAfter: interval,
        sAfter: after.stability,
        dAfter: after.difficulty,
        durationMs: 5000,
        source: "app",
      });
      schedule = after;
      // Not always on the day it is due, so that there is something to learn from; never on the turn of a day itself.
      const lateMs = interval > 3 ? Math.floor(random() * interval * 0.4) * dayMs : 0;
      atMs = after.dueMs + lateMs + 2000 + Math.floor(random() * 6 * 3_600_000);
    }
  }
  return log.sort((a, b) => a.id - b.id);
}
