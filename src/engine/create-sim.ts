/** Builds a run from its configuration: compiled tables, replicas, proxies, traffic, and the first events. */
import { startRollout } from "./control-plane/stages.ts";
import { createEventQueue, pushEvent } from "./kernel/event-queue.ts";
import { createRandomStreams, createStream } from "./kernel/random.ts";
import { createTable } from "./kernel/table.ts";
import type { ProxyNode, ReplicaConfig, SimulationConfig, WorkloadConfig } from "./model/index.ts";
import { isInstant } from "./network/latency.ts";
import { addInstance } from "./proxy/add-instance.ts";
import { startHealthChecks } from "./proxy/cluster-state.ts";
import { type CompiledNode, compileMesh, createMeshCaches } from "./proxy/compiled-mesh.ts";
import { createShapeTable } from "./proxy/matching/request-shape.ts";
import { createResponseTable } from "./proxy/response-table.ts";
import { createClock } from "./rows/clock.ts";
import * as eventKinds from "./rows/event-kinds.ts";
import type { EngineOptions, ReplicaState, Sim } from "./sim.ts";
import { steps } from "./steps.ts";
import { createAccessLog } from "./telemetry/access-log.ts";
import { createFinishedRing } from "./telemetry/finished-requests.ts";
import { createFlightRing } from "./telemetry/flight-ring.ts";
import { createServedRing } from "./telemetry/served-requests.ts";
import { createArrivalSequence, createArrivalTable, createEdgeTable } from "./telemetry/store.ts";
import { compileBehaviour } from "./workload/compiled-workload.ts";
import { limitCpu } from "./workload/processor-sharing.ts";
import { openTraffic } from "./workload/traffic.ts";
import { addEntries } from "./workload/traffic-entries.ts";

export function createSim(config: SimulationConfig, options: EngineOptions): Sim {
  const caches = createMeshCaches();
  Object.freeze(config.mesh);
  const sim: Sim = {
    queue: createEventQueue(),
    clock: createClock(),
    random: createRandomStreams(options.seed),
    calls: createTable(),
    attempts: createTable(),
    connections: createTable(),
    recordRoot: 0,
    flights: options.recordFlights === false ? null : createFlightRing(),
    instant: isInstant(config.network, []),
    rollout: null,
    started: new Map(),
    redirected: new Map(),
    replying: null,
    served: createServedRing(config.servedLimit ?? 0),
    accessLog: createAccessLog(config.accessLogLimit),
    edges: createEdgeTable(config.windows.length),
    arrivals: createArrivalTable(config.windows.length),
    traffics: { count: Math.max(1, config.traffic.length) },
    config,
    steps,
    shapes: createShapeTable(),
    control: {
      controlPlaneUp: true,
      caUp: true,
      caDownSinceMs: 0,
      liveRoots: 0,
      openSources: 0,
      lastConfigMs: 0,
      ejectionsDropped: 0,
      outlierEventsDropped: 0,
      controlEventsDropped: 0,
      endless: null,
    },
    finishedRing: createFinishedRing(),
    violations: [],
    lookedAt: 0,
    options,
    traffic: [],
    caches,
    plans: [],
    responses: createResponseTable(),
    compiled: new Map(),
    peers: new Map(),
    texts: { byText: new Map([["via_upstream", 0]]), list: ["via_upstream"] },
    reports: { edgeKeys: [], byText: new Map(), gatewayEdges: new Map() },
    recorder: null,
    previousHosts: createTable(),
    mesh: compileMesh(config.mesh),
    heldMesh: { mesh: null },
    pendingMeshes: [],
    instances: [],
    replicas: [],
    workloads: [],
    clusterStates: [],
    firstHosts: new Map(),
    targets: [],
    targetOf: new Map(),
    replicaOf: new Map(),
    ejections: [],
    outlierLog: [],
    controlLog: [],
    push: { version: 0, epoch: 0, firstChangeMs: 0, waiting: null, delay: null, deliveries: [], stream: 0, watchStream: 0 },
    partitions: [],
    networkStream: { stream: 0 },
    traces: new Float64Array(Math.max(1, config.traffic.length) * (config.windows.length + 1)),
    sequences: (config.orderedServices ?? []).map(createArrivalSequence),
  };
  sim.networkStream.stream = createStream(sim.random, "network");
  sim.push.stream = createStream(sim.random, "control plane");
  sim.push.watchStream = createStream(sim.random, "xds watches");
  for (const workload of config.workloads) addWorkload(sim, workload);
  const represented = new Set(config.workloads.map((workload) => workload.nodeId));
  for (const node of config.mesh.nodes) {
    if (!represented.has(node.id)) {
      addInstance(sim, sim.mesh.nodes.get(node.id) as CompiledNode, -1, node.id, addressOf(node), "");
    }
  }
  // Before the traffic: a change at the instant of an arrival comes first.
  config.timeline.forEach((event, index) => {
    pushEvent(sim.queue, event.atMs, eventKinds.timeline, index, 0);
  });
  startHealthChecks(sim);
  startRollout(sim);
  addTraffic(sim);
  return sim;
}

/** Where a proxy is seen to come from. Whatever loopback address a connection goes to, it comes from the first. */
function addressOf(node: ProxyNode): string {
  const written = node.listeners.find((listener) => listener.address !== "0.0.0.0")?.address ?? "0.0.0.0";
  return node.type === "bootstrap" && written.startsWith("127.") ? "127.0.0.1" : written;
}

function addWorkload(sim: Sim, config: WorkloadConfig): void {
  const { name, namespace, service, nodeId } = config;
  const ordered = sim.config.orderedServices ?? [];
  const sequence = ordered.findIndex((one) => one.name === service && one.namespace === namespace);
  sim.workloads.push({ name, namespace, service, nodeId, sequence, replicas: [] });
  config.replicas.forEach((replica, index) => {
    addReplica(sim, sim.workloads.length - 1, replica, index);
  });
}

/** @returns the replica's number. */
export function addReplica(sim: Sim, workload: number, config: ReplicaConfig, index: number): number {
  const owner = sim.workloads[workload];
  if (owner === undefined) return -1;
  const name = `${owner.name}.${owner.namespace}`;
  const number = sim.replicas.length;
  const node = owner.nodeId === null ? undefined : sim.mesh.nodes.get(owner.nodeId);
  const instanceName = node === undefined ? name : (owner.nodeId as string);
  const instance = addInstance(sim, node ?? sim.mesh.directNode, number, `${instanceName}`, config.ip, config.locality, index);
  // What every request meets comes first.
  const replica: ReplicaState = {
    active: 0,
    behaviour: compileBehaviour(sim, config.behaviour, owner),
    queueHead: null,
    queued: 0,
    queueTail: null,
    errors: undefined,
    serviceStream: createStream(sim.random, `${name}/${index}|service`),
    errorStream: createStream(sim.random, `${name}/${index}|errors`),
    slowFactor: 1,
    cpu: null,
    up: true,
    hasInbound: node?.hasInbound ?? false,
    isGateway: node?.config?.type === "gateway",
    sequence: owner.sequence,
    lastTraffic: -1,
    lastArrivals: 0,
    number,
    instance,
    patternPosition: 0,
    workload,
    index,
    address: config.addresses[0] ?? `${config.ip}:0`,
    addresses: Object.freeze(config.addresses),
    ip: config.ip,
    locality: config.locality,
    gone: false,
  };
  sim.replicas.push(replica);
  for (const address of config.addresses) sim.replicaOf.set(address, replica);
  owner.replicas.push(number);
  limitCpu(sim, number, replica.behaviour.cpuCores);
  return number;
}

function addTraffic(sim: Sim): void {
  addEntries(sim);
  sim.config.traffic.forEach(({ isLater }, index) => {
    if (!isLater) openTraffic(sim, index);
  });
  sim.clock.now = 0;
}
