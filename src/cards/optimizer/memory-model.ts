/**
 * FSRS-6 on one history, forwards and backwards: what chance of recall it gives each review, and how the loss changes with
 * each of the 21 parameters (fsrs-rs 6.6.2, model.rs and analytic.rs). Where a value is clipped or one of two branches is
 * taken, the gradient is that of what was taken. ts-fsrs, which schedules here, has the same formulas without a gradient.
 */
import { S_MAX, S_MIN } from "ts-fsrs";

const leastDifficulty = 1;
const mostDifficulty = 10;
/** A chance nearer to 0 or 1 counts as this near, and has no slope. */
const leastChance = 1e-7;

export interface RatedHistory {
  /** 1 … 4 */
  ratings: Uint8Array;
  /** Days since the review before. */
  deltaDays: Float64Array;
}

export interface WeightedHistory extends RatedHistory {
  /** How much the prediction of each review counts; 0: it is none. */
  importance: Float64Array;
}

/** What every step needs and only a change of the parameters changes. */
interface Constants {
  w: Float64Array;
  decay: number;
  factor: number;
  factorSlope: number;
  growth: number;
  easyDifficulty: number;
  easySlope: number;
}

/** Stability and difficulty before each review, and the chance of recall then. Made once, for the longest history. */
interface Tape {
  stability: Float64Array;
  difficulty: Float64Array;
  recall: Float64Array;
}

function constantsOf(w: Float64Array): Constants {
  const decay = -w[20]!;
  const power = Math.exp(Math.log(0.9) / decay);
  return {
    w,
    decay,
    factor: power - 1,
    factorSlope: (-power * Math.log(0.9)) / (decay * decay),
    growth: Math.exp(w[8]!),
    easyDifficulty: initialDifficulty(w, 4),
    easySlope: -3 * Math.exp(3 * w[5]!),
  };
}

function createTape(longest: number): Tape {
  const column = () => new Float64Array(longest);
  return { stability: column(), difficulty: column(), recall: column() };
}

/** A function from parameters and a history to the chance of recall before each of its reviews (1 before the first). */
export function createRecall(w: Float64Array, longest: number) {
  const constants = constantsOf(w);
  const tape = createTape(longest);
  return (history: RatedHistory): Float64Array => {
    replay(constants, history, tape);
    return tape.recall;
  };
}

/**
 * @param longest reviews in a history
 * @returns a function that adds the gradient of the histories' loss (weighted cross entropy, summed) to `gradient` and
 * gives back the loss
 */
export function createLoss(longest: number) {
  const tape = createTape(longest);
  return (w: Float64Array, histories: readonly WeightedHistory[], gradient: Float64Array): number => {
    const constants = constantsOf(w);
    let loss = 0;
    for (const history of histories) {
      replay(constants, history, tape);
      loss += lossOf(history, tape);
      addGradient(constants, history, tape, gradient);
    }
    return loss;
  };
}

function replay(constants: Constants, { ratings, deltaDays }: RatedHistory, { stability, difficulty, recall }: Tape): void {
  const { w, decay, factor } = constants;
  const first = ratings[0]!;
  recall[0] = 1;
  let s = clamp(w[first - 1]!, S_MIN, S_MAX);
  let d = clamp(initialDifficulty(w, first), leastDifficulty, mostDifficulty);
  for (let i = 1; i < ratings.length; i++) {
    const r = ((deltaDays[i]! / s) * factor + 1) ** decay;
    stability[i] = s;
    difficulty[i] = d;
    recall[i] = r;
    s = clamp(nextStability(constants, s, d, r, ratings[i]!, deltaDays[i]!), S_MIN, S_MAX);
    d = clamp(nextDifficulty(constants, d, ratings[i]!), leastDifficulty, mostDifficulty);
  }
}

function lossOf({ ratings, importance }: WeightedHistory, { recall }: Tape): number {
  let loss = 0;
  for (let i = 1; i < ratings.length; i++) {
    if (importance[i] === 0) continue;
    const kept = clamp(recall[i]!, leastChance, 1 - leastChance);
    loss -= importance[i]! * Math.log(ratings[i]! > 1 ? kept : 1 - kept);
  }
  return loss;
}

/** From the last review back to the first: `gs` and `gd` are the slopes of all later losses by the state after a review. */
function addGradient(constants: Constants, history: WeightedHistory, tape: Tape, gradient: Float64Array): void {
  const { w, decay, factor, factorSlope } = constants;
  const { ratings, deltaDays, importance } = history;
  const slopes = { s: 0, d: 0, r: 0 };
  for (let i = ratings.length - 1; i > 0; i--) {
    const [s, d, r] = [tape.stability[i]!, tape.difficulty[i]!, tape.recall[i]!];
    const rating = ratings[i]!;
    const days = deltaDays[i]!;
    const [gs, gd] = [slopes.s, slopes.d];
    slopes.s = 0;
    slopes.d = 0;
    slopes.r = 0;
    if (importance[i] !== 0 && r > leastChance && r < 1 - leastChance) {
      slopes.r = -importance[i]! * (rating > 1 ? 1 / r : -1 / (1 - r));
    }
    if (gs !== 0) stabilityBackwards(constants, { s, d, r, rating, days, gs }, slopes, gradient);
    if (gd !== 0) slopes.d += difficultyBackwards(constants, d, rating, gd, gradient);
    if (slopes.r !== 0) {
      const base = (days / s) * factor + 1;
      slopes.s += (slopes.r * r * decay * -days * factor) / (base * s * s);
      gradient[20]! -= slopes.r * r * (Math.log(base) + ((decay / base) * days * factorSlope) / s);
    }
  }
  const first = ratings[0]!;
  if (isWithin(w[first - 1]!, S_MIN, S_MAX)) gradient[first - 1]! += slopes.s;
  if (!isWithin(initialDifficulty(w, first), leastDifficulty, mostDifficulty)) return;
  gradient[4]! += slopes.d;
  gradient[5]! -= slopes.d * (first - 1) * Math.exp(w[5]! * (first - 1));
}

function initialDifficulty(w: Float64Array, rating: number): number {
  return w[4]! - Math.exp(w[5]! * (rating - 1)) + 1;
}

function nextStability(constants: Constants, s: number, d: number, r: number, rating: number, days: number): number {
  const { w } = constants;
  if (days === 0) return s * sameDayFactor(w, s, rating);
  if (rating === 1) return Math.min(stabilityAfterLapse(w, s, d, r), s / Math.exp(w[17]! * w[18]!));
  return s * (1 + stabilityIncrease(constants, s, d, r, rating));
}

/** A review on the same day never shortens the memory, except Again. */
function sameDayFactor(w: Float64Array, s: number, rating: number): number {
  const raw = Math.exp(w[17]! * (rating - 3 + w[18]!)) * s ** -w[19]!;
  return rating >= 2 ? Math.max(1, raw) : raw;
}

function stabilityAfterLapse(w: Float64Array, s: number, d: number, r: number): number {
  return w[11]! * d ** -w[12]! * ((s + 1) ** w[13]! - 1) * Math.exp((1 - r) * w[14]!);
}

function stabilityIncrease({ w, growth }: Constants, s: number, d: number, r: number, rating: number): number {
  const bonus = rating === 2 ? w[15]! : rating === 4 ? w[16]! : 1;
  return growth * (11 - d) * s ** -w[9]! * (Math.exp((1 - r) * w[10]!) - 1) * bonus;
}

function nextDifficulty({ w, easyDifficulty }: Constants, d: number, rating: number): number {
  const next = d - (w[6]! * (rating - 3) * (10 - d)) / 9;
  return next + w[7]! * (easyDifficulty - next);
}

interface StabilityStep {
  s: number;
  d: number;
  r: number;
  rating: number;
  days: number;
  gs: number;
}

/** Adds what a step's stability owes to the state before it (`slopes`) and to the parameters. */
function stabilityBackwards(
  constants: Constants,
  { s, d, r, rating, days, gs }: StabilityStep,
  slopes: { s: number; d: number; r: number },
  gradient: Float64Array,
): void {
  const { w } = constants;
  if (!isWithin(nextStability(constants, s, d, r, rating, days), S_MIN, S_MAX)) return;
  if (days === 0) {
    const raw = Math.exp(w[17]! * (rating - 3 + w[18]!)) * s ** -w[19]!;
    if (rating >= 2 && raw < 1) {
      slopes.s += gs;
      return;
    }
    slopes.s += gs * raw * (1 - w[19]!);
    gradient[17]! += gs * s * raw * (rating - 3 + w[18]!);
    gradient[18]! += gs * s * raw * w[17]!;
    gradient[19]! -= gs * s * raw * Math.log(s);
    return;
  }
  if (rating === 1) {
    const raw = stabilityAfterLapse(w, s, d, r);
    const most = s / Math.exp(w[17]! * w[18]!);
    if (most < raw) {
      slopes.s += (gs * most) / s;
      gradient[17]! -= gs * most * w[18]!;
      gradient[18]! -= gs * most * w[17]!;
      return;
    }
    const power = (s + 1) ** w[13]!;
    const scale = w[11]! * d ** -w[12]! * Math.exp((1 - r) * w[14]!);
    slopes.s += (gs * scale * w[13]! * power) / (s + 1);
    slopes.d -= (gs * raw * w[12]!) / d;
    slopes.r -= gs * raw * w[14]!;
    gradient[11]! += (gs * raw) / w[11]!;
    gradient[12]! -= gs * raw * Math.log(d);
    gradient[13]! += gs * scale * power * Math.log(s + 1);
    gradient[14]! += gs * raw * (1 - r);
    return;
  }
  const bonus = rating === 2 ? w[15]! : rating === 4 ? w[16]! : 1;
  const surprise = Math.exp((1 - r) * w[10]!);
  const scale = constants.growth * s ** -w[9]!;
  const unrewarded = scale * (11 - d) * (surprise - 1);
  const increase = unrewarded * bonus;
  slopes.s += gs * (1 + increase * (1 - w[9]!));
  slopes.d -= gs * s * scale * (surprise - 1) * bonus;
  slopes.r -= gs * s * scale * (11 - d) * bonus * w[10]! * surprise;
  gradient[8]! += gs * s * increase;
  gradient[9]! -= gs * s * increase * Math.log(s);
  gradient[10]! += gs * s * scale * (11 - d) * bonus * (1 - r) * surprise;
  if (rating === 2) gradient[15]! += gs * s * unrewarded;
  if (rating === 4) gradient[16]! += gs * s * unrewarded;
}

/** @returns the slope by the difficulty before the review */
function difficultyBackwards(constants: Constants, d: number, rating: number, gd: number, gradient: Float64Array): number {
  const { w, easyDifficulty, easySlope } = constants;
  const change = -w[6]! * (rating - 3);
  const next = d + ((10 - d) * change) / 9;
  if (!isWithin(next + w[7]! * (easyDifficulty - next), leastDifficulty, mostDifficulty)) return 0;
  gradient[4]! += gd * w[7]!;
  gradient[5]! += gd * w[7]! * easySlope;
  gradient[6]! -= (gd * (1 - w[7]!) * (10 - d) * (rating - 3)) / 9;
  gradient[7]! += gd * (easyDifficulty - next);
  return gd * (1 - w[7]!) * (1 - change / 9);
}

function clamp(value: number, least: number, most: number): number {
  return Math.min(most, Math.max(least, value));
}

function isWithin(value: number, least: number, most: number): boolean {
  return value >= least && value <= most;
}
