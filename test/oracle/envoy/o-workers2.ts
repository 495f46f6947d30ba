/** Two workers share a breaker; one worker, as here, gives the same count. */
import type { EnvoyGroup } from "./group.ts";
import { count } from "./statistics.ts";

export const workers: EnvoyGroup = {
  name: "o-workers2",
  listener: "127.79.0.1:10000",
  scenarios: {
    burst: {
      workloads: [{ name: "upstream", addresses: ["127.79.1.9:8080"], behaviour: { serviceTime: { constant: "200ms" } } }],
      traffic: [{ path: "/mr5/", burst: 20 }],
    },
  },
  measure: (run) => [
    ["max_requests 5 burst 20: ok (breaker shared by workers)", count(run("burst").log("/mr5/"), (line) => line.status === 200)],
  ],
};
