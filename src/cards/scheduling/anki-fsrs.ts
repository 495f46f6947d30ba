/**
 * ts-fsrs with its parameters left as they are. The library clips them (w19 up to 0.01 among others) whenever they are
 * set; Anki's memory states come from the unclipped ones. A subclass, because the formulas read the parameters through
 * `this`; it adds no formula of its own.
 */
import { clamp, FSRS, forgetting_curve, type Grade, S_MAX, S_MIN } from "ts-fsrs";
import { assert } from "#base";
import { type DeckOptions, fillWeights } from "./deck-options.ts";

type Parameters = Pick<
  DeckOptions,
  "weights" | "desiredRetention" | "maximumIntervalDays" | "learningSteps" | "relearningSteps" | "fuzz"
>;

export class AnkiFsrs extends FSRS {
  constructor(options: Parameters) {
    super({
      request_retention: options.desiredRetention,
      maximum_interval: options.maximumIntervalDays,
      learning_steps: [...options.learningSteps],
      relearning_steps: [...options.relearningSteps],
      enable_fuzz: options.fuzz,
      enable_short_term: true,
    });
    const w = fillWeights(options.weights);
    assert(w, "FSRS parameters are 17, 19 or 21 finite numbers");
    this.param = { ...this.param, w };
    this.forgetting_curve = (elapsedDays, stability) => forgetting_curve(w, elapsedDays, stability);
    this.intervalModifier = this.calculate_interval_modifier(options.desiredRetention);
  }

  override init_stability(grade: Grade): number {
    return clamp(this.param.w[grade - 1]!, S_MIN, S_MAX);
  }
}
