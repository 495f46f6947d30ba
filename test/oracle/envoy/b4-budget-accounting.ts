/**
 * What a retry budget counts. The measured upstream answered request i after 400 + 15 i ms; here request i comes 15 i ms
 * later and is answered after 1 s, which gives the same 50 active requests and the same spacing of failures.
 */
import type { Bootstrap, EnvoyGroup, ScenarioSpec } from "./group.ts";
import { sum } from "./statistics.ts";

const variants = [
  "b20-short",
  "b50-short",
  "b100-short",
  "b20-long",
  "b50-long",
  "b100-long",
  "b1-short",
  "b2-short",
  "b3.9-short",
  "b4-short",
];
const requests = 50;

function staggered(variant: string): ScenarioSpec {
  return {
    duration: "20s",
    bootstrap: withoutEarlyRetries,
    workloads: [
      {
        name: "upstream",
        addresses: ["127.78.1.1:8080"],
        behaviour: {
          serviceTime: { constant: "2500ms" },
          errors: {
            pattern: [...Array<number>(requests).fill(503), ...Array<number>(requests).fill(200)],
            serviceTime: { constant: "1s" },
          },
        },
      },
    ],
    traffic: Array.from({ length: requests }, (_, i) => ({ path: `/${variant}/`, name: `${i}`, burst: 1, start: `${i * 15}ms` })),
  };
}

/**
 * The exact count presumes that no retry leaves its back-off of 0–60 s while the others fail. On one seed in ten one does;
 * a thousand times the interval makes it certain.
 */
function withoutEarlyRetries(document: Bootstrap): Bootstrap {
  return JSON.parse(JSON.stringify(document).replaceAll('"60s"', '"60000s"')) as Bootstrap;
}

export const budgetAccounting: EnvoyGroup = {
  name: "b4-budget-accounting",
  listener: "127.78.0.1:10000",
  scenarios: Object.fromEntries(variants.map((variant) => [variant, staggered(variant)])),
  measure: (run) =>
    variants.map((variant) => {
      const lines = run(variant).log(`/${variant}/`);
      // A retry that still waits when the route's timeout ends the request was admitted all the same.
      const admitted = variant.endsWith("long")
        ? lines.filter((line) => !line.flags.includes("UO")).length
        : sum(lines.map((line) => line.attempts - 1));
      return [`${variant}: retries admitted of 50`, admitted];
    }),
};
