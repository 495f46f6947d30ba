/** Ring hash and Maglev: every key's host, and what moves when a host leaves. */
import type { EnvoyGroup } from "./group.ts";
import type { Run } from "./run.ts";

const keyCount = 4000;
const keys = Array.from({ length: keyCount }, (_, index) => `key-${String(index).padStart(5, "0")}`);
const clusters = ["ring5", "ring4", "ringbig5", "maglev5", "maglev4", "ring5u"];

export function consistentHash(recorded: Readonly<Record<string, Readonly<Record<string, string>>>>): EnvoyGroup {
  const hostOf = (run: Run, cluster: string, key: string) =>
    run.log(`/${cluster}/${key}`)[0]?.host.replace(/^127\.77\.1\.(\d):8080$/, "n$1");
  return {
    name: "k-consistent-hash",
    listener: "127.77.0.1:10000",
    scenarios: {
      ...Object.fromEntries(
        clusters.map((cluster) => [
          cluster,
          {
            workloads: hosts(),
            traffic: keys.map((key) => ({ path: `/${cluster}/${key}`, headers: { "x-key": key }, burst: 1 })),
          },
        ]),
      ),
      noKey: { workloads: hosts(), traffic: [{ path: "/ring5/", users: 1, requests: 200 }] },
    },
    measure(run) {
      // Hosts were recorded for the first half of the keys; how many move is known for all of them.
      const disagreeing = (cluster: string) =>
        Object.entries(recorded[cluster] ?? {}).filter(([key, host]) => hostOf(run(cluster), cluster, key) !== host).length;
      const moved = (before: string, after: string) => {
        const surviving = keys.filter((key) => hostOf(run(before), before, key) !== "n3");
        const movers = surviving.filter((key) => hostOf(run(before), before, key) !== hostOf(run(after), after, key));
        return { movers: movers.length, surviving: surviving.length };
      };
      const maglev = moved("maglev5", "maglev4");
      return [
        ["ringbig5: keys where the independent ring reimplementation disagrees (of 4000)", disagreeing("ringbig5")],
        ["ring5u: keys where the independent ring reimplementation disagrees (of 4000)", disagreeing("ring5u")],
        ["maglev4: keys where the independent Maglev reimplementation disagrees (of 4000)", disagreeing("maglev4")],
        ["ring: keys of SURVIVING hosts that move when n3 leaves", moved("ring5", "ring4").movers],
        ["maglev: fraction of surviving keys that move when n3 leaves", maglev.movers / maglev.surviving],
        [
          "request without the hash header: spread over > 1 hosts (random)",
          new Set(
            run("noKey")
              .log("/ring5/")
              .map((line) => line.host),
          ).size > 1,
        ],
      ];
    },
  };
}

function hosts() {
  return [1, 2, 3, 4, 5].map((n) => ({ name: `n${n}`, service: "n", addresses: [`127.77.1.${n}:8080`] }));
}
