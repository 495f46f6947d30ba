/** A closed loop of exactly one active and one pending request never overflows. */
import type { EnvoyGroup } from "./group.ts";
import { count } from "./statistics.ts";

export const breakerClosed: EnvoyGroup = {
  name: "c3-breaker-closed",
  listener: "127.77.0.1:10000",
  scenarios: {
    loop: {
      workloads: [{ name: "upstream", addresses: ["127.77.1.1:8080"], behaviour: { serviceTime: { constant: "5ms" } } }],
      traffic: [{ path: "/ka/", users: 2, requests: 1000 }],
    },
  },
  measure: (run) => [["ka C=2: no overflow", count(run("loop").log("/ka/"), (line) => line.flags.includes("UO"))]],
};
