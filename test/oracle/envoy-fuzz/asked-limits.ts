/** Random filters that ask a rate limit service, which answers after a pattern, in time or not: whom it is asked about, and what comes of it. */
import type { Dice } from "./dice.ts";
import { action, limitRequest, limitTable } from "./limits.ts";
import type { SessionCase } from "./sessions.ts";
import type { Tree } from "./words.ts";

const apartMs = 40;
const v3 = "type.googleapis.com/envoy.extensions.filters.http.ratelimit.v3";

/** A case with a listener of its own. */
export interface AskedCase extends Omit<SessionCase, "filters"> {
  filters: Tree[];
  table: Tree;
}

/** @param port of every host @param listener the case's own */
export function askedCase(dice: Dice, number: number, port: number, listener: number): AskedCase {
  const service = `c${number}`;
  const address = `127.89.${number}.1`;
  const table = withOverrides(dice, limitTable(dice));
  const filters = dice.many(1, dice.chance(0.3) ? 2 : 1, () => askingFilter(dice, service));
  const behaviour = serviceBehaviour(dice);
  return {
    table,
    filters: filters.map((one, at) => ({ name: `limit${at}`, typed_config: one })),
    clusters: [
      {
        cluster: {
          name: service,
          typed_extension_protocol_options: {
            "envoy.extensions.upstreams.http.v3.HttpProtocolOptions": {
              "@type": "type.googleapis.com/envoy.extensions.upstreams.http.v3.HttpProtocolOptions",
              explicit_http_config: { http2_protocol_options: {} },
            },
          },
        },
        addresses: [address],
      },
    ],
    workloads: behaviour === null ? [] : [{ name: `w${number}`, addresses: [`${address}:${port}`], behaviour }],
    requests: Array.from({ length: dice.pick([4, 6, 8]) }, (_, at) => {
      const { listener: _own, ...request } = limitRequest(dice, listener, table);
      const grpc: Record<string, string> = dice.chance(0.1) ? { "content-type": "application/grpc" } : {};
      const headers = { ...request.headers, ...grpc, ...dice.maybe(0.2, () => ({ "x-envoy-internal": "true" })) };
      return { ...request, headers, giveUpMs: dice.chance(0.05) ? 360 : 6000, atMs: at * apartMs, inCase: number };
    }),
  };
}

function askingFilter(dice: Dice, service: string): Tree {
  const percent = () => ({ default_value: { numerator: dice.pick([0, 100]), denominator: "HUNDRED" } });
  return {
    "@type": `${v3}.RateLimit`,
    domain: "d",
    timeout: dice.pick(["0.25s", "0.25s", "1s", "0s"]),
    rate_limit_service: {
      transport_api_version: "V3",
      grpc_service: { envoy_grpc: { cluster_name: dice.chance(0.06) ? "missing" : service } },
    },
    ...dice.maybe(0.3, () => ({ stage: dice.pick([0, 1]) })),
    ...dice.maybe(0.3, () => ({ request_type: dice.pick(["internal", "external", "both"]) })),
    ...dice.maybe(0.5, () => ({ failure_mode_deny: dice.chance(0.8) })),
    ...dice.maybe(0.1, () => ({ failure_mode_deny_percent: percent() })),
    ...dice.maybe(0.2, () => ({ rate_limited_as_resource_exhausted: true })),
    ...dice.maybe(0.2, () => ({ disable_x_envoy_ratelimited_header: dice.chance(0.8) })),
    ...dice.maybe(0.2, () => ({
      rate_limited_status: { code: dice.pick(["ServiceUnavailable", "TooManyRequests", "Forbidden", "OK"]) },
    })),
    ...dice.maybe(0.2, () => ({ status_on_error: { code: dice.pick(["ServiceUnavailable", "Forbidden", "OK"]) } })),
    ...dice.maybe(0.1, () => ({ filter_enabled: percent() })),
    ...dice.maybe(0.15, () => ({ response_headers_to_add: [{ header: { key: "x-new", value: "limited" } }] })),
    ...dice.maybe(0.15, () => ({ rate_limits: dice.many(1, 2, () => ({ actions: dice.many(1, 2, () => action(dice)) })) })),
  };
}

function withOverrides(dice: Dice, table: Tree): Tree {
  const own = () =>
    dice.maybe(0.3, () => ({
      typed_per_filter_config: {
        [dice.pick(["limit0", "limit0", "limit1"])]: {
          "@type": `${v3}.RateLimitPerRoute`,
          ...dice.maybe(0.7, () => ({ vh_rate_limits: dice.pick(["OVERRIDE", "INCLUDE", "IGNORE"]) })),
          ...dice.maybe(0.3, () => ({ override_option: dice.pick(["OVERRIDE_POLICY", "INCLUDE_POLICY", "IGNORE_POLICY"]) })),
          ...dice.maybe(0.2, () => ({ domain: "other" })),
          ...dice.maybe(0.2, () => ({ rate_limits: [{ actions: [{ remote_address: {} }] }] })),
        },
      },
    }));
  const hosts = table.virtual_hosts as (Tree & { routes: Tree[] })[];
  return {
    ...table,
    virtual_hosts: hosts.map((host) => ({ ...host, routes: host.routes.map((one) => ({ ...one, ...own() })) })),
  };
}

/** null: nobody listens there. */
function serviceBehaviour(dice: Dice): Tree | null {
  if (dice.chance(0.08)) return null;
  return {
    serviceTime: { constant: `${dice.pick([0, 0, 0, 500])}ms` },
    errors: { pattern: dice.many(1, 5, () => dice.pick([200, 200, 429, 429, 503, 500, "reset"])) },
  };
}
