/** Retries: success under random failures, back-off, previous hosts, and which outcome each `retry_on` retries. */
import type { EnvoyGroup, ScenarioSpec } from "./group.ts";
import type { Run } from "./run.ts";
import { mean, percentile, share, sum } from "./statistics.ts";

const retryOn = [
  "5xx",
  "gateway-error",
  "reset",
  "connect-failure",
  "retriable-4xx",
  "retriable-status-codes",
  "reset-before-request",
  "5xx,connect-failure",
];
const upstreamOutcomes = ["500", "502", "503", "504", "404", "409", "429", "close"];

const always503 = { errors: { rate: 1, status: 503 } };

/** One second for each upstream outcome, in which every `retry_on` is asked once. */
const matrix: ScenarioSpec = {
  duration: "10s",
  workloads: [{ name: "status", addresses: ["127.79.1.3:8080"] }],
  traffic: upstreamOutcomes.flatMap((outcome, second) =>
    retryOn.map((_, route) => ({ path: `/on${route}/${outcome}`, burst: 1, start: `${second}.5s` })),
  ),
  timeline: upstreamOutcomes.map((outcome, second) => ({
    at: `${second}s`,
    fault: {
      errors: {
        workload: "status",
        rate: 1,
        ...(outcome === "close" ? { reset: true } : { status: Number(outcome) }),
      },
    },
  })),
};

export const retry: EnvoyGroup = {
  name: "b-retry",
  listener: "127.79.0.1:10000",
  scenarios: {
    amplification: {
      workloads: [{ name: "flaky", addresses: ["127.79.1.1:8080"], behaviour: { errors: { rate: 0.3, status: 503 } } }],
      traffic: ["/amp0/", "/amp1/", "/amp/"].map((path) => ({ path, users: 8, requests: 5000 })),
    },
    backOff: {
      workloads: [{ name: "dead", addresses: ["127.79.1.2:8080"], behaviour: always503 }],
      traffic: ["/bo/", "/bo100/"].map((path) => ({ path, users: 20, requests: 400 })),
    },
    previousHosts: {
      workloads: [
        { name: "dead", service: "mix", addresses: ["127.79.1.2:8080"], behaviour: always503 },
        { name: "fine", service: "mix", addresses: ["127.79.1.4:8080"] },
      ],
      traffic: ["/ph-rr/", "/ph-rand/", "/noph-rand/"].map((path) => ({ path, users: 1, requests: 2000 })),
    },
    matrix,
  },
  measure(run) {
    const success = (scenario: string, path: string) => share(run(scenario).log(path), (line) => line.status === 200);
    return [
      ["num_retries 1: success rate", success("amplification", "/amp1/")],
      ["num_retries 2: success rate", success("amplification", "/amp/")],
      ...backOffFigures(run("backOff"), "/bo/", 25, 250),
      ...backOffFigures(run("backOff"), "/bo100/", 100, 500),
      ["/ph-rr/ success (2 hosts: one always 503, retry 1, previous_hosts)", success("previousHosts", "/ph-rr/")],
      ["/ph-rand/ success (2 hosts: one always 503, retry 1)", success("previousHosts", "/ph-rand/")],
      ["/noph-rand/ success (2 hosts: one always 503, retry 1)", success("previousHosts", "/noph-rand/")],
      ...retryOn.map((condition, route): [string, unknown] => [
        `retry_on=${condition}: attempts by upstream outcome`,
        Object.fromEntries(
          upstreamOutcomes.map((outcome) => [outcome, run("matrix").log(`/on${route}/${outcome}`)[0]?.attempts]),
        ),
      ]),
    ];
  },
};

function backOffFigures(run: Run, path: string, baseMs: number, maxMs: number): [string, unknown][] {
  // The upstream answers at once: a try ends when it began.
  const tries = run.tries(path);
  const perRetry = [1, 2, 3, 4, 5, 6].flatMap((retryNumber): [string, unknown][] => {
    const intervalMs = Math.min(baseMs * 2 ** (retryNumber - 1), maxMs);
    const gaps = tries.flatMap((own) => {
      const [before, after] = [own[retryNumber - 1], own[retryNumber]];
      return before === undefined || after === undefined ? [] : [after - before];
    });
    const name = `${path} backoff before retry ${retryNumber}`;
    return [
      [`${name}: mean ms`, mean(gaps)],
      [`${name}: p90 ms`, percentile(gaps, 90)],
      [`${name}: fraction of gaps > interval+3 ms`, share(gaps, (gap) => gap > intervalMs + 3)],
    ];
  });
  return [...perRetry, [`${path} attempts per request = 7`, sum(run.log(path).map((line) => line.attempts))]];
}
