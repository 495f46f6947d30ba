/** The end of a downstream request: what is written down, what is given back, and who is told. */

import { retireRow } from "../kernel/table.ts";
import type { Call } from "../rows/call.ts";
import * as downstreamKinds from "../rows/downstream-kinds.ts";
import * as held from "../rows/held.ts";
import type { Sim } from "../sim.ts";
import { logAccess } from "../telemetry/access-log.ts";
import { flyRefused } from "../telemetry/flight-ring.ts";
import { noteCallEnd } from "../telemetry/recorder.ts";
import { recordServed } from "../telemetry/served-requests.ts";
import { edgeKeyOf, recordEdge } from "../telemetry/store.ts";
import { onRootDone } from "../workload/root-done.ts";
import { carriedOutcome, hasAnswerHeaders } from "./answer-headers.ts";
import { filterOf } from "./filters/filter.ts";
import type { FollowedRedirects } from "./internal-redirect.ts";
import type { Destination, Plan } from "./plan.ts";
import * as planAsks from "./plan-asks.ts";
import { responseFlags } from "./response-flags.ts";
import { releaseRetry } from "./retries.ts";

/**
 * @param status 0 = no HTTP answer: the connection was closed or nobody answered; above every status: the outcome of a gRPC request
 * that failed by its code (`endingOf`).
 * @param answer the outcome with all that the answer carried, for who writes it down
 */
export function finishCall(sim: Sim, call: Call, status: number, answer = status): void {
  const { plan, edge, downstream } = call;
  const followed = call.held === 0 ? undefined : giveBack(sim, call, plan);
  const endsOtherwise = (plan.asks & planAsks.otherEnd) !== 0;
  if (endsOtherwise && (plan.direct || plan.tcp)) {
    const seen = seenWithoutHttp(call, plan, status);
    if (seen !== status) answer = seen;
    status = seen;
  }
  const earlier = followed?.attempts ?? 0;
  if (earlier > 0) call.attempts += earlier;
  if (edge >= 0) recordEdge(sim, edge, call, status);
  if (sim.flights !== null && edge !== -1 && call.upstreamHost < 0 && (status >= 400 || status === 0))
    flyRefused(sim, call, -1, status);
  if (endsOtherwise && plan.behindGateway && downstream < downstreamKinds.filter && call.shadow === 0)
    recordEdge(sim, gatewayEdge(sim, call, plan) * sim.traffics.count + call.traffic, call, status);
  if (earlier > 0) call.attempts -= earlier;
  // What a proxy sends on its own account (mirrored copies, questions of filters) has no line in Envoy's log.
  if (sim.accessLog.limit > 0 && !plan.direct && downstream < downstreamKinds.filter)
    logAccess(sim, call, answer, followed?.lookedUp ?? plan);
  if (sim.recordRoot !== 0) noteCallEnd(sim, call, answer);
  if (call.previous !== null) freePreviousHosts(sim, call);
  call.alive = 0;
  if (downstream === downstreamKinds.root) {
    onRootDone(sim, call, status);
    retireRow(sim.calls, call);
    return;
  }
  // What a proxy says to another is read by it; its own client sees it in the log.
  const carried =
    downstream === downstreamKinds.proxy && hasAnswerHeaders(call, status) ? carriedOutcome(sim, call, status) : status;
  const { parent, parentGeneration, asker } = call;
  const ignore = call.onErrorIgnore === 1;
  retireRow(sim.calls, call);
  if (parent === null) {
    if (asker?.generation === parentGeneration) resumeFilter(sim, asker, status);
  } else if (downstream === downstreamKinds.application) {
    if (parent.generation === parentGeneration) sim.steps.onChildDone(sim, parent, !ignore && (status >= 500 || status === 0));
  } else {
    if (sim.served.limit > 0) recordServed(sim, parent, status, call.flags);
    if (parent.generation === parentGeneration) {
      parent.inbound = null;
      sim.steps.respondToClient(sim, parent, carried);
    }
  }
}

/** @returns the redirects that its proxy followed */
function giveBack(sim: Sim, call: Call, plan: Plan): FollowedRedirects | undefined {
  if ((call.held & held.started) !== 0) sim.started.delete(call.id);
  if (call.cluster !== null) releaseRetry(call, call.cluster, plan.priority);
  if ((call.held & held.fault) !== 0) call.instance.activeFaults--;
  return (call.held & held.redirected) === 0 ? undefined : takeFollowed(sim, call);
}

/** A bare client and a TCP client see a closed connection where a proxy would make up an answer. @returns the status they see */
function seenWithoutHttp(call: Call, plan: Plan, status: number): number {
  if (plan.direct) call.flags = 0;
  // A session that found no host tried no connection.
  else if ((call.flags & responseFlags.UH) !== 0) call.attempts--;
  return call.details !== 0 ? 0 : status;
}

/** The hop behind a gateway: from its workload to the Service of the chosen cluster ("outbound|port|subset|host"). */
function gatewayEdge(sim: Sim, call: Call, plan: Plan): number {
  const { instance } = call;
  const { clusterName } = plan.destinations[call.destination] as Destination;
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

function resumeFilter(sim: Sim, call: Call, status: number): void {
  const filter = filterOf(call);
  const verdict = filter.onAnswer?.(sim, call, filter, status) ?? 0;
  if (verdict === 0) sim.steps.runFilters(sim, call, call.filter + 1);
}

/** Of a request that was redirected inside the proxy: its last line of the log does not count the tries before. */
function takeFollowed(sim: Sim, call: Call): FollowedRedirects | undefined {
  const followed = sim.redirected.get(call.id);
  sim.redirected.delete(call.id);
  return followed;
}

export function freePreviousHosts(sim: Sim, call: Call): void {
  for (let row = call.previous; row !== null; row = row.next) retireRow(sim.previousHosts, row);
}
