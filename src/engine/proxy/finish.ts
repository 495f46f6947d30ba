/** The end of a downstream request: what is written down, what is given back, and who is told. */
import { freeRow } from "../kernel/table.ts";
import { type ClusterState, downstreamKinds, type InstanceState, nowOf, type Sim } from "../sim.ts";
import { logAccess } from "../telemetry/access-log.ts";
import { noteCallEnd } from "../telemetry/recorder.ts";
import { recordEdge } from "../telemetry/store.ts";
import { onChildDone } from "../workload/application.ts";
import { onRootDone } from "../workload/traffic.ts";
import { afterAuthzCall } from "./filters/ext-authz.ts";
import { afterRateLimitCall } from "./filters/rate-limit.ts";
import type { Plan } from "./plan.ts";
import { filterOf, releaseRetry, runFilters } from "./router.ts";
import { respondToClient } from "./upstream.ts";

/** @param status 0 = no HTTP answer: the connection was closed or nobody answered. */
export function finishCall(sim: Sim, call: number, status: number): void {
  const { calls } = sim;
  const plan = sim.plans[calls.plan[call] as number] as Plan;
  const instance = sim.instances[calls.instance[call] as number] as InstanceState;
  if (calls.retryHeld[call] === 1)
    releaseRetry(sim, call, sim.clusterStates[calls.cluster[call] as number] as ClusterState, plan.priority);
  if (calls.activeFault[call] === 1) instance.activeFaults--;
  if (plan.direct) {
    calls.flags[call] = 0;
    // A bare client sees a closed connection where a proxy would make up an answer.
    if ((calls.details[call] as number) !== 0) status = 0;
  } else if (plan.tcp && (calls.details[call] as number) !== 0) {
    status = 0;
  }
  const edge = calls.edge[call] as number;
  const startMs = calls.startMs[call] as number;
  const flags = calls.flags[call] as number;
  if (edge >= 0)
    recordEdge(
      sim,
      edge,
      startMs,
      nowOf(sim) - startMs,
      status,
      flags,
      calls.attempts[call] as number,
      calls.mutualTls[call] as number,
    );
  if (sim.accessLog.limit > 0 && !plan.direct) logAccess(sim, call, status);
  if (sim.recordRoot !== 0) noteCallEnd(sim, call, status);
  freePreviousHosts(sim, call);
  const downstream = calls.downstream[call] as number;
  const parent = calls.parent[call] as number;
  const parentGeneration = calls.parentGeneration[call] as number;
  const ignore = calls.onErrorIgnore[call] === 1;
  const root = calls.root[call] as number;
  const traffic = calls.traffic[call] as number;
  const shape = calls.shape[call] as number;
  calls.generation[call] = (calls.generation[call] as number) + 1;
  calls.alive[call] = 0;
  freeRow(calls, call);
  switch (downstream) {
    case downstreamKinds.root:
      onRootDone(sim, traffic, root, parent, startMs, shape, status, flags);
      return;
    case downstreamKinds.application:
      if (sim.attempts.generation[parent] === parentGeneration)
        onChildDone(sim, parent, !ignore && (status >= 500 || status === 0));
      return;
    case downstreamKinds.proxy:
      if (sim.attempts.generation[parent] === parentGeneration) {
        sim.attempts.inbound[parent] = -1;
        respondToClient(sim, parent, status);
      }
      return;
    case downstreamKinds.filter:
      if (calls.generation[parent] === parentGeneration) resumeFilter(sim, parent, status);
      return;
  }
}

function resumeFilter(sim: Sim, call: number, status: number): void {
  const filter = filterOf(sim, call);
  const verdict =
    filter.name === "extAuthz" ? afterAuthzCall(sim, call, filter, status) : afterRateLimitCall(sim, call, filter, status);
  if (verdict === 0) runFilters(sim, call, (sim.calls.filter[call] as number) + 1);
}

function freePreviousHosts(sim: Sim, call: number): void {
  let row = sim.calls.previous[call] as number;
  while (row >= 0) {
    const next = sim.previousHosts.next[row] as number;
    freeRow(sim.previousHosts, row);
    row = next;
  }
}
