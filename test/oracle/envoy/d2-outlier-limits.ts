/** How many hosts may be ejected, and the two detectors that judge a whole interval. */
import type { EnvoyGroup, ScenarioSpec } from "./group.ts";

const limits = [
  "h4b2-unset",
  "h4b2-unset-one",
  "h4b2-10",
  "h4b2-24",
  "h4b2-25",
  "h4b2-49",
  "h4b2-50",
  "h4b3-50",
  "h4b3-100",
  "h4b4-100",
  "h4b4-50",
  "h3b1-33",
  "h3b1-34",
  "h1b1-100",
  "h1b1-10-one",
  "h4b2-0-one",
];
const sweeps = ["fp", "fp60", "fpmin", "sr5", "sr5f21", "srvol"];

const address = (n: number) => `127.78.1.${n}:8080`;
const workloads = [
  { name: "bad", service: "s", addresses: [1, 2, 3, 4].map(address), behaviour: { errors: { rate: 1, status: 500 } } },
  { name: "good", service: "s", addresses: [11, 12, 13, 14].map(address) },
  { name: "half", service: "s", addresses: [address(31)], behaviour: { errors: { pattern: [200, 500] } } },
];

function limited(variant: string): ScenarioSpec {
  const hosts = Number(/^h(\d)/.exec(variant)?.[1]);
  return { workloads, traffic: [{ path: `/${variant}/`, rate: "100/s", arrivals: "constant", requests: 40 * hosts }] };
}

/** Long enough for whole intervals of 2 s with 100 requests a host. */
function swept(variant: string): ScenarioSpec {
  return { workloads, traffic: [{ path: `/${variant}/`, rate: "250/s", arrivals: "constant", requests: 2500 }] };
}

export const outlierLimits: EnvoyGroup = {
  name: "d2-outlier-limits",
  listener: "127.78.0.1:10000",
  scenarios: Object.fromEntries([
    ...limits.map((variant) => [variant, limited(variant)]),
    ...sweeps.map((variant) => [variant, swept(variant)]),
  ]),
  measure: (run) => [
    ...limits.map((variant): [string, unknown] => [`${variant}: hosts ejected`, run(variant).ejections.length]),
    ...sweeps.map((variant): [string, unknown] => [`${variant}: hosts ejected by sweep`, run(variant).ejections.length]),
  ],
};
