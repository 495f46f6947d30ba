/** Injected faults: percentages, their combination, what they are outside of. */
import type { EnvoyGroup } from "./group.ts";
import { outcomes, share, sum } from "./statistics.ts";

const loop = { users: 32, requests: 4000 };

export const faults: EnvoyGroup = {
  name: "g-faults",
  listener: "127.79.0.1:10000",
  scenarios: {
    faults: {
      workloads: [
        { name: "ok", addresses: ["127.79.1.1:8080"] },
        { name: "ok50", addresses: ["127.79.1.2:8080"], behaviour: { serviceTime: { constant: "50ms" } } },
      ],
      traffic: [
        { path: "/a10/", ...loop },
        { path: "/d30a20/", ...loop },
        { path: "/a100/", users: 1, requests: 100 },
        { path: "/a0/", users: 1, requests: 200 },
        { path: "/dto/", burst: 1 },
        { path: "/hm/jason", headers: { "x-user": "jason" }, burst: 1 },
        { path: "/hm/other", headers: { "x-user": "other" }, burst: 1 },
      ],
    },
  },
  measure(run) {
    const { log } = run("faults");
    const isBoth = (flags: string) => flags.split(",").sort().join() === "DI,FI";
    return [
      ["abort 10%: fraction 503 FI", share(log("/a10/"), (line) => line.status === 503 && line.flags === "FI")],
      ["delay30+abort20: both (DI,FI on 500)", share(log("/d30a20/"), (line) => line.status === 500 && isBoth(line.flags))],
      ["delay30+abort20: delay only", share(log("/d30a20/"), (line) => line.status === 200 && line.flags === "DI")],
      ["abort 100% with retry_on 5xx: never retried", outcomes(log("/a100/"))],
      ["abort 100%: upstream attempts", sum(log("/a100/").map((line) => line.attempts))],
      ["abort 0%", outcomes(log("/a0/"))],
      ["fault delay 250 ms, route timeout 100 ms, upstream 50 ms: status", log("/dto/")[0]?.status],
      ["header-matched fault", [log("/hm/jason")[0]?.status, log("/hm/other")[0]?.status]],
    ];
  },
};
