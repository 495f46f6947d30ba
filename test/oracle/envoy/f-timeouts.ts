/** Route, per-try and stream timeouts, alone and with retries and hedging. */
import type { EnvoyGroup, ScenarioSpec } from "./group.ts";
import type { LogLine } from "./run.ts";
import { percentile } from "./statistics.ts";

const overSlow = ["/gto/", "/inf/", "/ptt/", "/ptt-gw/", "/ptt-reset/", "/ptt-cf/", "/ptt-nor/", "/gto-ptt/", "/ptt-gt-gto/"];
const paths = [...overSlow, "/gto-retry/", "/gto-bo/", "/maxdur/", "/stall/", "/stall-ptt/"];
const constant = (ms: number) => ({ constant: `${ms}ms` });
const fiveTimes = { users: 1, requests: 5 };

const plain: ScenarioSpec = {
  workloads: [
    { name: "slow", addresses: ["127.79.1.1:8080"], behaviour: { serviceTime: constant(600) } },
    { name: "dead", addresses: ["127.79.1.3:8080"], behaviour: { errors: { rate: 1, status: 503 } } },
    { name: "stall", addresses: ["127.79.1.6:8080"], behaviour: { response: { body: "700ms" } } },
  ],
  traffic: [
    ...paths.map((path) => ({ path, ...fiveTimes })),
    { path: "/inf/external", headers: { "x-envoy-upstream-rq-timeout-ms": "100" }, ...fiveTimes },
    {
      path: "/inf/internal",
      headers: { "x-envoy-upstream-rq-timeout-ms": "100", "x-forwarded-for": "10.0.0.1" },
      ...fiveTimes,
    },
  ],
};

/** Odd and even tries differ by a pattern: its failing member is the try whose answer never counts. */
function alternating(address: string, path: string, pattern: readonly number[], okMs: number, failedMs: number): ScenarioSpec {
  return {
    workloads: [
      {
        name: "upstream",
        addresses: [address],
        behaviour: { serviceTime: constant(okMs), errors: { pattern, serviceTime: constant(failedMs) } },
      },
    ],
    traffic: [{ path, ...fiveTimes }],
  };
}

export const timeouts: EnvoyGroup = {
  name: "f-timeouts",
  listener: "127.79.0.1:10000",
  scenarios: {
    plain,
    first: alternating("127.79.1.2:8080", "/first/", [503, 200], 0, 600),
    hedge: alternating("127.79.1.4:8080", "/hedge/", [200, 503], 160, 600),
    nohedge: alternating("127.79.1.4:8080", "/nohedge/", [200, 503], 160, 600),
  },
  measure(run) {
    const of = (scenario: string, path: string, name = path) => figures(name, run(scenario).log(path));
    const header = "/inf/map[x-envoy-upstream-rq-timeout-ms:100";
    return [
      ...paths.flatMap((path) => of("plain", path)),
      ...of("plain", "/inf/external", `${header}]`),
      ...of("plain", "/inf/internal", `${header} x-forwarded-for:10.0.0.1]`),
      ...["first", "hedge", "nohedge"].flatMap((name) => of(name, `/${name}/`)),
    ];
  },
  inexpressible: {
    "/stall/ latency p50 ms":
      "the client sees the end of its connection a second after Envoy's access log ends (delayed_close_timeout)",
  },
};

function figures(name: string, lines: readonly LogLine[]): [string, unknown][] {
  return [
    [`${name} code`, lines.map((line) => line.status)],
    [`${name} flags`, lines.map((line) => line.flags)],
    [`${name} attempts`, lines.map((line) => line.attempts)],
    [
      `${name} latency p50 ms`,
      percentile(
        lines.map((line) => line.durationMs),
        50,
      ),
    ],
  ];
}
