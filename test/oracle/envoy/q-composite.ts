/** One of four hosts fails fast for ten seconds: what retries and outlier detection each do about it. */
import type { EnvoyGroup } from "./group.ts";
import { share } from "./statistics.ts";

const variants = ["R-none", "R-retry", "R-outlier", "L-none", "L-outlier"];
const healthy = { serviceTime: { exponential: "20ms" } };

export const composite: EnvoyGroup = {
  name: "q-composite",
  listener: "127.79.0.1:10000",
  scenarios: {
    incident: {
      duration: "22s",
      workloads: [
        { name: "good", service: "s", addresses: [1, 2, 3].map((n) => `127.79.1.${n}:8080`), behaviour: healthy },
        { name: "failing", service: "s", addresses: ["127.79.1.4:8080"], behaviour: healthy },
      ],
      traffic: variants.map((variant) => ({ path: `/${variant}/`, rate: "120/s" })),
      timeline: [
        { at: "5s", fault: { errors: { workload: "failing", rate: 1, status: 503, serviceTime: { constant: "1ms" } } } },
        { at: "15s", fault: { errors: { workload: "failing", rate: 0 } } },
      ],
    },
  },
  measure(run) {
    const failed = (variant: string) => {
      const during = run("incident")
        .log(`/${variant}/`)
        .filter((line) => line.atMs >= 5000 && line.atMs < 15_000);
      return share(during, (line) => line.status >= 500);
    };
    return [
      ["ROUND_ROBIN, no protection: failure rate in [5,15) s", failed("R-none")],
      ["LEAST_REQUEST, no protection: failure rate in [5,15) s (black-hole effect)", failed("L-none")],
      ["retry only: failure rate RR", failed("R-retry")],
      ["outlier only: failure rate RR", failed("R-outlier")],
      ["outlier only: failure rate LR", failed("L-outlier")],
    ];
  },
};
