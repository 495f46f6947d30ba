/** Circuit breakers as queues: Poisson arrivals, exponential service, the share refused. */
import type { EnvoyGroup } from "./group.ts";
import { share } from "./statistics.ts";

const variants = { "mm1-1": [50, 2500], "mm1-3": [50, 2500], erl1: [50, 2500] } as const;

export const breakerPoisson: EnvoyGroup = {
  name: "c2-breaker-poisson",
  listener: "127.78.0.1:10000",
  scenarios: {
    queues: {
      duration: "600s",
      workloads: [{ name: "upstream", addresses: ["127.78.1.1:8080"], behaviour: { serviceTime: { exponential: "20ms" } } }],
      traffic: Object.entries(variants).map(([variant, [rate, requests]]) => ({
        path: `/${variant}/`,
        rate: `${rate}/s`,
        requests,
      })),
    },
  },
  measure: (run) =>
    Object.keys(variants).map((variant) => [
      `${variant}: fraction UO`,
      share(run("queues").log(`/${variant}/`), (line) => line.flags === "UO"),
    ]),
};
