/** Circuit breakers against a burst: cold and warm pools, pending and request limits. */
import type { EnvoyGroup, ScenarioSpec } from "./group.ts";
import { count } from "./statistics.ts";

const variants = [
  ...["c1-p1-rinf-n10", "c1-p2-rinf-n10", "c1-p5-rinf-n10", "c2-p1-rinf-n10", "c2-p3-rinf-n10", "c5-p1-rinf-n10"],
  ...["c5-p5-rinf-n20", "cinf-pinf-r1-n10", "cinf-pinf-r5-n10", "cinf-pinf-r10-n10", "cinf-pinf-r10-n30"],
  ...["cinf-p1-rinf-n10", "cinf-p5-rinf-n10", "c3-p10-r2-n10", "c2-p10-r5-n20", "c1-p0-rinf-n5", "c10-p10-rinf-n30"],
].flatMap((variant) => [`${variant}-cold`, `${variant}-warm`]);

function limit(variant: string, letter: string): number {
  const value = new RegExp(`(?:^|-)${letter}(inf|\\d+)`).exec(variant)?.[1];
  return value === "inf" || value === undefined ? Number.POSITIVE_INFINITY : Number(value);
}

/** Warm: as many connections as the breakers allow, opened 2 ms apart and idle again before the burst. */
function burst(variant: string): ScenarioSpec {
  const size = limit(variant, "n");
  const connections = Math.min(limit(variant, "c"), limit(variant, "r"), size);
  return {
    duration: "10s",
    workloads: [{ name: "upstream", addresses: ["127.78.1.1:8080"], behaviour: { serviceTime: { constant: "200ms" } } }],
    traffic: [
      ...(variant.endsWith("warm")
        ? [{ path: `/${variant}/warm`, rate: "500/s", arrivals: "constant" as const, requests: connections }]
        : []),
      { path: `/${variant}/`, burst: size, start: "2s" },
    ],
  };
}

export const breakerBurst: EnvoyGroup = {
  name: "c1-breaker-burst",
  listener: "127.78.0.1:10000",
  scenarios: Object.fromEntries(variants.map((variant) => [variant, burst(variant)])),
  measure: (run) =>
    variants.map((variant) => [
      `${variant}: ok responses`,
      count(run(variant).log(`/${variant}/`), (line) => line.status === 200),
    ]),
};
