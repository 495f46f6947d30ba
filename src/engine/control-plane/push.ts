/**
 * How a configuration reaches the proxies. Without settings every proxy has it at once. With them, as istiod does it: changes are
 * collected until they pause (debounce), then each proxy gets them after its own delay, type by type (CDS, EDS, LDS, RDS), and takes of
 * each what Envoy would take (answer.ts): an update with something refused in it is not acknowledged, though its sound part is in force.
 * Between two types, and after a NACK, a proxy lives with a mixture.
 */

import { pushEvent } from "../kernel/event-queue.ts";
import { nextBelow } from "../kernel/random.ts";
import type { ControlPlaneConfig, MeshConfig, ProxyNode, ResourceType } from "../model/index.ts";
import { setHosts } from "../proxy/cluster-state.ts";
import { type CompiledNode, compileMesh, compileNode, slotOfCluster } from "../proxy/compiled-mesh.ts";
import { closeIdleOf } from "../proxy/idle-connections.ts";
import { isSameCluster, retireCluster } from "../proxy/replace-cluster.ts";
import * as eventKinds from "../rows/event-kinds.ts";
import * as taskTypes from "../rows/task-types.ts";
import { type ClusterState, type InstanceState, nowOf, type Sim } from "../sim.ts";
import { noteControl } from "../telemetry/control-log.ts";
import { drawServiceTimeMs } from "../workload/service-time.ts";
import { answerTo } from "./answer.ts";
import { keepUnchanged } from "./keep-unchanged.ts";
import { syncOf } from "./proxy-sync.ts";
import { partOf } from "./rejection.ts";
import { atStage } from "./stages.ts";

/** istiod's own pace (PILOT_DEBOUNCE_AFTER, PILOT_DEBOUNCE_MAX), for a run that says nothing of its control plane. */
const istiod: ControlPlaneConfig = Object.freeze({
  debounceMs: 100,
  debounceMaxMs: 10_000,
  pushDelay: Object.freeze({ type: "constant", ms: 0 } as const),
  order: Object.freeze(["CDS", "EDS", "LDS", "RDS"] as const),
  typeDelayMs: 0,
});

export type Delivery = "asConfigured" | "atOnce" | "asCluster";

/** Proxies keep what they have while the control plane is down; the newest configuration waits. */
export function pushConfig(sim: Sim, configured: MeshConfig, delivery: Delivery = "asConfigured", delta = false): void {
  Object.freeze(configured);
  const mesh = Object.freeze(atStage(sim, configured));
  if (!sim.control.controlPlaneUp) {
    sim.heldMesh.mesh = configured;
    return;
  }
  const settings = settingsOf(sim, delivery);
  if (settings !== null) collect(sim, settings, mesh, delta);
  else {
    if (delivery === "atOnce") overtake(sim);
    deliverToAll(sim, mesh);
  }
}

/** Null: every proxy at once. */
function settingsOf(sim: Sim, delivery: Delivery): ControlPlaneConfig | null {
  if (delivery === "atOnce") return null;
  const { delay } = sim.push;
  const configured = sim.config.controlPlane ?? (delivery === "asCluster" || delay !== null ? istiod : null);
  return configured === null || delay === null ? configured : Object.freeze({ ...configured, pushDelay: delay });
}

/** What is collected or on its way is older than what every proxy is about to have. */
function overtake(sim: Sim): void {
  const { push } = sim;
  push.waiting = null;
  push.epoch++;
  push.version++;
  for (const instance of sim.instances) {
    const sync = syncOf(instance);
    sync.sent = push.version;
    sync.acked = push.version;
    sync.versions = { CDS: push.version, EDS: push.version, LDS: push.version, RDS: push.version };
    sync.seen = { ...sync.versions };
    sync.received = null;
    sync.lastSent = null;
    sync.rejected = "";
  }
}

function deliverToAll(sim: Sim, mesh: MeshConfig): void {
  noteControl(sim, { type: "push", version: 0, proxies: sim.instances.filter(({ node }) => node.config !== null).length });
  sim.mesh = compileMesh(keepUnchanged(sim, mesh));
  sim.control.lastConfigMs = nowOf(sim);
  for (const instance of sim.instances) {
    const { config } = instance.node;
    const node = config === null ? sim.mesh.directNode : nodeOf(sim, config);
    if (node !== undefined) switchNode(sim, instance, node);
  }
  for (const cluster of sim.clusterStates) closeIdleOf(sim, cluster, (host) => !host.present);
}

/** A gateway whose Gateways are all gone has nothing any more; what is not known of a sidecar stays as it is. */
function nodeOf(sim: Sim, config: ProxyNode): CompiledNode | undefined {
  const known = sim.mesh.nodes.get(config.id);
  if (known !== undefined || config.type !== "gateway" || config.listeners.length === 0) return known;
  const empty: ProxyNode = Object.freeze({ ...config, listeners: [], routes: [], clusters: [], endpoints: [] });
  return compileNode(empty, sim.mesh.services);
}

/** Waits for a pause in the changes, but not for ever. What is collected goes out as one: as deltas if each part of it would. */
function collect(sim: Sim, settings: ControlPlaneConfig, mesh: MeshConfig, isDelta: boolean): void {
  const { push } = sim;
  const now = nowOf(sim);
  const delta = isDelta && push.waiting?.delta !== false;
  if (push.waiting === null) push.firstChangeMs = now;
  push.waiting = Object.freeze({ mesh, settings, delta });
  push.epoch++;
  const dueMs = Math.min(now + settings.debounceMs, push.firstChangeMs + settings.debounceMaxMs);
  pushEvent(sim.queue, Math.max(now, dueMs), eventKinds.task, taskTypes.push, push.epoch);
}

/** The pause came: a version is made and sent to every proxy. */
export function onPushDue(sim: Sim, epoch: number): void {
  const { push } = sim;
  if (push.waiting === null || epoch !== push.epoch) return;
  const { mesh, settings, delta } = push.waiting;
  push.waiting = null;
  if (!sim.control.controlPlaneUp) {
    sim.heldMesh.mesh = sim.rollout?.base.mesh ?? mesh;
    return;
  }
  push.version++;
  sim.mesh = compileMesh(keepUnchanged(sim, mesh));
  sim.control.lastConfigMs = nowOf(sim);
  const known = sim.instances.filter(({ node }) => node.config !== null && sim.mesh.nodes.get(node.config.id)?.config);
  noteControl(sim, { type: "push", version: push.version, proxies: known.length });
  sim.instances.forEach((instance, index) => {
    // Names and virtual addresses come from the cluster, not from the control plane.
    if (instance.node.config === null) switchNode(sim, instance, sim.mesh.directNode);
    const node = instance.node.config === null ? undefined : nodeOf(sim, instance.node.config);
    if (node?.config === undefined || node.config === null) return;
    const sync = syncOf(instance);
    const before = delta ? { version: sync.sent, node: sync.lastSent ?? (instance.node.config as ProxyNode) } : null;
    sync.sent = push.version;
    sync.lastSent = node.config;
    const delayMs = drawServiceTimeMs(sim.random, push.stream, settings.pushDelay);
    const delivery = push.deliveries.length;
    const { order } = settings;
    push.deliveries.push(Object.freeze({ instance: index, version: push.version, node: node.config, order, before }));
    settings.order.forEach((_, step) => {
      const atMs = nowOf(sim) + delayMs + step * settings.typeDelayMs;
      pushEvent(sim.queue, atMs, eventKinds.task, delivery * taskTypes.count + taskTypes.deliver, step);
    });
  });
}

/** One type arrives at one proxy: ACK, or NACK and the last good version of what is refused stays. */
export function onDelivered(sim: Sim, index: number, step: number): void {
  const delivery = sim.push.deliveries[index] as PushedVersion;
  const instance = sim.instances[delivery.instance] as InstanceState;
  const type = delivery.order[step] as ResourceType;
  const sync = syncOf(instance);
  const current = sync.received ?? instance.node.config;
  // A newer version overtook this one.
  if (current === null || delivery.version < sync.seen[type]) return;
  // With the version before on its way still, istiod would have sent both as one.
  const before = delivery.before !== null && sync.seen[type] >= delivery.before.version ? delivery.before.node : undefined;
  sync.seen[type] = delivery.version;
  const draw = (n: number) => nextBelow(sim.random, sim.push.watchStream, n);
  const { part, reason } = answerTo(type, delivery.node, current, draw, before);
  if (reason !== "") {
    sync.rejected = `${type}: ${reason}`;
    noteAnswer(sim, instance, delivery.version, sync.rejected);
  } else {
    sync.versions[type] = delivery.version;
    if (delivery.order.every((one) => sync.versions[one] >= delivery.version)) {
      sync.acked = delivery.version;
      sync.rejected = "";
      noteAnswer(sim, instance, delivery.version, "");
    }
  }
  if (part === current[partOf[type]]) return;
  const mixed: ProxyNode = Object.freeze({ ...current, [partOf[type]]: part });
  sync.received = mixed;
  const services = { byHost: sim.mesh.services.byHost, byAddress: sim.mesh.services.byAddress };
  switchNode(sim, instance, compileNode(withoutWarming(mixed), services));
  for (const cluster of instance.clusters) if (cluster !== null) closeIdleOf(sim, cluster, (host) => !host.present);
}

function noteAnswer(sim: Sim, { name, replica }: InstanceState, version: number, reason: string): void {
  const owner = replica < 0 ? undefined : sim.replicas[replica];
  noteControl(sim, { type: "answer", version, proxy: name, replica: owner?.index ?? -1, reason });
}

export interface PushedVersion {
  readonly instance: number;
  readonly order: readonly ResourceType[];
  readonly version: number;
  readonly node: ProxyNode;
  /** What was sent before, where the clusters that are as they were there are not sent again. */
  readonly before: { readonly version: number; readonly node: ProxyNode } | null;
}

/** A cluster without its endpoints is warming: no route finds it yet. */
function withoutWarming(node: ProxyNode): ProxyNode {
  const known = new Set(node.endpoints.map((assignment) => assignment.cluster));
  const warm = node.clusters.filter((cluster) => cluster.type !== "EDS" || known.has(cluster.name));
  return warm.length === node.clusters.length ? node : { ...node, clusters: warm };
}

/** The proxy goes on with another configuration; clusters that are as they were keep their state. */
function switchNode(sim: Sim, instance: InstanceState, node: CompiledNode): void {
  if (node === instance.node) return;
  instance.node = node;
  instance.lastShape = null;
  const replica = sim.replicas[instance.replica];
  if (replica !== undefined) replica.hasInbound = node.hasInbound;
  const clusters: (ClusterState | null)[] = [];
  for (const cluster of instance.clusters) {
    if (cluster === null) continue;
    const slot = slotOfCluster(node, sim.caches, cluster.compiled.name, cluster.traits.local);
    const compiled = node.slots[slot];
    if (compiled === undefined || !isSameCluster(compiled.config, cluster.compiled.config)) {
      retireCluster(sim, cluster);
      continue;
    }
    while (clusters.length <= slot) clusters.push(null);
    clusters[slot] = cluster;
    if (compiled !== cluster.compiled) setHosts(sim, cluster, compiled, nowOf(sim));
  }
  instance.clusters = clusters;
  instance.lastSlot = -1;
}
