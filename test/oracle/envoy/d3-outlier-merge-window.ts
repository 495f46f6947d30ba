/** The second during which membership updates are merged, and the ejection multiplier that falls back. */
import { visits } from "./d1-outlier-timeline.ts";
import type { EnvoyGroup } from "./group.ts";

const good = { name: "good", service: "s", addresses: ["127.79.1.1:8080", "127.79.1.2:8080"] };
const always500 = { errors: { rate: 1, status: 500 } };
/** Between two sweeps of the detector, so that the fourth visit is over before the stream is. */
const start = "400ms";
const every10Ms = { start, rate: "100/s", arrivals: "constant" as const, requests: 1600 };

export const outlierMergeWindow: EnvoyGroup = {
  name: "d3-outlier-merge-window",
  listener: "127.79.0.1:10000",
  scenarios: {
    streams: {
      duration: "20s",
      workloads: [
        good,
        { name: "bad-default", service: "s", addresses: ["127.79.1.3:8080"], behaviour: always500 },
        { name: "bad-zero", service: "s", addresses: ["127.79.1.4:8080"], behaviour: always500 },
        { name: "phase", service: "s", addresses: ["127.79.1.5:8080"], behaviour: always500 },
      ],
      traffic: ["/mw-default/", "/mw-0/", "/phase/"].map((path) => ({ path, ...every10Ms })),
      timeline: [
        { at: "1400ms", fault: { errors: { workload: "phase", rate: 1, status: 200 } } },
        { at: "10400ms", fault: { errors: { workload: "phase", rate: 1, status: 500 } } },
      ],
    },
  },
  measure(run) {
    const streams = run("streams");
    const zero = visits(streams, "/mw-0/", "127.79.1.4:8080");
    const merged = visits(streams, "/mw-default/", "127.79.1.3:8080");
    const phase = streams.ejections.filter((one) => one.cluster === "phase");
    const second = phase.find((one) => one.atMs >= 10_400);
    return [
      [
        "phase: ejection after 7+ healthy sweeps lasts base (multiplier fell back) s",
        second && second.untilMs !== null ? (second.untilMs - second.atMs) / 1000 : null,
      ],
      ...[1, 2, 3, 4].map((visit): [string, unknown] => [`update_merge_window 0: requests in visit ${visit}`, zero[visit - 1]]),
      ["default merge window: first visit", merged[0]],
      ["default merge window: visit 3 requests (33.3/s)", merged[2]],
      ["default merge window: visit 4 requests (33.3/s)", merged[3]],
    ];
  },
};
