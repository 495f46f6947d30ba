/** Load-balancing policies with one slow host, and exact sequences of the weighted ones. */
import type { EnvoyGroup } from "./group.ts";
import type { LogLine } from "./run.ts";
import { count, mean, percentile, share } from "./statistics.ts";

const policies = ["ROUND_ROBIN", "RANDOM", "LEAST_REQUEST", "LR4"];
const reps = [0, 1, 2];
const sequences = ["edf321", "edf51", "rr3", "lrw-idle", "rndw"];
const slowHost = "127.77.1.4:8080";
const hosts = [1, 2, 3, 4].map((n) => `127.77.1.${n}:8080`);

export const slowHostPolicies: EnvoyGroup = {
  name: "e-lb-slow",
  listener: "127.77.0.1:10000",
  scenarios: {
    slow: {
      workloads: [
        { name: "fast", service: "s", addresses: hosts.slice(0, 3), behaviour: { serviceTime: { constant: "10ms" } } },
        { name: "slow", service: "s", addresses: [slowHost], behaviour: { serviceTime: { constant: "100ms" } } },
      ],
      traffic: policies.flatMap((policy) =>
        reps.map((rep) => ({ path: `/${policy}/${rep}`, rate: "200/s", requests: 3000, start: `${rep * 30}s` })),
      ),
    },
    sequences: {
      workloads: [1, 2, 3].map((n) => ({ name: `q${n}`, service: "q", addresses: [`127.77.1.1${n}:8080`] })),
      traffic: sequences.map((cluster) => ({ path: `/${cluster}/`, users: 1, requests: 600 })),
    },
  },
  measure(run) {
    const slow = (policy: string, rep: number) => run("slow").log(`/${policy}/${rep}`);
    const slowShare = (policy: string, rep: number) => share(slow(policy, rep), (line) => line.host === slowHost);
    const picks = (cluster: string) => run("sequences").log(`/${cluster}/`);
    const counts = (cluster: string) => countByHost(picks(cluster));
    const fives = picks("edf51").map((line) => line.host.replace(/^127\.77\.1\.1(\d):8080$/, "$1"));
    return [
      [
        "ROUND_ROBIN rep0: every host 750 of 3000",
        hosts.every((host) => count(slow("ROUND_ROBIN", 0), (line) => line.host === host) === 750),
      ],
      ...reps.map((rep): [string, unknown] => [
        `ROUND_ROBIN rep${rep} p90 ms`,
        percentile(
          slow("ROUND_ROBIN", rep).map((line) => line.durationMs),
          90,
        ),
      ]),
      ["RANDOM rep2: slow share", slowShare("RANDOM", 2)],
      ["LEAST_REQUEST (P2C) slow share, mean of 3", mean(reps.map((rep) => slowShare("LEAST_REQUEST", rep)))],
      ["LEAST_REQUEST choice_count 4 slow share", mean(reps.map((rep) => slowShare("LR4", rep)))],
      [
        "edf 5/1 sequence is a rotation of 111112",
        isRotation(fives.slice(0, 6), "111112") && fives.every((one, index) => one === fives[index % 6]),
      ],
      ["rr3 counts of 600", counts("rr3")],
      ["edf weights 3/2/1 counts of 600", counts("edf321")],
      ["edf weights 5/1 counts of 600", counts("edf51")],
      ["least_request with unequal weights on an idle cluster = EDF 3/2/1 counts of 600", counts("lrw-idle")],
      ["RANDOM ignores endpoint weights: q1 of 600", counts("rndw").q1],
    ];
  },
};

function countByHost(lines: readonly LogLine[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { host } of lines) {
    const name = host.replace(/^127\.77\.1\.1(\d):8080$/, "q$1");
    counts[name] = (counts[name] ?? 0) + 1;
  }
  return counts;
}

function isRotation(sequence: readonly string[], cycle: string): boolean {
  return sequence.length === cycle.length && `${cycle}${cycle}`.includes(sequence.join(""));
}
