/** A random world: one bootstrap of several listeners, each with a table of its own, and requests to them. */
import { choiceRequest, choiceTable } from "./choices.ts";
import type { Dice } from "./dice.ts";
import { askedByFilters, authorizers, clientPolicy, filterChain, overrides, replyPolicy } from "./filters.ts";
import { hashedCluster, hashedRequest, hashedTable } from "./hosts.ts";
import { limitFilter, limitRequest, limitTable } from "./limits.ts";
import { accessLogs } from "./logs.ts";
import { redirectingTable, redirectRequest, redirectTable } from "./redirects.ts";
import { type FuzzRequest, randomRequest } from "./requests.ts";
import { limitedClusters, retryRequest, retryTable, scriptedTable } from "./retries.ts";
import { routeTable } from "./tables.ts";
import { timedBehaviour, timedCluster, timedManager, timedRequest, timedRouter, timedTable } from "./timing.ts";
import { tokenFilter, tokenRequest, tokenTable } from "./tokens.ts";
import type { Tree } from "./words.ts";

export interface World {
  bootstrap: Tree;
  requests: readonly FuzzRequest[];
  /** Servers that are no listeners of the bootstrap, as an experiment has them. */
  workloads?: readonly Tree[];
  /** Of a scheduled world: what becomes of those servers. */
  timeline?: readonly Tree[];
  /** Sent at once: no request meets another, and how long each takes is compared. */
  isTimed?: true;
  /** Its listeners have access logs of their own, whose lines are compared. */
  hasLogs?: true;
  /** Sent when each request says. Those of one case may meet, and are compared together (cases.ts). */
  isScheduled?: true;
}

export const listenerPort = 10_000;
const v3 = "type.googleapis.com/envoy.extensions.filters";

/** @param at in order of the bootstrap; loopback has room for many */
export function addressOf(at: number): string {
  return `127.84.${1 + at}.1`;
}

export function listener(at: number, table: Tree, filters: readonly Tree[] = [], manager: Tree = {}, routing: Tree = {}): Tree {
  const router = { name: "envoy.filters.http.router", typed_config: { "@type": `${v3}.http.router.v3.Router`, ...routing } };
  return listenerWith(at, [
    {
      name: "envoy.filters.network.http_connection_manager",
      typed_config: {
        "@type": `${v3}.network.http_connection_manager.v3.HttpConnectionManager`,
        stat_prefix: "in",
        ...manager,
        http_filters: [...filters, router],
        route_config: table,
      },
    },
  ]);
}

/** @param filters of connections; the last has an access log */
export function listenerWith(at: number, filters: readonly Tree[]): Tree {
  return {
    name: `l${at}`,
    address: { socket_address: { address: addressOf(at), port_value: listenerPort } },
    filter_chains: [{ filters }],
  };
}

function endpointAt(address: string, more: Tree = {}): Tree {
  return { endpoint: { address: { socket_address: { address, port_value: listenerPort } } }, ...more };
}

export function clusterAt(name: string, addresses: readonly string[], more: Tree = {}): Tree {
  const endpoints = addresses.map((address) => endpointAt(address));
  return {
    name,
    type: "STATIC",
    connect_timeout: "1s",
    load_assignment: { cluster_name: name, endpoints: [{ lb_endpoints: endpoints }] },
    ...more,
  };
}

function overloadedAt(name: string, addresses: readonly string[]): Tree {
  const { load_assignment, ...cluster } = clusterAt(name, addresses);
  const policy = { drop_overloads: [{ category: "all", drop_percentage: { numerator: 100 } }] };
  return { ...cluster, load_assignment: { ...(load_assignment as Tree), policy } };
}

/** Headers of a request that the last listener tells of in its answer. */
export const seenHeaders = [
  ":method",
  ":path",
  ":authority",
  ":scheme",
  "x-a",
  "x-b",
  "x-user",
  "x-n",
  "x-new",
  "cookie",
  "content-type",
  "x-forwarded-for",
  "x-forwarded-host",
  "x-forwarded-proto",
  "x-envoy-original-path",
  "x-envoy-original-host",
  "x-envoy-expected-rq-timeout-ms",
  "x-envoy-attempt-count",
  "x-envoy-internal",
  "x-envoy-external-address",
  "x-envoy-decorator-operation",
  "te",
  "x-envoy-retry-on",
  "x-envoy-max-retries",
  "x-envoy-upstream-rq-timeout-ms",
  "authorization",
  "x-token",
  "x-sub",
  "x_u",
] as const;

export function seenAs(name: string): string {
  return `x-seen-${name.replace(":", "")}`;
}

const tellingSeen: Tree = {
  response_headers_to_add: seenHeaders.map((name) => ({
    header: { key: seenAs(name), value: `%REQ(${name})%` },
    append_action: "OVERWRITE_IF_EXISTS_OR_ADD",
  })),
};

/** The listener at the end of every way: it answers with what it was asked. */
export function echoListener(at: number, status = 200): Tree {
  return listener(at, {
    name: `echo${at}`,
    virtual_hosts: [
      {
        name: "v",
        domains: ["*"],
        routes: [{ name: "echo", match: { prefix: "" }, direct_response: { status } }],
        ...tellingSeen,
      },
    ],
  });
}

const listenersOfWorld = 6;
const requestsOfListener = 40;
const timedRequestsOfListener = 12;

/** Hosts: which of a cluster's a key reaches, by its ring or table, its subsets, priorities and health. */
export function hostWorld(dice: Dice): World {
  const ends = Array.from({ length: 12 }, (_, at) => listenersOfWorld + at);
  const names = Array.from({ length: 8 }, (_, at) => `c${at}`);
  const clusters = names.map((name) => hashedCluster(dice, name, ends.map(addressOf), listenerPort));
  const tables = Array.from({ length: listenersOfWorld }, () => hashedTable(dice, names));
  const listeners = [...tables.map((table, at) => listener(at, table)), ...ends.map((at) => echoListener(at))];
  const requests = tables.flatMap((table, at) =>
    Array.from({ length: requestsOfListener }, () => hashedRequest(dice, at, table)),
  );
  return { bootstrap: { static_resources: { listeners, clusters } }, requests };
}

/** The same hosts for retries, which some of them are no choice for. */
export function choiceWorld(dice: Dice): World {
  const ends = Array.from({ length: 12 }, (_, at) => listenersOfWorld + at);
  const names = Array.from({ length: 8 }, (_, at) => `c${at}`);
  const clusters = names.map((name) => hashedCluster(dice, name, ends.map(addressOf), listenerPort));
  const tables = Array.from({ length: listenersOfWorld }, () => choiceTable(dice, names));
  const listeners = [
    ...tables.map((table, at) => listener(at, table)),
    ...ends.map((at) => listener(at, scriptedTable(tellingSeen))),
  ];
  const requests = tables.flatMap((table, at) =>
    Array.from({ length: requestsOfListener }, () => choiceRequest(dice, at, table)),
  );
  return { bootstrap: { static_resources: { listeners, clusters } }, requests };
}

/** Rate limits: which bucket a request takes from. */
export function limitWorld(dice: Dice): World {
  const echo = listenersOfWorld;
  const clusters = ["echo1", "echo2"].map((name) => clusterAt(name, [addressOf(echo)]));
  const tables = Array.from({ length: listenersOfWorld }, () => limitTable(dice));
  const listeners = [...tables.map((table, at) => listener(at, table, [limitFilter(dice, table)])), echoListener(echo)];
  const requests = tables.flatMap((table, at) => Array.from({ length: requestsOfListener }, () => limitRequest(dice, at, table)));
  return { bootstrap: { node: { id: "oracle", cluster: "oracle" }, static_resources: { listeners, clusters } }, requests };
}

/** Tokens: which requests pass, why others do not, and what is left of them. */
export function tokenWorld(dice: Dice): World {
  const echo = listenersOfWorld;
  const clusters = [clusterAt("echo1", [addressOf(echo)])];
  const numbers = Array.from({ length: listenersOfWorld }, (_, at) => at);
  const listeners = [...numbers.map((at) => listener(at, tokenTable(), [tokenFilter(dice)])), echoListener(echo)];
  const requests = numbers.flatMap((at) => Array.from({ length: requestsOfListener }, () => tokenRequest(dice, at)));
  return { bootstrap: { static_resources: { listeners, clusters } }, requests };
}

interface Passage {
  filters: readonly Tree[];
  manager: Tree;
  perFilter: (dice: Dice) => Tree;
  /** Headers of a request that somebody on this way asks about. */
  asked: (dice: Dice) => Record<string, string>;
}

/** Routing: the first listeners may send to one another, in their order, so that what one changed another matches. */
export function routingWorld(dice: Dice): World {
  return worldOf(dice, [], [], () => ({ filters: [], manager: {}, perFilter: () => ({}), asked: () => ({}) }));
}

/** The same with HTTP filters before the router. */
export function filterWorld(dice: Dice): World {
  const first = listenersOfWorld + 1;
  const names = Object.keys(authorizers) as (keyof typeof authorizers)[];
  const listeners = names.map((name, at) => listener(first + at, alwaysAnswering(authorizers[name])));
  const clusters = names.map((name, at) => clusterAt(name, [addressOf(first + at)]));
  const half = [{ health_status: "UNHEALTHY" }, {}].map((health, at) => endpointAt(`127.84.99.${2 + at}`, health));
  const others = [
    clusterAt("closed", ["127.84.99.1"]),
    clusterAt("empty", []),
    { ...clusterAt("half", []), load_assignment: { cluster_name: "half", endpoints: [{ lb_endpoints: half }] } },
  ];
  return worldOf(dice, listeners, [...clusters, ...others], () => {
    const { names: chosen, filters } = filterChain(dice);
    return {
      filters,
      manager: { ...clientPolicy(dice), ...replyPolicy(dice) },
      perFilter: overrides(chosen),
      asked: askedByFilters,
    };
  });
}

function alwaysAnswering(status: number): Tree {
  const routes = [{ match: { prefix: "" }, direct_response: { status } }];
  return { name: `answers${status}`, virtual_hosts: [{ name: "v", domains: ["*"], routes }] };
}

/** Retries: each listener has policies of its own, and one listener answers all tries as they ask. */
export function retryWorld(dice: Dice): World {
  const scripted = addressOf(listenersOfWorld);
  const clusters = [
    ...Object.entries(limitedClusters).map(([name, limits]) => clusterAt(name, [scripted], limits)),
    clusterAt("closed", ["127.84.99.1"]),
    clusterAt("empty", []),
  ];
  const tables = Array.from({ length: listenersOfWorld }, () => retryTable(dice));
  const inside = {
    use_remote_address: true,
    internal_address_config: { cidr_ranges: [{ address_prefix: "127.0.0.0", prefix_len: 8 }] },
  };
  const listeners = tables.map((table, at) => listener(at, table, [], dice.chance(0.6) ? inside : {}));
  const requests = tables.flatMap((table, at) => Array.from({ length: requestsOfListener }, () => retryRequest(dice, at, table)));
  const end = listener(listenersOfWorld, scriptedTable(tellingSeen));
  return { bootstrap: { static_resources: { listeners: [...listeners, end], clusters } }, requests };
}

/** Access logs of the bootstrap's own, over worlds of filters or of retries. */
export function logWorld(dice: Dice): World {
  const world = dice.chance(0.6) ? filterWorld(dice) : retryWorld(dice);
  const { listeners } = world.bootstrap.static_resources as {
    listeners: { name: string; filter_chains: { filters: Tree[] }[] }[];
  };
  for (const { name, filter_chains } of listeners.slice(0, listenersOfWorld)) {
    const manager = filter_chains[0]?.filters.at(-1)?.typed_config as Tree;
    manager.access_log = accessLogs(dice, name);
  }
  return { ...world, hasLogs: true };
}

/** Redirects that are followed inside: each listener has policies of its own, and one answers as the requests ask. */
export function redirectWorld(dice: Dice): World {
  const end = listenersOfWorld;
  const clusters = [clusterAt("end", [addressOf(end)]), clusterAt("closed", ["127.84.99.1"])];
  const listeners = Array.from({ length: listenersOfWorld }, (_, at) =>
    listener(at, redirectTable(dice, "end"), [], dice.chance(0.4) ? { use_remote_address: true } : {}),
  );
  const requests = listeners.flatMap((_, at) => Array.from({ length: requestsOfListener }, () => redirectRequest(dice, at)));
  return {
    bootstrap: { static_resources: { listeners: [...listeners, listener(end, redirectingTable(tellingSeen))], clusters } },
    requests,
  };
}

/** Time: what ends first of a request's limits, its tries' and its server. */
export function timedWorld(dice: Dice): World {
  const clusters: Tree[] = [];
  const workloads: Tree[] = [];
  const requests: FuzzRequest[] = [];
  const listeners = Array.from({ length: listenersOfWorld }, (_, at) => {
    const numbers = Array.from({ length: timedRequestsOfListener }, (_, number) => at * timedRequestsOfListener + number);
    for (const number of numbers) {
      const address = `127.85.${number}.1`;
      clusters.push(clusterAt(`c${number}`, [address], timedCluster(dice)));
      const behaviour = timedBehaviour(dice);
      if (behaviour !== null) workloads.push({ name: `w${number}`, addresses: [`${address}:${listenerPort}`], behaviour });
      requests.push(timedRequest(dice, at, number));
    }
    return listener(
      at,
      timedTable(dice, numbers, (number) => `c${number}`),
      [],
      timedManager(dice),
      timedRouter(dice),
    );
  });
  return { bootstrap: { static_resources: { listeners, clusters } }, requests, workloads, isTimed: true };
}

function worldOf(dice: Dice, moreListeners: readonly Tree[], moreClusters: readonly Tree[], passage: () => Passage): World {
  const echo = listenersOfWorld;
  const clusters = [
    clusterAt("echo1", [addressOf(echo)]),
    clusterAt("echo2", [addressOf(echo)]),
    overloadedAt("overloaded", [addressOf(echo)]),
    ...moreClusters,
  ];
  const listeners: Tree[] = [];
  const requests: FuzzRequest[] = [];
  for (let at = 0; at < listenersOfWorld; at++) {
    const names = ["echo1", "echo2", "echo1", "echo2", "overloaded", ...(at + 1 < listenersOfWorld ? [`to${at + 1}`] : [])];
    const { filters, manager, perFilter, asked } = passage();
    const table = routeTable(dice, { clusters: names, missing: ["missing"] }, perFilter);
    listeners.push(listener(at, table, filters, manager));
    if (at > 0) clusters.push(clusterAt(`to${at}`, [addressOf(at)]));
    for (let number = 0; number < requestsOfListener; number++) {
      const request = randomRequest(dice, at, table, names);
      requests.push({ ...request, headers: { ...asked(dice), ...request.headers } });
    }
  }
  const all = [...listeners, echoListener(echo), ...moreListeners];
  return { bootstrap: { node: { id: "oracle", cluster: "oracle" }, static_resources: { listeners: all, clusters } }, requests };
}
