/** A closed loop of exactly one active and one pending request never overflows. */
import type { EnvoyGroup } from "./group.ts";
import { count } from "./statistics.ts";

export const breakerClosed: EnvoyGroup = {
  name: "c3-breaker-closed",
  listener: "127.77.0.1:10000",
  scenarios: {
    loop: {
      workloads: [{ name: "upstream", addresses: ["127.77.1.1:8080"], behaviour: { serviceTime: { constant: "5ms" } } }],
      // Two real clients never set off in the same instant, in which the second would find the one pending place taken.
      traffic: ["0s", "1ms"].map((start, user) => ({ path: "/ka/", name: `user ${user}`, users: 1, requests: 500, start })),
    },
  },
  measure: (run) => [["ka C=2: no overflow", count(run("loop").log("/ka/"), (line) => line.flags.includes("UO"))]],
};
