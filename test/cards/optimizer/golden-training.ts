/** What the real Anki found on made logs, as test/golden/fsrs-training.json keeps it: histories in short, and Anki's answers. */
import type { TrainingHistory } from "#cards";

export interface GoldenTraining {
  anki: string;
  relearningSteps: number;
  /** A line a card: its id in Anki, then each review as rating, days since the one before, milliseconds since it (base 36). */
  cards: string[];
  weights: number[];
  /** Of the defaults, and of the parameters found. */
  before: [logLoss: number, rmseBins: number];
  after: [logLoss: number, rmseBins: number];
}

export function shortHistories(histories: readonly TrainingHistory[]): string[] {
  return histories.map(({ ankiCardId, reviews }) => {
    const short = reviews.map(({ id, rating, deltaDays }, i) => {
      return `${rating} ${deltaDays} ${(id - (reviews[i - 1]?.id ?? 0)).toString(36)}`;
    });
    return [ankiCardId, ...short].join(" ");
  });
}

export function fullHistories(lines: readonly string[]): TrainingHistory[] {
  return lines.map((line) => {
    const [ankiCardId, ...rest] = line.split(" ");
    let id = 0;
    const reviews = Array.from({ length: rest.length / 3 }, (_, i) => {
      const [rating, deltaDays, sinceMs] = rest.slice(3 * i, 3 * i + 3) as [string, string, string];
      id += Number.parseInt(sinceMs, 36);
      return { id, rating: Number(rating), deltaDays: Number(deltaDays) };
    });
    return { ankiCardId: Number(ankiCardId), reviews };
  });
}
