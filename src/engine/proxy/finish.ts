/** The end of a downstream request: what is written down, what is given back, and who is told. */

import { freeRow, retireRow, rowBits } from "../kernel/table.ts";
import * as attemptAt from "../rows/attempt.ts";
import * as callAt from "../rows/call.ts";
import * as downstreamKinds from "../rows/downstream-kinds.ts";
import * as previousAt from "../rows/previous-host.ts";
import type { ClusterState, InstanceState, Sim } from "../sim.ts";
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
  const { cells } = calls;
  const plan = sim.plans[cells[call | callAt.plan]!] as Plan;
  if ((cells[call | callAt.retryHeld]! | cells[call | callAt.activeFault]!) !== 0) giveBack(sim, call, plan);
  if (plan.endsOtherwise && (plan.direct || plan.tcp)) status = seenWithoutHttp(sim, call, plan, status);
  const edge = cells[call | callAt.edge]!;
  if (edge >= 0) recordEdge(sim, edge, call, status);
  const downstream = cells[call | callAt.downstream]!;
  if (plan.endsOtherwise && plan.behindGateway && downstream === downstreamKinds.root)
    recordEdge(sim, gatewayEdge(sim, call, plan) * sim.traffics.count + cells[call | callAt.traffic]!, call, status);
  // What a proxy sends on its own account (mirrored copies, questions of filters) has no line in Envoy's log.
  if (sim.accessLog.limit > 0 && !plan.direct && downstream < downstreamKinds.filter) logAccess(sim, call, status);
  if (sim.recordRoot !== 0) noteCallEnd(sim, call, status);
  if (cells[call | callAt.previous]! >= 0) freePreviousHosts(sim, call);
  cells[call | callAt.alive] = 0;
  if (downstream === downstreamKinds.root) {
    onRootDone(sim, call, status);
    retireRow(calls, call);
    return;
  }
  const parent = cells[call | callAt.parent]!;
  const parentGeneration = cells[call | callAt.parentGeneration]!;
  const ignore = cells[call | callAt.onErrorIgnore]! === 1;
  retireRow(calls, call);
  if (downstream === downstreamKinds.application) {
    if (sim.attempts.generations[parent >> rowBits] === parentGeneration)
      sim.steps.onChildDone(sim, parent, !ignore && (status >= 500 || status === 0));
  } else if (downstream === downstreamKinds.proxy) {
    if (sim.attempts.generations[parent >> rowBits] === parentGeneration) {
      sim.attempts.cells[parent | attemptAt.inbound] = -1;
      sim.steps.respondToClient(sim, parent, status);
    }
  } else if (downstream === downstreamKinds.filter && calls.generations[parent >> rowBits] === parentGeneration) {
    resumeFilter(sim, parent, status);
  }
}

function giveBack(sim: Sim, call: number, plan: Plan): void {
  const { cells } = sim.calls;
  if (cells[call | callAt.retryHeld]! === 1)
    releaseRetry(sim, call, sim.clusterStates[cells[call | callAt.cluster]!] as ClusterState, plan.priority);
  if (cells[call | callAt.activeFault]! === 1) (sim.instances[cells[call | callAt.instance]!] as InstanceState).activeFaults--;
}

/** A bare client and a TCP client see a closed connection where a proxy would make up an answer. @returns the status they see */
function seenWithoutHttp(sim: Sim, call: number, plan: Plan, status: number): number {
  const { cells } = sim.calls;
  if (plan.direct) cells[call | callAt.flags] = 0;
  return cells[call | callAt.details]! !== 0 ? 0 : status;
}

/** The hop behind a gateway: from its workload to the Service of the chosen cluster ("outbound|port|subset|host"). */
function gatewayEdge(sim: Sim, call: number, plan: Plan): number {
  const instance = sim.instances[sim.calls.cells[call | callAt.instance]!] as InstanceState;
  const { clusterName } = plan.destinations[sim.calls.cells[call | callAt.destination]!] as Destination;
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
  if (verdict === 0) sim.steps.runFilters(sim, call, sim.calls.cells[call | callAt.filter]! + 1);
}

function freePreviousHosts(sim: Sim, call: number): void {
  let row = sim.calls.cells[call | callAt.previous]!;
  while (row >= 0) {
    const next = sim.previousHosts.cells[row | previousAt.next]!;
    freeRow(sim.previousHosts, row);
    row = next;
  }
}
