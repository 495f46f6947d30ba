/** Outlier detection over time: when a host leaves, for how long, and what it gets when it is back. */
import type { EnvoyGroup, ScenarioSpec } from "./group.ts";
import type { Run } from "./run.ts";
import { count } from "./statistics.ts";

const good = { name: "good", service: "s", addresses: ["127.78.1.1:8080", "127.78.1.2:8080"] };
const bad = { name: "bad", service: "s", addresses: ["127.78.1.3:8080"], behaviour: { errors: { rate: 1, status: 503 } } };

function steady(path: string, everyMs: number, seconds: number): ScenarioSpec["traffic"][number] {
  return { path, rate: `${1000 / everyMs}/s`, arrivals: "constant", requests: (seconds * 1000) / everyMs };
}

export const outlierTimeline: EnvoyGroup = {
  name: "d1-outlier-timeline",
  listener: "127.78.0.1:10000",
  scenarios: {
    timeline: { duration: "27s", workloads: [good, bad], traffic: [steady("/t/", 10, 26)] },
    reset: {
      workloads: [
        good,
        {
          name: "cycling",
          service: "s",
          addresses: ["127.78.1.4:8080"],
          behaviour: { errors: { pattern: [500, 500, 500, 500, 200] } },
        },
      ],
      traffic: [{ path: "/reset/", rate: "100/s", arrivals: "constant", requests: 1500 }],
    },
    refused: { duration: "3s", workloads: [good], traffic: [steady("/refused/", 20, 2)] },
    gateway: { duration: "3s", workloads: [good, bad], traffic: [steady("/gw/", 20, 2)] },
  },
  measure(run) {
    const timeline = run("timeline");
    const periods = visits(timeline, "/t/", "127.78.1.3:8080");
    const durations = timeline.ejections.map((one) => ((one.untilMs ?? Number.NaN) - one.atMs) / 1000);
    const returns = timeline.ejections.flatMap((one) => one.untilMs ?? []);
    return [
      ["requests that reach the bad host in the first admitted period", periods[0]],
      ["requests that reach the bad host in visit 2 (33.3/s)", periods[1]],
      ["requests that reach the bad host in visit 4 (33.3/s)", periods[3]],
      ...[0, 1, 2, 3].map((k): [string, unknown] => [`ejection ${k + 1} duration s`, durations[k]]),
      [
        "UNEJECT events lie on the 1 s sweep grid (|phase drift| < 60 ms)",
        returns.length > 2 && returns.every((at) => at % 1000 < 60),
      ],
      ["FFFFS host keeps exactly 1/3 of 1500", run("reset").arrivals("cycling")[0]],
      [
        "connect failures count as 5xx (split_external_local_origin_errors=false): 503 before ejection",
        count(run("refused").log("/refused/"), (line) => line.status === 503),
      ],
      [
        "gateway_failure 3: 503s seen by client before ejection",
        count(run("gateway").log("/gw/"), (line) => line.status === 503),
      ],
    ];
  },
};

/** Requests to one host of the path's cluster, counted between its returns. */
export function visits(run: Run, path: string, host: string): number[] {
  const lines = run.log(path).filter((line) => line.host === host);
  const cluster = run.log(path)[0]?.cluster;
  const starts = [0, ...run.ejections.filter((one) => one.cluster === cluster).flatMap((one) => one.untilMs ?? [])];
  return starts.map((from, index) => {
    const until = starts[index + 1] ?? Number.POSITIVE_INFINITY;
    return count(lines, (line) => line.atMs >= from && line.atMs < until);
  });
}
