/**
 * Logs of different character, on which the training is compared with the real Anki (test/oracle/anki-optimizer.ts); what
 * Anki found is kept in test/golden/fsrs-training.json.
 */
import { fillWeights, type LogRow, type ManualRow, type ReviewRow } from "#cards";
import { clock, madeLog, seeded } from "./made-histories.ts";

export interface MadeLog {
  log: LogRow[];
  /** Of the learner and of Anki; UTC without it. */
  zone?: string;
  relearningSteps?: number;
}

const defaults = fillWeights([])!;
const slow = defaults.map((w, i) => (i < 4 ? w * 2 : w));
const quick = defaults.map((w, i) => (i < 4 ? w / 3 : w));
/** Lapses cost nearly everything, and hard answers lead nowhere. */
const harsh = defaults.map((w, i) => (i === 11 ? w / 3 : i === 15 ? w / 2 : w));

/** What is learnt never lasts: a card comes again every day or two. */
const forgetful = defaults.map((w, i) => (i < 4 ? 0.3 : i === 8 || i === 17 ? 0 : w));

export const madeLogs: Record<string, () => MadeLog> = {
  "slow forgetting": () => ({ log: madeLog(120, slow, 11) }),
  "quick forgetting": () => ({ log: madeLog(120, quick, 11) }),
  "too few reviews": () => ({ log: madeLog(2, defaults, 3, { mostReviews: 4 }) }),
  "enough for the first stabilities only": () => ({
    log: madeLog(60, defaults, 5, { mostReviews: 3, knownAtOnce: 0.9, easy: 0.02, hours: 1 }),
  }),
  "every card came back once": () => ({ log: firstReturns(madeLog(400, defaults, 8, { hard: 0.3, easy: 0.3 })) }),
  "many reviews on one day": () => ({ log: madeLog(90, defaults, 12, { againSameDay: 0.5, mostReviews: 30 }) }),
  "many lapses": () => ({ log: madeLog(60, harsh, 13, { knownAtOnce: 0.2 }) }),
  "mostly Hard": () => ({ log: madeLog(100, harsh, 14, { hard: 0.7, easy: 0.05 }) }),
  "first ratings Good and Easy only": () => ({ log: madeLog(110, slow, 15, { knownAtOnce: 1, hard: 0, easy: 0.4 }) }),
  "several relearning steps": () => ({ log: madeLog(100, quick, 16, { againSameDay: 0.2 }), relearningSteps: 3 }),
  "thousands of reviews": () => ({ log: madeLog(500, quick, 17) }),
  "histories longer than 256 reviews": () => ({
    log: [...madeLog(30, forgetful, 18, { againSameDay: 0.5, mostReviews: 330 }), ...renamed(madeLog(20, slow, 19), "s")],
  }),
  "daylight saving at the turn of the day": () => ({
    log: onTheTurn(madeLog(100, quick, 20, { hour: 0, hours: 5 }), 3),
    zone: "Europe/Berlin",
  }),
  "an odd offset at the turn of the day": () => ({
    log: onTheTurn(madeLog(100, slow, 21, { hour: 20, hours: 4 }), 22.25),
    zone: "Asia/Kathmandu",
  }),
  "learning missing, resets, cramming, due dates by hand": () => ({ log: patched(madeLog(150, quick, 22)) }),
};

function renamed(log: readonly LogRow[], prefix: string): LogRow[] {
  return log.map((row) => ({ ...row, slug: prefix + row.slug, id: row.id + 500 }));
}

function firstReturns(log: readonly LogRow[]): LogRow[] {
  return [...Map.groupBy(log, ({ slug }) => slug).values()].flatMap((rows) => {
    const first = rows.findIndex((row) => clock.dayOf(row.id) > clock.dayOf(rows[0]!.id));
    return first < 0 ? rows : rows.slice(0, first + 1);
  });
}

/** Every fifth review that stands alone on its days is moved into the very second of the turn. @param hour UTC */
function onTheTurn(log: readonly LogRow[], hour: number): LogRow[] {
  const dayMs = 86_400_000;
  return [...Map.groupBy(log, ({ slug }) => slug).values()].flatMap((rows, card) =>
    rows.map((row, i) => {
      const [before, after] = [rows[i - 1]?.id ?? 0, rows[i + 1]?.id ?? Number.POSITIVE_INFINITY];
      if ((card + i) % 5 > 0 || row.id - before < 2 * dayMs || after - row.id < 2 * dayMs) return row;
      return { ...row, id: Math.floor(row.id / dayMs) * dayMs + hour * 3_600_000 + card };
    }),
  );
}

/** What a log of years holds besides: cards whose beginning is lost, changes by hand, cramming, second beginnings. */
function patched(log: readonly LogRow[]): LogRow[] {
  const random = seeded(23);
  return [...Map.groupBy(log, ({ slug }) => slug).values()].flatMap((rows, card) => {
    const reviews = rows as ReviewRow[];
    const middle = reviews[Math.floor(reviews.length / 2)]!;
    const by = (change: ManualRow["change"], row: ReviewRow): ManualRow => ({
      id: row.id + 60_000 + card,
      slug: row.slug,
      ord: 0,
      kind: "manual",
      change,
      ivlBefore: row.ivlAfter,
      ivlAfter: change === "reset" ? 0 : row.ivlAfter,
      source: "app",
      ...(change === "cram" ? { rating: random() < 0.3 ? 1 : 3, durationMs: 3000 } : {}),
    });
    switch (card % 8) {
      case 0:
        return reviews.filter(({ stateBefore }) => stateBefore === "review" || stateBefore === "relearning");
      case 1:
        return [...reviews, by("reset", middle)];
      case 2:
        return [...reviews, by("reset", reviews.at(-1)!)];
      case 3:
        return [...reviews, by("cram", middle), by("cram", reviews[0]!)];
      case 4:
        return [...reviews, by("due", middle), by("rescheduled", reviews.at(-1)!)];
      case 5:
        // Forgotten in the middle and learnt again.
        return [
          ...reviews.map((row) =>
            row.id > middle.id && row.id < middle.id + 20 * 86_400_000 ? { ...row, stateBefore: "learning" as const } : row,
          ),
          by("reset", middle),
        ];
      case 6:
        return reviews.map((row) => (row.stateBefore === "relearning" ? { ...row, stateBefore: "learning" as const } : row));
      default:
        return reviews;
    }
  });
}
