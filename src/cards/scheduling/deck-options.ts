/** What a learner may set for a deck; the defaults are Anki's own. Plain data. */
import { default_w, type StepUnit } from "ts-fsrs";

export interface DeckOptions {
  /** FSRS parameters: 21 (FSRS-6), or 19 or 17 of earlier versions; empty means the defaults. */
  weights: readonly number[];
  /** 0.7 … 0.99 */
  desiredRetention: number;
  maximumIntervalDays: number;
  learningSteps: readonly StepUnit[];
  relearningSteps: readonly StepUnit[];
  fuzz: boolean;
  newPerDay: number;
  reviewsPerDay: number;
  /** Lapses that make a leech. */
  leechThreshold: number;
  leechAction: "suspend" | "mark";
  /** Within the fuzz, take the day with the fewest cards. */
  loadBalancing: boolean;
  /** How much each weekday takes, Monday first. */
  easyDays: readonly EasyDay[];
}

export const easyDayKinds = ["normal", "reduced", "minimum"] as const;
export type EasyDay = (typeof easyDayKinds)[number];

export const defaultDeckOptions: DeckOptions = {
  weights: [],
  desiredRetention: 0.9,
  maximumIntervalDays: 36_500,
  learningSteps: ["1m", "10m"],
  relearningSteps: ["10m"],
  fuzz: true,
  newPerDay: 20,
  reviewsPerDay: 200,
  leechThreshold: 8,
  leechAction: "suspend",
  loadBalancing: true,
  easyDays: Array<EasyDay>(7).fill("normal"),
};

/**
 * The 21 parameters as Anki fills them, without clipping: ts-fsrs lifts w19 to 0.01, Anki computes memory with it as it
 * is (0 for every 17- and 19-value set). Same formulas as fsrs-rs `check_and_fill_parameters`.
 * @returns undefined when the number of values is none that FSRS knows or one is not finite.
 */
export function fillWeights(weights: readonly number[]): number[] | undefined {
  if (!weights.every(Number.isFinite)) return undefined;
  if (weights.length === 0) return [...default_w];
  if (weights.length === 21) return [...weights];
  if (weights.length === 19) return [...weights, 0, 0.5];
  if (weights.length !== 17) return undefined;
  const filled = [...weights, 0, 0, 0, 0.5];
  filled[4] = weights[5]! * 2 + weights[4]!;
  filled[5] = Math.log(weights[5]! * 3 + 1) / 3;
  filled[6] = weights[6]! + 0.5;
  return filled;
}
