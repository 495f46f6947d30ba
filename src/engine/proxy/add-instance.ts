/** A proxy, or a client without one, joins the run. */
import { createStream } from "../kernel/random.ts";
import type { ClusterState, InstanceState, Sim } from "../sim.ts";
import type { CompiledNode } from "./compiled-mesh.ts";
import type { Plan } from "./plan.ts";

/** Until a request was sent. */
const none = null as unknown as Plan & ClusterState;

/** @param index tells the random streams of equal names apart */
export function addInstance(
  sim: Sim,
  node: CompiledNode,
  replica: number,
  name: string,
  ip: string,
  locality: string,
  index = 0,
): InstanceState {
  const instance: InstanceState = {
    index: sim.instances.length,
    lastShape: null,
    lastPlan: none,
    lastSlot: -1,
    lastCluster: none,
    node,
    replica,
    name,
    ip,
    locality,
    clusters: [],
    routeStream: createStream(sim.random, `${name}/${index}|route`),
    retryStream: createStream(sim.random, `${name}/${index}|retry`),
    activeFaults: 0,
    buckets: null,
    certificatesExpired: false,
    sync: null,
  };
  sim.instances.push(instance);
  return instance;
}
