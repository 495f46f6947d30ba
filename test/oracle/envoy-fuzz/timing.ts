/**
 * Random timeouts, retries and hedging against servers that are slow, close, stall or cut their answers. All requests of a world are sent
 * at once, each by a route to a cluster with servers of its own, so that none meets another.
 */
import type { Dice } from "./dice.ts";
import type { FuzzRequest } from "./requests.ts";
import type { Tree } from "./words.ts";

/** Of a listener: its stream limits, and who its clients are. */
export function timedManager(dice: Dice): Tree {
  return {
    ...dice.maybe(0.4, () => ({ stream_idle_timeout: seconds(dice.pick([400, 800, 1000, 1400])) })),
    ...dice.maybe(0.3, () => ({
      common_http_protocol_options: { max_stream_duration: seconds(dice.pick([600, 700, 1200, 2000])) },
    })),
    ...dice.maybe(0.6, () => ({
      use_remote_address: true,
      internal_address_config: { cidr_ranges: [{ address_prefix: "127.0.0.0", prefix_len: 8 }] },
    })),
  };
}

const checked = ["x-envoy-upstream-rq-timeout-ms", "x-envoy-max-retries", "x-envoy-retry-on"] as const;

export function timedRouter(dice: Dice): Tree {
  return {
    ...dice.maybe(0.3, () => ({ respect_expected_rq_timeout: dice.chance(0.8) })),
    ...dice.maybe(0.2, () => ({ suppress_envoy_headers: true })),
    ...dice.maybe(0.2, () => ({ strict_check_headers: dice.many(1, 2, () => dice.pick(checked)) })),
  };
}

/** @param clusterOf what a route's number leads to */
export function timedTable(dice: Dice, numbers: readonly number[], clusterOf: (number: number) => string): Tree {
  const routes = numbers.map((number) => ({
    name: `r${number}`,
    match: { prefix: prefixOf(number) },
    route: {
      cluster: clusterOf(number),
      ...limits(dice),
      ...dice.maybe(0.6, () => ({ retry_policy: retryPolicy(dice) })),
      ...dice.maybe(0.3, () => ({ hedge_policy: { hedge_on_per_try_timeout: dice.chance(0.85) } })),
    },
  }));
  return {
    name: "table",
    virtual_hosts: [
      {
        name: "v",
        domains: ["*"],
        ...dice.maybe(0.5, () => ({ include_attempt_count_in_response: true })),
        ...dice.maybe(0.3, () => ({ retry_policy: retryPolicy(dice) })),
        ...dice.maybe(0.2, () => ({ hedge_policy: { hedge_on_per_try_timeout: true } })),
        routes,
      },
    ],
  };
}

function prefixOf(number: number): string {
  return `/r${number}/`;
}

function seconds(ms: number): string {
  return `${ms / 1000}s`;
}

function limits(dice: Dice): Tree {
  return {
    ...dice.maybe(0.7, () => ({ timeout: seconds(dice.pick([0, 300, 600, 1000, 1600, 2400])) })),
    ...dice.maybe(0.25, () => ({ idle_timeout: seconds(dice.pick([0, 300, 700, 1200])) })),
    ...dice.maybe(0.2, () => ({
      max_stream_duration: {
        ...dice.maybe(0.7, () => ({ max_stream_duration: seconds(dice.pick([0, 500, 1000, 1100, 1900])) })),
        ...dice.maybe(0.5, () => ({ grpc_timeout_header_max: seconds(dice.pick([0, 600, 1500])) })),
        ...dice.maybe(0.3, () => ({ grpc_timeout_header_offset: seconds(dice.pick([200, 900])) })),
      },
    })),
    ...dice.maybe(0.15, () => ({ max_grpc_timeout: seconds(dice.pick([0, 800, 1300])) })),
    ...dice.maybe(0.1, () => ({ grpc_timeout_offset: seconds(dice.pick([200, 900])) })),
  };
}

const conditions = ["5xx", "gateway-error", "reset", "connect-failure", "retriable-status-codes", "refused-stream"] as const;
const moreConditions = ["retriable-headers", "envoy-ratelimited", "reset-before-request", "deadline-exceeded", "unavailable"];

function retryPolicy(dice: Dice): Tree {
  return {
    ...dice.maybe(0.95, () => ({
      retry_on: dice.many(1, 3, () => dice.pick(dice.chance(0.8) ? conditions : moreConditions)).join(","),
    })),
    ...dice.maybe(0.8, () => ({ num_retries: dice.pick([0, 1, 2, 3]) })),
    ...dice.maybe(0.6, () => ({ per_try_timeout: seconds(dice.pick([0, 250, 300, 500, 900, 1600])) })),
    ...dice.maybe(0.2, () => ({ per_try_idle_timeout: seconds(dice.pick([250, 600, 1100])) })),
    ...dice.maybe(0.3, () => ({ retriable_status_codes: [dice.pick([404, 504, 200])] })),
    ...dice.maybe(0.2, () => ({ retriable_headers: [{ name: "x-retry-me", present_match: true }] })),
    ...dice.maybe(0.2, () => ({
      rate_limited_retry_back_off: {
        reset_headers: dice.many(1, 2, () => ({
          name: dice.pick(["retry-after", "Retry-After", "x-reset"]),
          format: dice.pick(["SECONDS", "SECONDS", "UNIX_TIMESTAMP"]),
        })),
        max_interval: seconds(dice.pick([1000, 5000])),
      },
    })),
    retry_back_off: { base_interval: "0.001s", max_interval: "0.002s" },
  };
}

/** Limits of a cluster that count for each try, and its protocol. */
export function timedCluster(dice: Dice): Tree {
  const common = dice.maybe(0.15, () => ({ max_stream_duration: seconds(dice.pick([400, 900])) }));
  return {
    connect_timeout: "1s",
    ...dice.maybe(0.3, () => ({
      typed_extension_protocol_options: {
        "envoy.extensions.upstreams.http.v3.HttpProtocolOptions": {
          "@type": "type.googleapis.com/envoy.extensions.upstreams.http.v3.HttpProtocolOptions",
          ...(Object.keys(common).length > 0 ? { common_http_protocol_options: common } : {}),
          explicit_http_config: dice.chance(0.5) ? { http2_protocol_options: {} } : { http_protocol_options: {} },
        },
      },
    })),
  };
}

/** What a server does; null: nobody listens there. */
export function timedBehaviour(dice: Dice): Tree | null {
  if (dice.chance(0.07)) return null;
  const outcome = () => dice.pick([200, 200, 503, 503, 504, 500, 404, 429, "reset", "reset"]);
  return {
    serviceTime: { constant: `${dice.pick([0, 0, 120, 400, 750, 1300, 2000])}ms` },
    response: response(dice),
    ...dice.maybe(0.7, () => ({
      errors: {
        pattern: dice.many(1, 4, outcome),
        ...dice.maybe(0.6, () => ({ serviceTime: { constant: `${dice.pick([0, 120, 400, 750])}ms` } })),
        response: response(dice),
      },
    })),
  };
}

function response(dice: Dice): Tree {
  const headers = {
    ...dice.maybe(0.15, () => ({ "x-retry-me": "1" })),
    ...dice.maybe(0.1, () => ({ "x-envoy-ratelimited": "true" })),
    ...dice.maybe(0.15, () => ({ "retry-after": dice.pick(["1", "0", "x", "100"]) })),
    ...dice.maybe(0.05, () => ({ "x-reset": "1" })),
  };
  return {
    ...(Object.keys(headers).length > 0 ? { headers } : {}),
    ...dice.maybe(0.35, () => ({ body: dice.pick(["stall", "cut", "150ms", "500ms", "900ms"]) })),
  };
}

export function timedRequest(dice: Dice, listener: number, number: number): FuzzRequest {
  return {
    listener,
    method: dice.pick(["GET", "POST"]),
    path: `${prefixOf(number)}x`,
    headers: { host: "a.example", ...wishes(dice) },
    giveUpMs: dice.pick([3200, 3200, 3200, 500, 1200]),
  };
}

function wishes(dice: Dice): Record<string, string> {
  const isGrpc = dice.chance(0.2);
  const timeout = () => dice.pick(["400", "900", "1400", "0", "x", "2100"]);
  return {
    ...(isGrpc ? { "content-type": "application/grpc", te: "trailers" } : {}),
    ...dice.maybe(isGrpc ? 0.6 : 0.05, () => ({ "grpc-timeout": dice.pick(["400m", "1S", "900000u", "2500m", "1x", "0m"]) })),
    ...dice.maybe(0.15, () => ({ "x-envoy-upstream-rq-timeout-ms": timeout() })),
    ...dice.maybe(0.1, () => ({ "x-envoy-upstream-rq-per-try-timeout-ms": timeout() })),
    ...dice.maybe(0.08, () => ({ "x-envoy-expected-rq-timeout-ms": timeout() })),
    ...dice.maybe(0.08, () => ({ "x-envoy-upstream-rq-timeout-alt-response": dice.pick(["1", "true"]) })),
    ...dice.maybe(0.1, () => ({ "x-envoy-hedge-on-per-try-timeout": dice.pick(["true", "false", "x"]) })),
    ...dice.maybe(0.1, () => ({ "x-envoy-retry-on": dice.pick(["5xx", "gateway-error", "reset,retriable-4xx", "5xx,other"]) })),
    ...dice.maybe(0.1, () => ({ "x-envoy-max-retries": dice.pick(["0", "1", "3", "x"]) })),
  };
}
