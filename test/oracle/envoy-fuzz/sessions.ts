/** Random TCP proxies: how often a connection is tried, what limits it, what ends it, and who may open one. */
import type { Dice } from "./dice.ts";
import type { ScheduledCase } from "./scheduled-worlds.ts";
import type { Tree } from "./words.ts";

const apartMs = 40;
const v3 = "type.googleapis.com/envoy.extensions.filters.network";

/** A case with a listener of its own, whose filters these are. */
export interface SessionCase extends Omit<ScheduledCase, "routes" | "cluster" | "addresses"> {
  filters: Tree[];
  clusters: { cluster: Tree; addresses: readonly string[] }[];
}

/** @param port of every host */
export function sessionCase(dice: Dice, number: number, port: number): SessionCase {
  // Envoy ejects in another thread, and tries again meanwhile.
  const triesAgain = dice.chance(0.5);
  const clusters = dice
    .many(1, dice.chance(0.15) ? 2 : 1, () => sessionCluster(dice, !triesAgain))
    .map((cluster, at) => ({
      cluster: { name: `c${number}${at === 0 ? "" : "b"}`, ...cluster },
      addresses: dice.many(1, 3, () => "").map((_, host) => `127.88.${number}.${1 + at * 3 + host}`),
    }));
  const workloads = clusters.flatMap(({ addresses }) =>
    addresses.flatMap((address) => {
      const behaviour = behaviourOf(dice);
      return behaviour === null ? [] : [{ name: `w${number}-${address}`, addresses: [`${address}:${port}`], behaviour }];
    }),
  );
  const names = clusters.map(({ cluster }) => cluster.name);
  return {
    filters: [...rbac(dice, port), tcpProxy(dice, names, triesAgain)],
    clusters,
    workloads,
    requests: sessions(dice, number),
  };
}

function seconds(ms: number): string {
  return `${ms / 1000}s`;
}

function tcpProxy(dice: Dice, names: readonly string[], triesAgain: boolean): Tree {
  const typed_config = {
    "@type": `${v3}.tcp_proxy.v3.TcpProxy`,
    stat_prefix: "t",
    ...(names.length === 1
      ? { cluster: dice.chance(0.04) ? "missing" : names[0] }
      : { weighted_clusters: { clusters: names.map((name) => ({ name, weight: dice.pick([1, 3]) })) } }),
    ...(triesAgain ? { max_connect_attempts: dice.pick([2, 3, 4]) } : dice.maybe(0.2, () => ({ max_connect_attempts: 1 }))),
    ...dice.maybe(0.4, () => ({ idle_timeout: seconds(dice.pick([0, 400, 900])) })),
    ...dice.maybe(0.25, () => ({ max_downstream_connection_duration: seconds(dice.pick([300, 700, 1500])) })),
  };
  return { name: "envoy.filters.network.tcp_proxy", typed_config };
}

function sessionCluster(dice: Dice, mayEject: boolean): Tree {
  const threshold = () => ({
    ...dice.maybe(0.5, () => ({ max_connections: dice.pick([0, 1, 2]) })),
    ...dice.maybe(0.3, () => ({ max_pending_requests: dice.pick([0, 1, 2]) })),
    ...dice.maybe(0.2, () => ({ max_requests: dice.pick([0, 1]) })),
    ...dice.maybe(0.4, () => ({ max_retries: dice.pick([0, 1, 2]) })),
  });
  return {
    ...dice.maybe(0.5, () => ({ circuit_breakers: { thresholds: [threshold()] } })),
    ...dice.maybe(mayEject ? 0.4 : 0, () => ({
      outlier_detection: {
        consecutive_5xx: dice.pick([1, 2]),
        max_ejection_percent: dice.pick([50, 100]),
        ...dice.maybe(0.5, () => ({
          split_external_local_origin_errors: true,
          consecutive_local_origin_failure: dice.pick([1, 2]),
        })),
      },
    })),
    ...dice.maybe(0.2, () => ({ common_lb_config: { healthy_panic_threshold: { value: 0 }, update_merge_window: "0s" } })),
  };
}

/** What connections have, of what a policy may ask. */
function rbac(dice: Dice, port: number): Tree[] {
  if (dice.chance(0.7)) return [];
  const permission = (): Tree =>
    dice.pick<Tree>([
      { any: true },
      { destination_port: dice.pick([port, 1]) },
      { destination_ip: { address_prefix: "127.84.0.0", prefix_len: dice.pick([8, 16, 32]) } },
      { destination_port_range: { start: port - dice.pick([0, 1]), end: port + dice.pick([1, 2]) } },
      { requested_server_name: { exact: dice.pick(["", "a"]) } },
      { not_rule: { destination_port: dice.pick([port, 1]) } },
    ]);
  const principal = (): Tree =>
    dice.pick<Tree>([
      { any: true },
      { direct_remote_ip: { address_prefix: "127.0.0.1", prefix_len: dice.pick([8, 32]) } },
      { source_ip: { address_prefix: "127.0.0.0", prefix_len: dice.pick([24, 32]) } },
      { remote_ip: { address_prefix: "10.0.0.0", prefix_len: 8 } },
      { authenticated: {} },
      { not_id: { source_ip: { address_prefix: "10.0.0.0", prefix_len: 8 } } },
    ]);
  const permissions = dice.chance(0.3) ? [{ and_rules: { rules: dice.many(1, 2, permission) } }] : dice.many(1, 2, permission);
  const principals = dice.chance(0.3) ? [{ and_ids: { ids: dice.many(1, 2, principal) } }] : dice.many(1, 2, principal);
  const rules = { action: dice.pick(["ALLOW", "DENY", "LOG"]), policies: { p: { permissions, principals } } };
  const typed_config = {
    "@type": `${v3}.rbac.v3.RBAC`,
    stat_prefix: "r",
    ...(dice.chance(0.85) ? { rules } : { shadow_rules: rules }),
  };
  return [{ name: "envoy.filters.network.rbac", typed_config }];
}

/** null: nobody listens there. */
function behaviourOf(dice: Dice): Tree | null {
  if (dice.chance(0.3)) return null;
  return {
    serviceTime: { constant: `${dice.pick([0, 0, 550, 1100])}ms` },
    ...dice.maybe(0.25, () => ({ errors: { pattern: dice.many(1, 3, () => dice.pick([200, 503, "reset"])) } })),
  };
}

function sessions(dice: Dice, number: number): SessionCase["requests"] {
  let atMs = 0;
  return dice
    .many(1, 2, () => dice.pick([1, 2, 3, 4]))
    .flatMap((size) => {
      const wave = Array.from({ length: size }, (_, at) => ({
        method: "GET",
        path: `/r${number}/x`,
        headers: { host: "a.example" },
        giveUpMs: dice.chance(0.1) ? 200 : 6000,
        atMs: atMs + at * apartMs,
        inCase: number,
        isSession: true as const,
      }));
      atMs += size * apartMs + dice.pick([160, 720, 1200]);
      return wave;
    });
}
