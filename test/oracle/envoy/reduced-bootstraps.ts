/** Reduced bootstraps of the groups whose measured figures are kept with the project. */
import type { Bootstrap } from "./group.ts";
import { cluster, clusterOf, endpoint, filter, limits, reducedBootstrap, route, typed } from "./reduced-bootstrap.ts";

const weights = (...parts: number[]) => ({
  weighted_clusters: { clusters: parts.map((weight, index) => ({ name: `v${index + 1}`, weight })) },
});

const weighted = reducedBootstrap(
  "127.77.0.1:10000",
  [1, 2, 3].map((n) => cluster(`v${n}`, [`127.77.1.${n}:8080`])),
  [
    { match: { prefix: "/w9010/" }, route: weights(90, 10) },
    { match: { prefix: "/w112/" }, route: weights(1, 1, 2) },
    { match: { prefix: "/w0/" }, route: weights(100, 0) },
  ],
);

const budgets: [string, number, number][] = [
  ["b20-short", 20, 3],
  ["b50-short", 50, 3],
  ["b100-short", 100, 3],
  ["b20-long", 20, 3],
  ["b50-long", 50, 3],
  ["b100-long", 100, 3],
  ["b1-short", 1, 0],
  ["b2-short", 2, 0],
  ["b3.9-short", 3.9, 0],
  ["b4-short", 4, 0],
];
const budgetAccounting = reducedBootstrap(
  "127.78.0.1:10000",
  budgets.map(([name, percent, least]) =>
    cluster(name, ["127.78.1.1:8080"], {
      circuit_breakers: {
        thresholds: [
          {
            max_connections: 1000,
            max_pending_requests: 1000,
            max_requests: 1000,
            retry_budget: { budget_percent: { value: percent }, min_retry_concurrency: least },
          },
        ],
      },
    }),
  ),
  budgets.map(([name]) => {
    const interval = name.endsWith("long") ? "60s" : "0.001s";
    const backOff = { base_interval: interval, max_interval: interval };
    return route(name, name, { timeout: "4s", retry_policy: { retry_on: "5xx", num_retries: 1, retry_back_off: backOff } });
  }),
);

/** The limits stand in a variant's name: c, p and r, "inf" for none. */
export function breakerBurst(variants: readonly string[]): Bootstrap {
  const limitsOf = (variant: string) => {
    const [, c, p, r] = /^c(\w+)-p(\w+)-r(\w+)-n/.exec(variant) ?? [];
    const written = { max_connections: c, max_pending_requests: p, max_requests: r };
    return limits(
      Object.fromEntries(Object.entries(written).flatMap(([key, text]) => (text === "inf" ? [] : [[key, Number(text)]]))),
    );
  };
  return reducedBootstrap(
    "127.78.0.1:10000",
    variants.map((variant) => cluster(variant, ["127.78.1.1:8080"], limitsOf(variant))),
    variants.map((variant) => route(variant, variant)),
  );
}

const noPanic = { common_lb_config: { healthy_panic_threshold: { value: 0 } } };
const ejecting = { consecutive_5xx: 5, interval: "1s", base_ejection_time: "2s", max_ejection_percent: 100 };
const threeHosts = (name: string, last: string, detection: object = ejecting) =>
  cluster(name, ["127.78.1.1:8080", "127.78.1.2:8080", last], { ...noPanic, outlier_detection: detection });
const outlierTimeline = reducedBootstrap(
  "127.78.0.1:10000",
  [
    threeHosts("t", "127.78.1.3:8080"),
    threeHosts("reset", "127.78.1.4:8080"),
    threeHosts("refused", "127.78.1.250:1"),
    threeHosts("gw", "127.78.1.3:8080", {
      ...ejecting,
      consecutive_5xx: 100,
      consecutive_gateway_failure: 3,
      enforcing_consecutive_gateway_failure: 100,
    }),
  ],
  ["t", "reset", "refused", "gw"].map((name) => route(name, name)),
);

const tries = (retryOn: string, numRetries: number, perTry?: string, backOff: object = { base_interval: "0.001s" }) => ({
  retry_policy: {
    retry_on: retryOn,
    num_retries: numRetries,
    retry_back_off: backOff,
    ...(perTry === undefined ? {} : { per_try_timeout: perTry }),
  },
});
const timeouts = reducedBootstrap(
  "127.79.0.1:10000",
  Object.entries({ slow: 1, first: 2, dead: 3, hedge: 4, stall: 6 }).map(([name, n]) => cluster(name, [`127.79.1.${n}:8080`])),
  [
    route("gto", "slow", { timeout: "0.3s" }),
    route("inf", "slow", { timeout: "0s" }),
    ...Object.entries({ ptt: "5xx", "ptt-gw": "gateway-error", "ptt-reset": "reset", "ptt-cf": "connect-failure" }).map(
      ([name, retryOn]) => route(name, "slow", { timeout: "2s", ...tries(retryOn, 2, "0.1s") }),
    ),
    route("ptt-nor", "slow", { timeout: "2s", ...tries("5xx", 0, "0.1s") }),
    route("gto-ptt", "slow", { timeout: "0.25s", ...tries("5xx", 5, "0.1s") }),
    route("ptt-gt-gto", "slow", { timeout: "0.1s", ...tries("5xx", 5, "0.3s") }),
    route("gto-retry", "slow", { timeout: "0.2s", ...tries("5xx", 3) }),
    route("gto-bo", "dead", { timeout: "0.3s", ...tries("5xx", 50, undefined, { base_interval: "0.1s", max_interval: "0.1s" }) }),
    route("first", "first", { timeout: "2s", ...tries("5xx", 1, "0.1s") }),
    route("hedge", "hedge", { timeout: "2s", hedge_policy: { hedge_on_per_try_timeout: true }, ...tries("5xx", 1, "0.1s") }),
    route("nohedge", "hedge", { timeout: "2s", ...tries("5xx", 1, "0.1s") }),
    route("stall", "stall", { timeout: "0.3s" }),
    route("stall-ptt", "stall", { timeout: "2s", ...tries("5xx", 2, "0.1s") }),
    route("maxdur", "slow", { timeout: "0s", max_stream_duration: { max_stream_duration: "0.2s" } }),
  ],
  { internal_address_config: { cidr_ranges: [{ address_prefix: "10.0.0.0", prefix_len: 8 }] } },
);

const percent = (value: number) => ({ numerator: value * 10_000, denominator: "MILLION" });
const abort = (status: number, share: number) => ({ abort: { http_status: status, percentage: percent(share) } });
const delay = (fixed: string, share: number) => ({ delay: { fixed_delay: fixed, percentage: percent(share) } });
const perRoute = (name: string, type: string, config: object) => ({
  typed_per_filter_config: { [`envoy.filters.http.${name}`]: typed(type, config as Record<string, unknown>) },
});
const faulty = (config: object) => perRoute("fault", "fault.v3.HTTPFault", config);
const faults = reducedBootstrap(
  "127.79.0.1:10000",
  [cluster("ok", ["127.79.1.1:8080"]), cluster("ok50", ["127.79.1.2:8080"])],
  [
    route("a10", "ok", {}, faulty(abort(503, 10))),
    route("d30a20", "ok", {}, faulty({ ...delay("0.05s", 30), ...abort(500, 20) })),
    route("a100", "ok", { retry_policy: { retry_on: "5xx", num_retries: 3 } }, faulty(abort(503, 100))),
    route("a0", "ok", {}, faulty(abort(503, 0))),
    route("dto", "ok50", { timeout: "0.1s" }, faulty(delay("0.25s", 100))),
    route("hm", "ok", {}, faulty({ ...abort(418, 100), headers: [{ name: "x-user", string_match: { exact: "jason" } }] })),
  ],
  { http_filters: [filter("fault", "fault.v3.HTTPFault")] },
);

const bucket = (max: number, fill: number, interval: string, enforced = 100) =>
  perRoute("local_ratelimit", "local_ratelimit.v3.LocalRateLimit", {
    stat_prefix: "b",
    token_bucket: { max_tokens: max, tokens_per_fill: fill, fill_interval: interval },
    filter_enabled: { default_value: { numerator: 100 } },
    filter_enforced: { default_value: { numerator: enforced } },
  });
const localRateLimit = reducedBootstrap(
  "127.77.0.1:10000",
  [cluster("ok", ["127.77.1.1:8080"])],
  [
    route("shape", "ok", {}, bucket(10, 5, "1s")),
    route("cap", "ok", {}, bucket(3, 10, "0.5s")),
    route("enf0", "ok", {}, bucket(1, 1, "3600s", 0)),
  ],
  { http_filters: [filter("local_ratelimit", "local_ratelimit.v3.LocalRateLimit", { stat_prefix: "base" })] },
);

const four = (first: number, marked: number, status: string) =>
  [0, 1, 2, 3].map((n) => endpoint(`127.78.1.${first + n}:8080`, n < marked ? { health_status: status } : {}));
const oneGroup = (name: string, marked: number, status: string, common?: object) =>
  clusterOf(name, [{ lb_endpoints: four(1, marked, status) }], common ? { common_lb_config: common } : {});
const threshold = (value: number) => ({ healthy_panic_threshold: { value } });
const panicClusters = [
  ...[0, 1, 2, 3, 4].flatMap((k) => [
    oneGroup(`def-u${k}`, k, "UNHEALTHY"),
    oneGroup(`t0-u${k}`, k, "UNHEALTHY", threshold(0)),
    oneGroup(`deg${k}`, k, "DEGRADED"),
    clusterOf(
      `lw${k}`,
      [
        { locality: { zone: "A" }, load_balancing_weight: 80, lb_endpoints: four(1, k, "UNHEALTHY") },
        { locality: { zone: "B" }, load_balancing_weight: 20, lb_endpoints: four(11, 0, "UNHEALTHY") },
      ],
      { common_lb_config: { locality_weighted_lb_config: {} } },
    ),
  ]),
  oneGroup("t51-u2", 2, "UNHEALTHY", threshold(51)),
  oneGroup("t50-u2", 2, "UNHEALTHY", threshold(50)),
  oneGroup("failpanic-u3", 3, "UNHEALTHY", { ...threshold(50), zone_aware_lb_config: { fail_traffic_on_panic: true } }),
  ...["0-0", "1-0", "2-0", "3-0", "4-0", "3-2", "3-3", "4-3", "4-4", "2-4"].map((down) => {
    const [first = 0, second = 0] = down.split("-").map(Number);
    return clusterOf(`p${down}`, [
      { priority: 0, lb_endpoints: four(1, first, "UNHEALTHY") },
      { priority: 1, lb_endpoints: four(11, second, "UNHEALTHY") },
    ]);
  }),
];
const panicAndPriorities = reducedBootstrap(
  "127.78.0.1:10000",
  panicClusters,
  panicClusters.map(({ name }) => route(String(name), String(name))),
);

const flags = reducedBootstrap(
  "127.79.0.1:10000",
  [
    ...Object.entries({ ok: 1, slow: 2, close: 3, partial: 4, e503: 5 }).map(([name, n]) =>
      cluster(name, [`127.79.1.${n}:8080`]),
    ),
    cluster("refused", ["127.79.1.250:1"]),
    cluster("uh", []),
    cluster("uo", ["127.79.1.1:8080"], limits({ max_requests: 0 })),
  ],
  [
    ...["slow", "close", "partial", "e503", "refused", "uh", "uo"].map((name) => route(name, name)),
    route("nc", "nosuchcluster"),
    { match: { prefix: "/redir/" }, redirect: { path_redirect: "/ok/" } },
    route("to", "slow", { timeout: "0.1s" }),
    route("urx", "e503", { retry_policy: { retry_on: "5xx", num_retries: 1 } }),
    route("closeretry", "close", { retry_policy: { retry_on: "reset", num_retries: 1 } }),
  ],
);

const previousHosts = {
  retry_on: "5xx",
  num_retries: 2,
  host_selection_retry_max_attempts: 5,
  retry_host_predicate: [
    {
      name: "envoy.retry_host_predicates.previous_hosts",
      typed_config: { "@type": "type.googleapis.com/envoy.extensions.retry.host.previous_hosts.v3.PreviousHostsPredicate" },
    },
  ],
};
const incident = { consecutive_5xx: 5, interval: "1s", base_ejection_time: "3s", max_ejection_percent: 50 };
const compositeVariants = [
  ["R-none", "ROUND_ROBIN", false],
  ["R-retry", "ROUND_ROBIN", false],
  ["R-outlier", "ROUND_ROBIN", true],
  ["L-none", "LEAST_REQUEST", false],
  ["L-outlier", "LEAST_REQUEST", true],
] as const;
const composite = reducedBootstrap(
  "127.79.0.1:10000",
  compositeVariants.map(([name, policy, detects]) =>
    cluster(
      name,
      [1, 2, 3, 4].map((n) => `127.79.1.${n}:8080`),
      { lb_policy: policy, ...(detects ? { outlier_detection: incident } : {}) },
    ),
  ),
  compositeVariants.map(([name]) => route(name, name, name.endsWith("retry") ? { retry_policy: previousHosts } : {})),
);

export const reducedBootstraps: Readonly<Record<string, Bootstrap>> = {
  "a-weighted": weighted,
  "b4-budget-accounting": budgetAccounting,
  "d1-outlier-timeline": outlierTimeline,
  "f-timeouts": timeouts,
  "g-faults": faults,
  "h-local-ratelimit": localRateLimit,
  "l-panic-priority": panicAndPriorities,
  "m-flags": flags,
  "q-composite": composite,
};
