/** Random worlds of cases whose requests meet one another. */
import { askedCase } from "./asked-limits.ts";
import { breakerCase } from "./breakers.ts";
import type { Dice } from "./dice.ts";
import { outlierCase } from "./outliers.ts";
import type { FuzzRequest } from "./requests.ts";
import { sessionCase } from "./sessions.ts";
import type { Tree } from "./words.ts";
import { addressOf, clusterAt, echoListener, listener, listenerPort, listenerWith, type World } from "./world.ts";

/** What belongs to one case: it shares nothing with the others but its listener. */
export interface ScheduledCase {
  routes: Tree[];
  cluster: Tree;
  /** The hosts of the cluster. */
  addresses: readonly string[];
  workloads: Tree[];
  requests: Omit<FuzzRequest, "listener">[];
  /** What becomes of the hosts, by time from the case's beginning on. */
  faults?: readonly { atMs: number; fault: Tree }[];
}

const casesOfWorld = 20;

/** Circuit breakers: who is let through, who waits, who is retried. */
export function breakerWorld(dice: Dice): World {
  return worldOf(Array.from({ length: casesOfWorld }, (_, at) => breakerCase(dice, at, listenerPort)));
}

/** Outlier detection and health checks: which host takes a request. */
export function outlierWorld(dice: Dice): World {
  return worldOf(Array.from({ length: casesOfWorld }, (_, at) => outlierCase(dice, at, listenerPort)));
}

/** Filters that ask a rate limit service, each with a listener of its own. */
export function askedWorld(dice: Dice): World {
  const cases = Array.from({ length: casesOfWorld }, (_, at) => askedCase(dice, at, listenerPort, at));
  const echo = casesOfWorld;
  const clusters = [...cases.flatMap((one) => one.clusters), ...["echo1", "echo2"].map((name) => echoCluster(name, echo))];
  const listeners = cases.map(({ filters, table }, at) => listener(at, table, filters));
  return {
    bootstrap: {
      static_resources: {
        listeners: [...listeners, echoListener(echo)],
        clusters: clusters.map(({ cluster, addresses }) => clusterAt(String(cluster.name), addresses, cluster)),
      },
    },
    workloads: cases.flatMap((one) => one.workloads),
    requests: inOrder(cases.flatMap((one, at) => one.requests.map((request) => ({ ...request, listener: at })))),
    isScheduled: true,
  };
}

function echoCluster(name: string, at: number) {
  return { cluster: { name }, addresses: [addressOf(at)] };
}

/** TCP proxies, each with a listener of its own. */
export function sessionWorld(dice: Dice): World {
  const cases = Array.from({ length: casesOfWorld }, (_, at) => sessionCase(dice, at, listenerPort));
  const clusters = cases.flatMap((one) => one.clusters);
  return {
    bootstrap: {
      static_resources: {
        listeners: [...cases.map(({ filters }, at) => listenerWith(at, filters)), echoListener(casesOfWorld)],
        clusters: clusters.map(({ cluster, addresses }) => clusterAt(String(cluster.name), addresses, cluster)),
      },
    },
    workloads: cases.flatMap((one) => one.workloads),
    requests: inOrder(cases.flatMap((one, at) => one.requests.map((request) => ({ ...request, listener: at })))),
    isScheduled: true,
  };
}

function worldOf(cases: readonly ScheduledCase[]): World {
  const routes = cases.flatMap((one) => one.routes);
  const clusters = cases.map(({ cluster, addresses }) => clusterAt(String(cluster.name), addresses, cluster));
  const table = { name: "table", virtual_hosts: [{ name: "v", domains: ["*"], routes }] };
  return {
    bootstrap: { static_resources: { listeners: [listener(0, table)], clusters } },
    workloads: cases.flatMap((one) => one.workloads),
    timeline: cases.flatMap(({ faults = [] }, at) => faults.map(({ atMs, fault }) => ({ at: `${atMs + at}ms`, fault }))),
    requests: inOrder(cases.flatMap((one) => one.requests.map((request) => ({ ...request, listener: 0 })))),
    isScheduled: true,
  };
}

/** No two at one moment: cases begin a little apart. */
function inOrder(requests: World["requests"]): World["requests"] {
  return requests.map((one) => ({ ...one, atMs: (one.atMs ?? 0) + (one.inCase ?? 0) })).sort((a, b) => a.atMs - b.atMs);
}
