/** The end of a downstream request: what is written down, what is given back, and who is told. */

import { freeRow, retireRow, rowBits } from "../kernel/table.ts";
import * as attemptAt from "../rows/attempt.ts";
import * as callAt from "../rows/call.ts";
import * as previousAt from "../rows/previous-host.ts";
import { type ClusterState, downstreamKinds, type InstanceState, nowOf, type Sim } from "../sim.ts";
import { logAccess } from "../telemetry/access-log.ts";
import { noteCallEnd } from "../telemetry/recorder.ts";
import { edgeKeyOf, recordEdge } from "../telemetry/store.ts";
import { onRootDone } from "../workload/root-done.ts";
import { filterOf } from "./filters/filter.ts";
import type { Destination, Plan } from "./plan.ts";
import { releaseRetry } from "./retries.ts";

/** @param status 0 = no HTTP answer: the connection was closed or nobody answered. */
export function finishCall(sim: Sim, call: number, status: number): void {
  const { calls } = sim;
  if (sim.started.size > 0) sim.started.delete(call);
  const plan = sim.plans[sim.calls.cells[call + callAt.plan]!] as Plan;
  const instance = sim.instances[sim.calls.cells[call + callAt.instance]!] as InstanceState;
  if (sim.calls.cells[call + callAt.retryHeld]! === 1)
    releaseRetry(sim, call, sim.clusterStates[sim.calls.cells[call + callAt.cluster]!] as ClusterState, plan.priority);
  if (sim.calls.cells[call + callAt.activeFault]! === 1) instance.activeFaults--;
  if (plan.direct) {
    sim.calls.cells[call + callAt.flags] = 0;
    // A bare client sees a closed connection where a proxy would make up an answer.
    if (sim.calls.cells[call + callAt.details]! !== 0) status = 0;
  } else if (plan.tcp && sim.calls.cells[call + callAt.details]! !== 0) {
    status = 0;
  }
  const edge = sim.calls.cells[call + callAt.edge]!;
  const startMs = sim.calls.times[call >> rowBits]!;
  const flags = sim.calls.cells[call + callAt.flags]!;
  if (edge >= 0)
    recordEdge(
      sim,
      edge,
      startMs,
      nowOf(sim) - startMs,
      status,
      flags,
      sim.calls.cells[call + callAt.attempts]!,
      sim.calls.cells[call + callAt.mutualTls]!,
    );
  if (
    instance.node.config?.type === "gateway" &&
    sim.calls.cells[call + callAt.downstream]! === downstreamKinds.root &&
    plan.destinations.length > 0
  ) {
    const second = gatewayEdge(
      sim,
      instance,
      (plan.destinations[sim.calls.cells[call + callAt.destination]!] as Destination).clusterName,
    );
    recordEdge(
      sim,
      second * sim.traffics.count + sim.calls.cells[call + callAt.traffic]!,
      startMs,
      nowOf(sim) - startMs,
      status,
      flags,
      sim.calls.cells[call + callAt.attempts]!,
      sim.calls.cells[call + callAt.mutualTls]!,
    );
  }
  // What a proxy sends on its own account (mirrored copies, questions of filters) has no line in Envoy's log.
  if (sim.accessLog.limit > 0 && !plan.direct && sim.calls.cells[call + callAt.downstream]! < downstreamKinds.filter)
    logAccess(sim, call, status);
  if (sim.recordRoot !== 0) noteCallEnd(sim, call, status);
  freePreviousHosts(sim, call);
  const downstream = sim.calls.cells[call + callAt.downstream]!;
  const parent = sim.calls.cells[call + callAt.parent]!;
  const parentGeneration = sim.calls.cells[call + callAt.parentGeneration]!;
  const ignore = sim.calls.cells[call + callAt.onErrorIgnore]! === 1;
  const root = sim.calls.cells[call + callAt.root]!;
  const traffic = sim.calls.cells[call + callAt.traffic]!;
  const shape = sim.calls.cells[call + callAt.shape]!;
  sim.calls.cells[call + callAt.alive] = 0;
  retireRow(calls, call);
  switch (downstream) {
    case downstreamKinds.root:
      onRootDone(sim, traffic, root, parent, startMs, shape, status, flags);
      return;
    case downstreamKinds.application:
      if (sim.attempts.generations[parent >> rowBits]! === parentGeneration)
        sim.steps.onChildDone(sim, parent, !ignore && (status >= 500 || status === 0));
      return;
    case downstreamKinds.proxy:
      if (sim.attempts.generations[parent >> rowBits]! === parentGeneration) {
        sim.attempts.cells[parent + attemptAt.inbound] = -1;
        sim.steps.respondToClient(sim, parent, status);
      }
      return;
    case downstreamKinds.filter:
      if (calls.generations[parent >> rowBits]! === parentGeneration) resumeFilter(sim, parent, status);
      return;
  }
}

/** The hop behind a gateway: from its workload to the Service of the chosen cluster ("outbound|port|subset|host"). */
function gatewayEdge(sim: Sim, instance: InstanceState, clusterName: string): number {
  const key = `${instance.name}>${clusterName}`;
  const known = sim.reports.gatewayEdges.get(key);
  if (known !== undefined) return known;
  const host = clusterName.split("|").at(-1) ?? clusterName;
  const service = sim.mesh.services.byHost.get(host);
  const from = { name: instance.node.config?.workload ?? instance.name, namespace: instance.node.config?.namespace ?? "" };
  const to = service === undefined ? { name: host, namespace: "" } : { name: service.name, namespace: service.namespace };
  const edge = edgeKeyOf(sim, from, to, false);
  sim.reports.gatewayEdges.set(key, edge);
  return edge;
}

function resumeFilter(sim: Sim, call: number, status: number): void {
  const filter = filterOf(sim, call);
  const verdict = filter.onAnswer?.(sim, call, filter, status) ?? 0;
  if (verdict === 0) sim.steps.runFilters(sim, call, sim.calls.cells[call + callAt.filter]! + 1);
}

function freePreviousHosts(sim: Sim, call: number): void {
  let row = sim.calls.cells[call + callAt.previous]!;
  while (row >= 0) {
    const next = sim.previousHosts.cells[row + previousAt.next]!;
    freeRow(sim.previousHosts, row);
    row = next;
  }
}
