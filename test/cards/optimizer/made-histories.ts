/** Review histories of a learner whose memory is known: reviews are remembered with the chance that FSRS gives them. */
import {
  createScheduler,
  defaultDeckOptions,
  type LogRow,
  localDayClock,
  newSchedule,
  type Rating,
  type ReviewRow,
} from "#cards";

export const clock = localDayClock(() => 0);
const dayMs = 86_400_000;

/** How the learner answers and when. */
export interface Habits {
  /** Share of Hard and of Easy among what is remembered. */
  hard: number;
  easy: number;
  /** Share of new cards that are known at once. */
  knownAtOnce: number;
  /** Share of reviews after which the card is looked at again within the day. */
  againSameDay: number;
  /** A card that is forgotten over and over would be half of the log. */
  mostReviews: number;
  /** UTC, when a day's reviews begin; without it as soon as a card is due. */
  hour?: number | undefined;
  /** How many hours they last. */
  hours: number;
  /** When a card is given up. */
  untilMs: number;
}

const usualHabits: Habits = {
  hard: 0.15,
  easy: 0.1,
  knownAtOnce: 0.6,
  againSameDay: 0,
  mostReviews: 40,
  hours: 6,
  untilMs: Date.UTC(2026, 10, 20),
};

export function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

/** @param weights how this learner really forgets; empty: as the defaults say */
export function madeLog(cards: number, weights: readonly number[], seed = 7, differing: Partial<Habits> = {}): LogRow[] {
  const habits = { ...usualHabits, ...differing };
  const truth = createScheduler({ ...defaultDeckOptions, weights, fuzz: false }, clock);
  const random = seeded(seed);
  const log: ReviewRow[] = [];
  for (let i = 0; i < cards; i++) {
    const slug = `c${i}-en`;
    let schedule = newSchedule();
    let ivlBefore = 0;
    let atMs = Date.UTC(2026, 0, 1, habits.hour ?? 10) + (i % 60) * dayMs + i * 1000;
    while (atMs < habits.untilMs && schedule.reps < habits.mostReviews) {
      const recall = schedule.state === "new" ? habits.knownAtOnce : truth.retrievability(schedule, atMs);
      const draw = random();
      const [hard, easy] = [recall * habits.hard, recall * (1 - habits.easy)];
      const rating: Rating = draw > recall ? 1 : draw < hard ? 2 : draw < easy ? 3 : 4;
      const { after, interval } = truth.answer(`${slug}#0`, schedule, rating, atMs);
      log.push({
        id: atMs,
        slug,
        ord: 0,
        kind: "review",
        rating,
        stateBefore: schedule.state,
        ivlBefore,
        ivlAfter: interval,
        sAfter: after.stability,
        dAfter: after.difficulty,
        durationMs: 5000,
        source: "app",
      });
      ivlBefore = interval;
      schedule = after;
      if (habits.againSameDay > 0 && random() < habits.againSameDay) {
        atMs += 20 * 60_000;
        continue;
      }
      // Not always on the day it is due, so that there is something to learn from; never on the turn of a day itself.
      const lateMs = interval > 3 ? Math.floor(random() * interval * 0.4) * dayMs : 0;
      const beginMs = habits.hour === undefined || interval < 1 ? after.dueMs : after.dueMs + (habits.hour - 4) * 3_600_000;
      atMs = beginMs + lateMs + 2000 + Math.floor(random() * habits.hours * 3_600_000);
    }
  }
  return log.sort((a, b) => a.id - b.id);
}
