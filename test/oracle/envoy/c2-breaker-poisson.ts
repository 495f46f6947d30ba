/** Circuit breakers as queues: Poisson arrivals, exponential service, the share refused. */
import type { EnvoyGroup, ScenarioSpec } from "./group.ts";
import { share } from "./statistics.ts";

/** Per second; and the mean service time in ms that was measured (nominally 20), which the expected shares are computed from. */
const variants = { "mm1-1": [50, 22.66], "mm1-3": [50, 22.68], erl1: [50, 23.94] } as const;
const requests = 2500;

export const breakerPoisson: EnvoyGroup = {
  name: "c2-breaker-poisson",
  listener: "127.78.0.1:10000",
  scenarios: Object.fromEntries(
    Object.entries(variants).map(([variant, [rate, serviceMs]]): [string, ScenarioSpec] => [
      variant,
      {
        workloads: [
          { name: "upstream", addresses: ["127.78.1.1:8080"], behaviour: { serviceTime: { exponential: `${serviceMs}ms` } } },
        ],
        traffic: [{ path: `/${variant}/`, rate: `${rate}/s`, requests }],
      },
    ]),
  ),
  measure: (run) =>
    Object.keys(variants).map((variant) => [
      `${variant}: fraction UO`,
      share(run(variant).log(`/${variant}/`), (line) => line.flags === "UO"),
    ]),
};
