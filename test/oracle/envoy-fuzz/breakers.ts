/**
 * Random circuit breakers, connection limits and retries, and waves of requests against servers that hold their answers until the wave is
 * over. Requests of a wave come one after another, fast enough to meet and far enough apart that their order is no matter of luck.
 */
import type { Dice } from "./dice.ts";
import type { ScheduledCase } from "./scheduled-worlds.ts";
import type { Tree } from "./words.ts";

/** Between two requests of a case; the times of all waves are a multiple of it. */
const apartMs = 40;

/** @param port of every host */
export function breakerCase(dice: Dice, number: number, port: number): ScheduledCase {
  const name = `c${number}`;
  const addresses = dice.many(1, dice.chance(0.7) ? 1 : 2, () => "").map((_, host) => `127.86.${number}.${host + 1}`);
  const route = (prefix: string, more: Tree) => ({
    match: { prefix },
    route: { cluster: name, timeout: seconds(dice.pick([0, 0, 0, 700, 1400])), ...retries(dice), ...more },
  });
  return {
    routes: [route(`/r${number}/high/`, { priority: "HIGH" }), route(`/r${number}/`, {})],
    cluster: { name, ...limits(dice), ...protocol(dice) },
    addresses,
    workloads: addresses.flatMap((address, at) => {
      const behaviour = behaviourOf(dice);
      return behaviour === null ? [] : [{ name: `w${number}-${at}`, addresses: [`${address}:${port}`], behaviour }];
    }),
    requests: waves(dice, number),
  };
}

function seconds(ms: number): string {
  return `${ms / 1000}s`;
}

function limits(dice: Dice): Tree {
  const thresholds = () => ({
    ...dice.maybe(0.6, () => ({ max_connections: dice.pick([0, 1, 2, 3]) })),
    ...dice.maybe(0.5, () => ({ max_pending_requests: dice.pick([0, 1, 2, 4]) })),
    ...dice.maybe(0.4, () => ({ max_requests: dice.pick([0, 1, 2, 3, 5]) })),
    ...dice.maybe(0.4, () => ({ max_retries: dice.pick([0, 1, 2]) })),
    ...dice.maybe(0.3, () => ({
      retry_budget: {
        ...dice.maybe(0.8, () => ({ budget_percent: { value: dice.pick([0, 20, 50, 100]) } })),
        ...dice.maybe(0.7, () => ({ min_retry_concurrency: dice.pick([0, 1, 2]) })),
      },
    })),
  });
  return {
    circuit_breakers: {
      thresholds: [thresholds(), ...(dice.chance(0.4) ? [{ priority: "HIGH", ...thresholds() }] : [])],
      ...dice.maybe(0.2, () => ({ per_host_thresholds: [{ max_connections: dice.pick([1, 2]) }] })),
    },
  };
}

function protocol(dice: Dice): Tree {
  const common = {
    ...dice.maybe(0.3, () => ({ max_requests_per_connection: dice.pick([1, 2, 3]) })),
    ...dice.maybe(0.1, () => ({ idle_timeout: seconds(dice.pick([300, 700])) })),
    ...dice.maybe(0.1, () => ({ max_connection_duration: seconds(dice.pick([300, 700])) })),
  };
  const http2 = { http2_protocol_options: dice.maybe(0.7, () => ({ max_concurrent_streams: dice.pick([1, 2, 3]) })) };
  return {
    typed_extension_protocol_options: {
      "envoy.extensions.upstreams.http.v3.HttpProtocolOptions": {
        "@type": "type.googleapis.com/envoy.extensions.upstreams.http.v3.HttpProtocolOptions",
        common_http_protocol_options: common,
        explicit_http_config: dice.chance(0.45) ? http2 : { http_protocol_options: {} },
      },
    },
  };
}

const conditions = ["5xx", "5xx", "reset", "connect-failure", "refused-stream", "gateway-error"] as const;

function retries(dice: Dice): Tree {
  return dice.maybe(0.5, () => ({
    retry_policy: {
      retry_on: dice.many(1, 2, () => dice.pick(conditions)).join(","),
      num_retries: dice.pick([1, 1, 2, 3]),
      ...dice.maybe(0.25, () => ({ per_try_timeout: seconds(dice.pick([450, 900])) })),
      // Longer than a new connection takes, and less than requests are apart.
      retry_back_off: { base_interval: "0.02s", max_interval: "0.02s" },
    },
  }));
}

/** null: nobody listens there. */
function behaviourOf(dice: Dice): Tree | null {
  if (dice.chance(0.04)) return null;
  return {
    serviceTime: { constant: `${dice.pick([300, 500, 800])}ms` },
    ...dice.maybe(0.5, () => ({ errors: { pattern: dice.many(1, 4, () => dice.pick([200, 503, 503, 500, "reset"])) } })),
  };
}

function waves(dice: Dice, number: number): ScheduledCase["requests"] {
  let atMs = 0;
  return dice
    .many(1, 3, () => dice.pick([1, 2, 3, 5, 7]))
    .flatMap((size) => {
      const wave = Array.from({ length: size }, (_, at) => ({
        method: dice.pick(["GET", "GET", "POST"]),
        path: `/r${number}/${dice.chance(0.25) ? "high/" : ""}x`,
        headers: { host: "a.example" },
        giveUpMs: dice.chance(0.08) ? 180 : 6000,
        atMs: atMs + at * apartMs,
        inCase: number,
      }));
      atMs += size * apartMs + dice.pick([160, 400, 720, 1200]);
      return wave;
    });
}
