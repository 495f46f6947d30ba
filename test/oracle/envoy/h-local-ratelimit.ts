/** The token bucket of a local rate limit: continuous refill, its cap, and a limit that is counted but not enforced. */
import type { EnvoyGroup } from "./group.ts";
import { count } from "./statistics.ts";

export const localRateLimit: EnvoyGroup = {
  name: "h-local-ratelimit",
  listener: "127.77.0.1:10000",
  scenarios: {
    bucket: {
      workloads: [{ name: "ok", addresses: ["127.77.1.1:8080"] }],
      traffic: [
        { path: "/shape/drain", burst: 10 },
        { path: "/shape/", rate: "100/s", arrivals: "constant", requests: 400 },
        { path: "/cap/drain", burst: 10 },
        { path: "/cap/", burst: 10, start: "2s" },
        { path: "/enf0/", users: 1, requests: 50 },
      ],
    },
  },
  measure(run) {
    const accepted = (path: string) => count(run("bucket").log(path), (line) => line.status === 200);
    return [
      ["shape: accepts in 4 s", accepted("/shape/")],
      ["cap: after 2 s idle a burst of 10 gets max_tokens", accepted("/cap/")],
      ["filter_enforced 0%: accepted of 50", accepted("/enf0/")],
    ];
  },
};
