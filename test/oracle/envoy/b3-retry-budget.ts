/** Limits on concurrent retries: 50 simultaneous failures against max_retries and retry budgets. */
import type { EnvoyGroup } from "./group.ts";
import { outcomes, sum } from "./statistics.ts";

const variants = ["def", "mr10", "mr0", "bud20", "bud50", "bud100", "bud20min10"];

export const retryBudget: EnvoyGroup = {
  name: "b3-retry-budget",
  listener: "127.78.0.1:10000",
  scenarios: {
    bursts: {
      workloads: [
        {
          name: "failing",
          addresses: ["127.78.1.1:8080"],
          behaviour: { serviceTime: { constant: "200ms" }, errors: { rate: 1, status: 503 } },
        },
      ],
      traffic: variants.map((variant, index) => ({ path: `/d200-${variant}/`, burst: 50, start: `${index * 2}s` })),
    },
  },
  measure: (run) =>
    variants.flatMap((variant): [string, unknown][] => {
      const lines = run("bursts").log(`/d200-${variant}/`);
      return [
        [`burst 50, ${variant}: retries admitted`, sum(lines.map((line) => line.attempts - 1))],
        [`burst 50, ${variant}: flags`, outcomes(lines)],
      ];
    }),
};
