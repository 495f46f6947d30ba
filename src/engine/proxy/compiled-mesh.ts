/**
 * MeshConfig as index tables. Compiled objects are frozen: run state refers to them and snapshots share them. The caches
 * inside (plans by request shape) only grow and hold nothing that depends on the run.
 */
import type {
  CircuitBreakerThresholds,
  Cluster,
  ClusterLoadAssignment,
  MeshConfig,
  ProxyNode,
  RouteConfiguration,
  ServiceEntryPoint,
} from "../model/index.ts";
import type { InboundPlan } from "./inbound-plan.ts";
import { bounded } from "./load-balancing/bounded-load.ts";
import { type LoadBalancingPolicy, loadBalancingPolicies } from "./load-balancing/index.ts";
import { leastOfAll } from "./load-balancing/least-request.ts";
import type { Plan } from "./plan.ts";

export interface CompiledMesh {
  readonly config: MeshConfig;
  readonly nodes: ReadonlyMap<string, CompiledNode>;
  readonly directNode: CompiledNode;
  readonly services: ServiceTable;
}

export interface ServiceTable {
  readonly byHost: ReadonlyMap<string, ServiceEntryPoint>;
  readonly byAddress: ReadonlyMap<string, ServiceEntryPoint>;
}

export interface CompiledNode {
  /** Null: a client without a proxy. */
  readonly config: ProxyNode | null;
  readonly mesh: { services: ServiceTable };
  /** Clusters that plans refer to, by slot; grows. */
  readonly slots: CompiledCluster[];
  readonly slotOf: Map<string, number>;
  /** By shape id; grows. */
  readonly outbound: Map<number, Plan>;
  readonly hasInbound: boolean;
  /** By shape, peer and port; grows. */
  readonly inbound: Map<number, InboundPlan>;
  /** The same for proxies that listen at addresses of their own; null: a sidecar. */
  readonly inboundByAddress: Map<string, Map<number, InboundPlan>> | null;
}

export interface CompiledCluster {
  readonly name: string;
  readonly config: Cluster;
  readonly assignment: ClusterLoadAssignment | undefined;
  readonly traits: ClusterTraits;
}

/** What every request asks of a cluster's configuration; one object for all clusters that are alike in it. */
export interface ClusterTraits {
  readonly policy: LoadBalancingPolicy;
  /** By priority: default, high. */
  readonly limits: CircuitBreakerThresholds;
  readonly highLimits: CircuitBreakerThresholds;
  readonly http2: boolean;
  /** Server side: the only host is the application behind the proxy. */
  readonly local: boolean;
  /** Answers are watched: outlier detection or a policy that learns latencies. */
  readonly observed: boolean;
  /** A connection may take so many streams at once, or in its life, and no more. */
  readonly connectionsWearOut: boolean;
  /** Idle connections are closed after so long; 0 = never. */
  readonly idleTimeoutMs: number;
  /** Connections are closed at that age; 0 = never. */
  readonly maxConnectionAgeMs: number;
}

/** Shared work between nodes that see the same configuration, and between successive configurations. */
export interface MeshCaches {
  clusters: WeakMap<Cluster, Map<ClusterLoadAssignment | undefined, CompiledCluster>>;
  traits: Map<string, ClusterTraits>;
  /** Numbers of buckets: by configuration, and by the values it leaves open. */
  filterIds: WeakMap<object, Map<string, number>>;
  nextFilterId: { value: number };
}

export function createMeshCaches(): MeshCaches {
  return {
    clusters: new WeakMap(),
    traits: new Map(),
    filterIds: new WeakMap(),
    nextFilterId: { value: 1 },
  };
}

export function compileMesh(config: MeshConfig): CompiledMesh {
  const byHost = new Map<string, ServiceEntryPoint>();
  const byAddress = new Map<string, ServiceEntryPoint>();
  for (const service of config.services) {
    for (const host of service.hostnames) if (!byHost.has(host.toLowerCase())) byHost.set(host.toLowerCase(), service);
    if (service.address !== "" && !byAddress.has(service.address)) byAddress.set(service.address, service);
  }
  const services: ServiceTable = Object.freeze({ byHost, byAddress });
  const nodes = new Map<string, CompiledNode>();
  for (const node of config.nodes) nodes.set(node.id, compileNode(node, services));
  return Object.freeze({ config, nodes, services, directNode: compileNode(null, services) });
}

/** @param services names known to the proxy, and to clients without one */
export function compileNode(config: ProxyNode | null, services: ServiceTable): CompiledNode {
  return Object.freeze({
    config,
    mesh: { services },
    slots: [],
    slotOf: new Map(),
    outbound: new Map(),
    hasInbound: config?.listeners.some((listener) => listener.direction === "inbound") ?? false,
    inbound: new Map(),
    inboundByAddress: config?.type === "sidecar" ? null : new Map(),
  });
}

export function clusterNamed({ config }: CompiledNode, name: string): Cluster | undefined {
  return named(config?.clusters ?? [], name, nameOf);
}

export function routesNamed({ config }: CompiledNode, name: string): RouteConfiguration | undefined {
  return named(config?.routes ?? [], name, nameOf);
}

const nameOf = (item: { name: string }): string => item.name;
const clusterOf = (assignment: ClusterLoadAssignment): string => assignment.cluster;

const few = 8;
/** Of frozen configuration: proxies that see the same share its lists. */
const indices = new WeakMap<readonly object[], ReadonlyMap<string, unknown>>();

/** The last of that name. A short list is looked through: an index for each proxy of a large mesh would take more than what it tells. */
function named<Item extends object>(items: readonly Item[], name: string, keyOf: (item: Item) => string): Item | undefined {
  if (items.length <= few) return items.findLast((item) => keyOf(item) === name);
  let index = indices.get(items);
  if (index === undefined) {
    index = new Map(items.map((item) => [keyOf(item), item]));
    indices.set(items, index);
  }
  return index.get(name) as Item | undefined;
}

/** Slot of a cluster the node has, or −1. */
export function slotOfCluster(node: CompiledNode, caches: MeshCaches, name: string, local: boolean): number {
  const known = node.slotOf.get(name);
  if (known !== undefined) return known;
  const cluster = clusterNamed(node, name);
  if (cluster === undefined) return -1;
  return addSlot(node, caches, cluster, named(node.config?.endpoints ?? [], name, clusterOf), local);
}

/** Slot of a cluster made by the engine: kube-proxy's choice, pass-through. */
export function addSlot(
  node: CompiledNode,
  caches: MeshCaches,
  cluster: Cluster,
  assignment: ClusterLoadAssignment | undefined,
  local: boolean,
): number {
  const slot = node.slots.length;
  node.slotOf.set(cluster.name, slot);
  node.slots.push(compileCluster(caches, cluster, assignment, local));
  return slot;
}

function compileCluster(
  caches: MeshCaches,
  config: Cluster,
  assignment: ClusterLoadAssignment | undefined,
  local: boolean,
): CompiledCluster {
  let byAssignment = caches.clusters.get(config);
  if (byAssignment === undefined) {
    byAssignment = new Map();
    caches.clusters.set(config, byAssignment);
  }
  let compiled = byAssignment.get(assignment);
  if (compiled === undefined) {
    compiled = Object.freeze({ name: config.name, config, assignment, traits: traitsOf(caches, config, local) });
    byAssignment.set(assignment, compiled);
  }
  return compiled;
}

function traitsOf(caches: MeshCaches, config: Cluster, local: boolean): ClusterTraits {
  const { circuitBreakers, lb, upstreamProtocol, outlierDetection, maxRequestsPerConnection } = config;
  const { idleTimeoutMs = 0, maxConnectionAgeMs = 0 } = config;
  const traits = {
    limits: Object.freeze({ ...circuitBreakers.default }),
    highLimits: Object.freeze({ ...circuitBreakers.high }),
    http2: upstreamProtocol === "http2",
    local,
    observed: outlierDetection !== undefined || lb.policy === "PEAK_EWMA",
    connectionsWearOut: upstreamProtocol === "http2" || maxRequestsPerConnection > 0,
    idleTimeoutMs,
    maxConnectionAgeMs,
  };
  const key = JSON.stringify([lb.policy, lb.leastRequest?.scansAll, lb.hashBalancePercent, traits]);
  let known = caches.traits.get(key);
  if (known === undefined) {
    known = Object.freeze({ policy: policyOf(lb), ...traits });
    caches.traits.set(key, known);
  }
  return known;
}

function policyOf({ policy, leastRequest, hashBalancePercent }: Cluster["lb"]): LoadBalancingPolicy {
  const hashes = policy === "RING_HASH" || policy === "MAGLEV";
  if (hashes && hashBalancePercent !== undefined) return bounded(loadBalancingPolicies[policy]);
  return policy === "LEAST_REQUEST" && leastRequest?.scansAll === true ? leastOfAll : loadBalancingPolicies[policy];
}

const unlimited = 4294967295;
const noLimits: CircuitBreakerThresholds = {
  maxConnections: unlimited,
  maxPendingRequests: unlimited,
  maxRequests: unlimited,
  maxRetries: unlimited,
};

/** A cluster nobody configured: random choice, no limits. */
export function plainCluster(name: string, protocol: Cluster["upstreamProtocol"]): Cluster {
  return {
    name,
    type: "ORIGINAL_DST",
    connectTimeoutMs: 10_000,
    lb: {
      policy: "RANDOM",
      panicThresholdPercent: 0,
      localityWeighted: false,
      updateMergeWindowMs: 0,
      overprovisioningFactor: 140,
    },
    circuitBreakers: { default: noLimits, high: noLimits },
    upstreamProtocol: protocol,
    maxRequestsPerConnection: 0,
    maxConcurrentStreams: unlimited,
    transportSocketMatches: [],
  };
}

export function plainAssignment(cluster: string, addresses: readonly string[]): ClusterLoadAssignment {
  return {
    cluster,
    localities: [
      {
        locality: "",
        priority: 0,
        weight: 1,
        endpoints: addresses.map((address) => ({ address, weight: 1, health: "HEALTHY", metadata: {} })),
      },
    ],
  };
}
