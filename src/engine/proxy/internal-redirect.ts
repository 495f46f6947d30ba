/**
 * internal_redirect_policy: a redirect of the upstream that the proxy follows itself (Router::Filter::setupRedirect, recreateStream). The
 * request begins anew with the filters and the route of its target: tries, flags and timeouts are counted afresh, its start is kept, and
 * the access log has a line for each time. Measured on Envoy 1.40.
 */

import type { InternalRedirectPolicy } from "../model/index.ts";
import { ipOf } from "../network/handshake.ts";
import type { Attempt } from "../rows/attempt.ts";
import type { Call } from "../rows/call.ts";
import * as downstreamKinds from "../rows/downstream-kinds.ts";
import * as held from "../rows/held.ts";
import { type ClusterState, type HostState, internText, nowOf, type Sim } from "../sim.ts";
import { logAccess } from "../telemetry/access-log.ts";
import { noteCall, notePlan } from "../telemetry/recorder.ts";
import { cancelAttempt, cancelAttempts, freeAttempt, releaseStream, unlinkAttempt } from "./attempt-end.ts";
import { freePreviousHosts } from "./finish.ts";
import { inboundPlan } from "./inbound-plan.ts";
import { fieldsOf, internShape, type RequestShape } from "./matching/request-shape.ts";
import { outboundPlan } from "./outbound-plan.ts";
import type { Plan } from "./plan.ts";
import * as planAsks from "./plan-asks.ts";
import { responseFlags } from "./response-flags.ts";
import { responseOf, statusOf } from "./response-table.ts";
import { releaseRetry } from "./retries.ts";
import { drawRequest, planFor } from "./route-fraction.ts";

/** Of one call. */
export interface FollowedRedirects {
  count: number;
  /** Tries before the last one was followed. */
  attempts: number;
  /** When the last one was followed, ms. */
  atMs: number;
  /** Pairs of a route and the route it led to. */
  taken: string[];
  /** Where the last redirect would have led: looked up and not taken, it is what the log names. */
  lookedUp: Plan | null;
}

/** A timer of the route before: it would have gone off earlier than the present route's can. */
export function isOutdated(sim: Sim, call: Call, limitMs: number): boolean {
  const followed = sim.redirected.get(call.id);
  return followed !== undefined && followed.count > 0 && (limitMs === 0 || nowOf(sim) - followed.atMs < limitMs - 1e-6);
}

/** @returns false where the answer has to be handed on as it is */
export function followRedirect(sim: Sim, call: Call, attempt: Attempt, cluster: ClusterState, host: HostState): boolean {
  const policy = call.plan.action?.internalRedirect as InternalRedirectPolicy;
  const { outcome } = attempt;
  const status = statusOf(outcome);
  if (!policy.codes.includes(status)) return false;
  const { shape: sent } = attempt;
  const headers = responseOf(sim.responses, outcome).headers ?? {};
  const location = parseLocation(headers.location ?? "");
  const refuse = (reason: string) => {
    if (sim.recordRoot !== 0)
      noteCall(sim, call, "route", "route.redirectHandedOn", { status, location: headers.location ?? "", reason }, policy.source);
    return false;
  };
  if (location === null) return refuse("Location");
  const isHttps = sent.scheme === "https";
  // Whatever is not http counts as https.
  const wantsHttps = location.scheme !== "http";
  if (isHttps !== wantsHttps && !policy.allowsCrossScheme) return refuse("allow_cross_scheme_redirect");
  const followed = sim.redirected.get(call.id) ?? { count: 0, attempts: 0, atMs: 0, taken: [], lookedUp: null };
  if (followed.count >= policy.maxRedirects) return refuse("max_internal_redirects");
  const shape = targetShape(sim, sent, location, status, policy, headers);
  const wanted = planOf(sim, call, shape);
  const draw = (wanted.asks & planAsks.fraction) !== 0 ? drawRequest(sim, call.instance) : -1;
  const plan = draw < 0 ? wanted : planFor(sim, wanted, draw);
  const pair = JSON.stringify([call.plan.routeName, plan.routeName]);
  const reason = whyNot(policy, plan, wantsHttps && !isHttps, followed.taken.includes(pair));
  if (reason !== undefined) {
    call.held |= held.redirected;
    sim.redirected.set(call.id, { ...followed, lookedUp: plan });
    return refuse(reason);
  }
  if (sim.recordRoot !== 0)
    noteCall(sim, call, "route", "route.redirectFollowed", { status, location: headers.location ?? "" }, policy.source);
  endStream(sim, call, attempt, cluster, host);
  call.details = internText(sim, "internal_redirect");
  if (sim.accessLog.limit > 0 && call.downstream < downstreamKinds.filter) logAccess(sim, call, outcome);
  call.held |= held.redirected;
  sim.redirected.set(call.id, {
    count: followed.count + 1,
    attempts: followed.attempts + call.attempts,
    atMs: nowOf(sim),
    taken: policy.avoidsPreviousRoutes ? [...followed.taken, pair] : followed.taken,
    lookedUp: null,
  });
  beginAnew(sim, call, plan, shape);
  if (sim.recordRoot !== 0) notePlan(sim, call);
  if ((plan.asks & planAsks.destination) !== 0) call.destination = sim.steps.drawDestination(sim, call, plan, draw);
  if ((plan.asks & planAsks.streamLimits) !== 0) sim.steps.limitStream(sim, call, plan);
  sim.steps.runFilters(sim, call, 0);
  return true;
}

/** What forbids the route that was found; undefined: nothing. */
function whyNot(
  policy: InternalRedirectPolicy,
  { reply, routeName }: Plan,
  isUnsafe: boolean,
  isTaken: boolean,
): string | undefined {
  if (((reply?.flags ?? 0) & responseFlags.NR) !== 0) return "routes";
  if (policy.safeCrossScheme && isUnsafe) return "safe_cross_scheme";
  if (policy.allowedRoutes !== undefined && !policy.allowedRoutes.includes(routeName)) return "allow_listed_routes";
  if (policy.avoidsPreviousRoutes && (isTaken || policy.avoidsEveryRoute === true)) return "previous_routes";
  return undefined;
}

/** An absolute URL of any scheme; null for any other text. Who is named before "@" is left out. */
function parseLocation(text: string): { scheme: string; authority: string; path: string } | null {
  const match = /^([a-z][a-z\d+.-]*):\/\/(?:[^/?#@]*@)?((?:\[[^\]]*\]|[^/?#:@\s]+)(?::(\d*))?)(?=[/?#]|$)([^#]*)/i.exec(text);
  if (match === null || Number(match[3] ?? 0) > 65_535) return null;
  const [, scheme = "", authority = "", , rest = ""] = match;
  return { scheme: scheme.toLowerCase(), authority, path: rest.startsWith("/") ? rest : `/${rest}` };
}

/** The request as it was sent, to where the answer said. */
function targetShape(
  sim: Sim,
  sent: RequestShape,
  location: { authority: string; path: string },
  status: number,
  policy: InternalRedirectPolicy,
  answered: Readonly<Record<string, string>>,
): RequestShape {
  const headers: Record<string, string> = { ...sent.headers };
  headers["x-envoy-original-url"] = `${sent.scheme === "https" ? "https" : "http"}://${sent.authority}${sent.path}`;
  for (const written of policy.headersToCopy) {
    const name = written.toLowerCase();
    const value = answered[name];
    if (value === undefined) delete headers[name];
    else headers[name] = value;
  }
  const method = status === 303 && sent.method !== "HEAD" ? "GET" : sent.method;
  const { authority, path } = location;
  return internShape(sim.shapes, { ...fieldsOf(sent), method, authority, path, headers, isRecreated: true });
}

/** What the same connection manager makes of it. */
function planOf(sim: Sim, call: Call, shape: RequestShape): Plan {
  const { instance } = call;
  const { node } = instance;
  const connection = call.downstream === downstreamKinds.proxy ? call.parent?.connection : undefined;
  if (!connection) return outboundPlan(sim, instance, shape);
  const { address, port } = connection.target;
  const isSidecar = node.config?.type === "sidecar";
  return inboundPlan(sim, node, shape, connection.peer, isSidecar ? instance.ip : ipOf(address), port, isSidecar).plan;
}

function endStream(sim: Sim, call: Call, attempt: Attempt, cluster: ClusterState, host: HostState): void {
  unlinkAttempt(call, attempt);
  if (responseOf(sim.responses, attempt.outcome).body === undefined) releaseStream(sim, attempt, cluster, host, false);
  else cancelAttempt(sim, attempt, cluster, host);
  freeAttempt(sim, attempt);
  cancelAttempts(sim, call);
  releaseRetry(call, cluster, call.plan.priority);
}

function beginAnew(sim: Sim, call: Call, plan: Plan, shape: RequestShape): void {
  if (call.previous !== null) freePreviousHosts(sim, call);
  if ((call.held & held.fault) !== 0) call.instance.activeFaults--;
  call.shape = shape;
  call.plan = plan;
  call.destination = 0;
  call.attempts = 0;
  call.retriesLeft = plan.retry === null ? 0 : plan.retry.numRetries;
  call.retriesDone = 0;
  call.cluster = null;
  call.flags = 0;
  call.details = 0;
  call.held &= ~held.fault;
  call.previous = null;
  call.mutualTls = -1;
  call.upstreamHost = -1;
  call.failureReason = 0;
}
