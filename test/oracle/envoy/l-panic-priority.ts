/** Panic, degraded hosts, priorities and weighted localities with hosts marked unhealthy. */
import type { EnvoyGroup } from "./group.ts";
import type { LogLine } from "./run.ts";
import { count, share } from "./statistics.ts";

const address = (n: number) => `127.78.1.${n}:8080`;
const workloads = [
  { name: "a", service: "s", addresses: [1, 2, 3, 4].map(address) },
  { name: "b", service: "s", addresses: [11, 12, 13, 14].map(address) },
];
const thresholds = { def: "50", t0: "0" } as const;
const unhealthy = [0, 1, 2, 3, 4];
const priorities = ["p0-0", "p1-0", "p3-0", "p3-2", "p3-3", "p4-3", "p4-4", "p2-4"];
const localities = ["lw0", "lw2", "lw3"];
const clusters = [
  ...unhealthy.flatMap((k) => [`def-u${k}`, `t0-u${k}`, `deg${k}`]),
  "t50-u2",
  "failpanic-u3",
  ...priorities,
  ...localities,
];

export const panicAndPriorities: EnvoyGroup = {
  name: "l-panic-priority",
  listener: "127.78.0.1:10000",
  scenarios: {
    clusters: {
      workloads,
      traffic: clusters.map((cluster) => ({ path: `/${cluster}/`, users: 2, requests: cluster.startsWith("p") ? 6000 : 2000 })),
    },
  },
  measure(run) {
    const { log } = run("clusters");
    const hostsOf = (cluster: string) => [...new Set(log(`/${cluster}/`).flatMap((line) => nameOf(line) ?? []))].sort();
    const firstShare = (cluster: string) => share(log(`/${cluster}/`), (line) => nameOf(line)?.startsWith("a") === true);
    /** Requests of each used host where all got the same number. */
    const evenSplit = (cluster: string) => {
      const counts = new Set(hostsOf(cluster).map((host) => count(log(`/${cluster}/`), (line) => nameOf(line) === host)));
      return counts.size === 1 ? [...counts][0] : [...counts];
    };
    return [
      ...Object.entries(thresholds).flatMap(([variant, threshold]) =>
        unhealthy.flatMap((k): [string, unknown][] => [
          [`threshold ${threshold}, ${k}/4 unhealthy: hosts used`, hostsOf(`${variant}-u${k}`)],
          [`threshold ${threshold}, ${k}/4 unhealthy: even split`, evenSplit(`${variant}-u${k}`)],
        ]),
      ),
      ["threshold 50, 2/4 unhealthy: hosts used", hostsOf("t50-u2")],
      ["fail_traffic_on_panic: all 503", count(log("/failpanic-u3/"), (line) => line.status === 503 && line.flags === "UH")],
      ...unhealthy.map((k): [string, unknown] => [
        `degraded ${k}/4: share to healthy hosts`,
        share(log(`/deg${k}/`), (line) => Number(nameOf(line)?.slice(1)) >= k),
      ]),
      ...priorities.map((cluster): [string, unknown] => [`${cluster}: share to priority 0`, firstShare(cluster)]),
      ...localities.map((cluster): [string, unknown] => [`${cluster}: share to locality A`, firstShare(cluster)]),
    ];
  },
};

/** a0–a3: the first four hosts, b0–b3: the others. */
const names = new Map(
  [0, 1, 2, 3].flatMap((n): [string, string][] => [
    [address(n + 1), `a${n}`],
    [address(n + 11), `b${n}`],
  ]),
);

function nameOf(line: LogLine): string | undefined {
  return names.get(line.host);
}
