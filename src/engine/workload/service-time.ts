/** One draw of a distribution, ms. A constant draws nothing, so that adding one elsewhere disturbs no stream. */
import { nextExponential, nextLognormal, nextUniform, type RandomStreams, type Stream } from "../kernel/random.ts";
import type { Distribution } from "../model/index.ts";

export function drawServiceTimeMs(random: RandomStreams, stream: Stream, distribution: Distribution): number {
  if (distribution.type === "exponential") return distribution.meanMs * nextExponential(random, stream);
  return distribution.type === "constant" ? distribution.ms : drawSeldomMs(random, stream, distribution);
}

/** By itself: what is small is compiled into its caller. */
function drawSeldomMs(
  random: RandomStreams,
  stream: Stream,
  distribution: Exclude<Distribution, { type: "constant" | "exponential" }>,
): number {
  if (distribution.type === "uniform")
    return distribution.minMs + (distribution.maxMs - distribution.minMs) * nextUniform(random, stream);
  return nextLognormal(random, stream, distribution.medianMs, distribution.sigma);
}
