/** Mirrored requests: how many copies, when, and that nobody waits for them. */
import type { Bootstrap, EnvoyGroup, ScenarioSpec } from "./group.ts";
import { percentile } from "./statistics.ts";

const workloads = [
  { name: "primary", addresses: ["127.79.1.1:8080"] },
  { name: "shadow", addresses: ["127.79.1.2:8080"] },
  {
    name: "slow-shadow",
    addresses: ["127.79.1.3:8080"],
    behaviour: { serviceTime: { constant: "300ms" }, errors: { rate: 1, status: 500 } },
  },
  { name: "flaky", addresses: ["127.79.1.4:8080"], behaviour: { errors: { rate: 0.3, status: 503 } } },
  { name: "slow", addresses: ["127.79.1.5:8080"], behaviour: { serviceTime: { constant: "400ms" } } },
];

function loop(path: string, requests: number): ScenarioSpec {
  return { workloads, traffic: [{ path, users: 8, requests }] };
}

export const mirror: EnvoyGroup = {
  name: "j-mirror",
  listener: "127.79.0.1:10000",
  scenarios: {
    m100: loop("/m100/", 1000),
    m50: loop("/m50/", 4000),
    m0: loop("/m0/", 1000),
    two: loop("/two/", 200),
    retry: loop("/retry/", 2000),
    abort: loop("/abort/", 100),
    uo: loop("/uo/", 100),
    timeout: loop("/timeout/", 16),
    nosuf: {
      workloads,
      traffic: [{ path: "/nosuf/", headers: { host: "shop.example:8080" }, burst: 1 }],
      bootstrap: withWitness,
    },
  },
  measure: (run) => [
    ["100%: shadow == primary == 1000", [run("m100").shadows("shadow"), run("m100").arrivals("primary")[0]]],
    ["50%: shadow of 4000", run("m50").shadows("shadow")],
    ["0%: shadow", run("m0").shadows("shadow")],
    [
      "two policies: client p50 ms not slowed by 300 ms shadow",
      percentile(
        run("two")
          .log("/two/")
          .map((line) => line.durationMs),
        50,
      ),
    ],
    ["primary retried: shadow copies per downstream request", run("retry").shadows("shadow")],
    [
      "disable_shadow_host_suffix_append: Host",
      run("nosuf")
        .log("/nosuf/")
        .find((line) => line.cluster === "witnessed")?.authority,
    ],
    ["fault abort before the router: shadow", run("abort").shadows("shadow")],
    ["primary overflow (UO): shadow copies of 100 (started, then cancelled: racy)", run("uo").shadows("shadow")],
    ["primary times out (504): shadow count of 16", run("timeout").shadows("shadow")],
  ],
};

/**
 * An application keeps no log of the Host headers it got. So a listener of the same Envoy takes the shadow's place: its
 * access log tells what arrived.
 */
function withWitness(document: Bootstrap): Bootstrap {
  const { clusters, listeners } = document.static_resources;
  const witness = { address: "127.79.0.1", port_value: 10_001 };
  const [listener] = listeners;
  const chains = listener?.filter_chains as { filters: { typed_config: object }[] }[] | undefined;
  const manager = chains?.[0]?.filters[0];
  const routes = [{ match: { prefix: "/" }, route: { cluster: "witnessed" } }];
  const config = {
    ...manager?.typed_config,
    stat_prefix: "witness",
    route_config: { name: "witness", virtual_hosts: [{ name: "witness", domains: ["*"], routes }] },
  };
  const at = (name: string, socket: unknown) => ({
    name,
    type: "STATIC",
    load_assignment: {
      cluster_name: name,
      endpoints: [{ lb_endpoints: [{ endpoint: { address: { socket_address: socket } } }] }],
    },
  });
  return {
    ...document,
    static_resources: {
      clusters: [
        ...clusters.filter((one) => one.name !== "sh"),
        at("sh", witness),
        at("witnessed", { address: "127.79.1.2", port_value: 8080 }),
      ],
      listeners: [
        ...listeners,
        {
          name: "witness",
          address: { socket_address: witness },
          filter_chains: [{ filters: [{ ...manager, typed_config: config }] }],
        },
      ],
    },
  };
}
