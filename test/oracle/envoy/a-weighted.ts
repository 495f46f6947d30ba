/** Weighted clusters: independent draws, weights that need not sum to 100, weight 0. */
import type { EnvoyGroup } from "./group.ts";
import { count, deviation, mean } from "./statistics.ts";

const reps = [0, 2];

export const weighted: EnvoyGroup = {
  name: "a-weighted",
  listener: "127.77.0.1:10000",
  scenarios: {
    weights: {
      workloads: [1, 2, 3].map((n) => ({ name: `v${n}`, service: "s", addresses: [`127.77.1.${n}:8080`] })),
      traffic: [
        ...reps.map((rep) => ({ path: `/w9010/${rep}`, users: 1, requests: 10_000, start: `${rep}s` })),
        { path: "/w112/", users: 1, requests: 10_000, start: "4s" },
        { path: "/w0/", users: 1, requests: 2000, start: "5s" },
      ],
    },
  },
  measure(run) {
    const { log } = run("weights");
    const canary = (path: string, cluster = "v2") => count(log(path), (line) => line.cluster === cluster);
    const hits = log("/w9010/0").flatMap((line, index) => (line.cluster === "v2" ? [index] : []));
    const gaps = hits.slice(1).map((hit, index) => hit - (hits[index] as number));
    return [
      ["canary count of 10000, rep 0", canary("/w9010/0")],
      ["canary count of 10000, rep 2", canary("/w9010/2")],
      ["gap between canary hits: mean", mean(gaps)],
      ["gap between canary hits: sd", deviation(gaps)],
      ["1/1/2: v3 of 10000", canary("/w112/", "v3")],
      ["weight 0 cluster gets nothing of 2000", canary("/w0/")],
    ];
  },
};
