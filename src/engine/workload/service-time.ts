/** One draw of a distribution, ms. A constant draws nothing, so that adding one elsewhere disturbs no stream. */
import { nextExponential, nextLognormal, nextUniform, type RandomStreams, type Stream } from "../kernel/random.ts";
import type { Distribution } from "../model/index.ts";

export function drawServiceTimeMs(random: RandomStreams, stream: Stream, distribution: Distribution): number {
  switch (distribution.type) {
    case "constant":
      return distribution.ms;
    case "exponential":
      return distribution.meanMs * nextExponential(random, stream);
    case "uniform":
      return distribution.minMs + (distribution.maxMs - distribution.minMs) * nextUniform(random, stream);
    // Not a case of its own: what might also be undefined is kept in a box.
    default:
      return nextLognormal(random, stream, distribution.medianMs, distribution.sigma);
  }
}
