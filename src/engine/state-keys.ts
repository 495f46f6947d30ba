/** Which parts of a run are its mutable state: what a checkpoint copies and a hash of the state covers. */
import type { Sim } from "./sim.ts";

const stateKeys = [
  "clock",
  "queue",
  "random",
  "calls",
  "attempts",
  "connections",
  "previousHosts",
  "started",
  "redirected",
  "mesh",
  "heldMesh",
  "pendingMeshes",
  "instances",
  "replicas",
  "workloads",
  "clusterStates",
  "firstHosts",
  "targets",
  "targetOf",
  "replicaOf",
  "traffic",
  "traffics",
  "edges",
  "arrivals",
  "ejections",
  "outlierLog",
  "controlLog",
  "control",
  "push",
  "rollout",
  "partitions",
  "instant",
  "networkStream",
  "traces",
  "finishedRing",
  "accessLog",
  "served",
  "sequences",
] as const satisfies readonly (keyof Sim)[];

export type RunState = Pick<Sim, (typeof stateKeys)[number]>;

/** The mutable state as one graph: its parts link to each other. */
export function stateOf(sim: Sim): RunState {
  return Object.fromEntries(stateKeys.map((key) => [key, sim[key]])) as unknown as RunState;
}
