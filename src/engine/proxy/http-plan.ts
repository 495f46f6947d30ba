/**
 * HttpConnectionManager → Plan: filters in their order, virtual host, route, destinations. What depends on the request alone is
 * decided here; with a log it also writes down what was considered and why.
 */
import type {
  ClusterLoadAssignment,
  FilterChain,
  ForwardAction,
  HttpConnectionManager,
  Listener,
  PerFilterConfig,
  RedirectAction,
  RetryPolicy,
  Route,
  VirtualHost,
  WeightedCluster,
} from "../model/index.ts";
import type { Peer, Sim } from "../sim.ts";
import type { DecisionLog } from "../telemetry/draft.ts";
import type { AnswerRules } from "./answer-headers.ts";
import { admitRequest } from "./client-address.ts";
import { compileMirrors } from "./compile-mirrors.ts";
import { compileRetry } from "./compile-retry.ts";
import { type CompiledNode, routesNamed, slotOfCluster } from "./compiled-mesh.ts";
import { completed } from "./complete-plan.ts";
import { compileFilters, filterPlace, overriding, type PassedFilters } from "./filters/compile-filters.ts";
import type { CompiledFilter } from "./filters/filter.ts";
import { acceptedClaims } from "./filters/jwt-authn.ts";
import { formatFacts } from "./format-facts.ts";
import { routeTimeoutMs, streamLimitMs } from "./grpc-timeout.ts";
import { rewriteRequest } from "./header-operations.ts";
import { firstLine, headerOf } from "./matching/matchers.ts";
import type { RequestShape } from "./matching/request-shape.ts";
import { findVirtualHost } from "./matching/virtual-host.ts";
import { addPlan, clusterLimits, type Destination, emptyPlan, type PlanDraft, type Reply, reply } from "./plan.ts";
import { redirectedRequest, redirectLocation } from "./redirect-location.ts";
import { requestHash } from "./request-hash.ts";
import {
  permitsRetries,
  requestedHedge,
  requestedRetries,
  requestedTimeoutMs,
  requestedTimeoutStatus,
  withoutWishes,
} from "./request-timeouts.ts";
import { responseFlags } from "./response-flags.ts";
import { chooseAnew } from "./route-anew.ts";
import { findRoute } from "./route-match.ts";
import { unreadableHeader } from "./strict-headers.ts";
import { wishesOf } from "./subset-names.ts";
import { takeRequest } from "./take-request.ts";

export interface PlanContext {
  sim: Sim;
  node: CompiledNode;
  listener: Listener | null;
  chain: FilterChain | null;
  shape: RequestShape;
  peer: Peer;
  destinationIp: string;
  destinationPort: number;
  /** Inbound: clusters are the local application. */
  inbound: boolean;
  /** The trusted client address; absent: who opened the connection. */
  remoteIp?: string;
  /** The request's own x-envoy-* headers are believed. */
  isInternal?: boolean;
  /** As the connection manager normalized it; absent: as it came. */
  seen?: RequestShape;
  /** What filters made of it under another route, before this one was chosen. */
  passed?: PassedFilters;
  log: DecisionLog;
}

export function makeHttpPlan(context: PlanContext, manager: HttpConnectionManager): PlanDraft {
  const { sim, shape: sent, peer, log } = context;
  const isHttp2 = peer.alpn === "" ? sent.scheme === "grpc" : peer.alpn.includes("h2");
  const { shape, refusal } = takeRequest(sim.shapes, manager.normalization, sent, context.destinationPort, isHttp2);
  if (refusal === null && shape === sent) return planNormalized(context, manager);
  const { path, authority } = refusal === null ? shape : sent;
  if (refusal === null) {
    const dropped = Object.keys(sent.headers).filter((name) => shape.headers[name] === undefined);
    if (dropped.length > 0)
      log?.push({ stage: "route", code: "headers.dropped", params: { headers: dropped.join(", ") }, considered: [] });
    if (path !== sent.path || authority !== sent.authority)
      log?.push({ stage: "route", code: "route.normalized", params: { path, authority }, considered: [] });
    return planNormalized({ ...context, shape, seen: shape }, manager);
  }
  const { status, flags, details } = refusal;
  log?.push({ stage: "response", code: "response.notTaken", params: { path, authority, details }, considered: [] });
  const headers = status === 307 ? { location: shape.path } : null;
  return refusedPlan(context, manager, reply(sim, status, flags, details, { headers, reset: status === 0 }), shape);
}

/** By the connection manager, before any filter. */
function refusedPlan(context: PlanContext, manager: HttpConnectionManager, refusal: Reply, seen: RequestShape | null): PlanDraft {
  const { filters } = compileFilters(context, manager.httpFilters, undefined, undefined, refusal);
  return completed(context, manager, { ...emptyPlan, reply: refusal, replyFilters: filters, seen });
}

function planNormalized(context: PlanContext, manager: HttpConnectionManager): PlanDraft {
  if (manager.client === undefined) return planAdmitted(context, manager, 0);
  const { ip, isInternal, shape, rejectStatus } = admitRequest(context.sim.shapes, manager.client, context.shape, context.peer);
  if (rejectStatus > 0) {
    const refusal = reply(context.sim, rejectStatus, 0, "original_ip_detection_failed");
    return refusedPlan(context, manager, refusal, context.seen ?? null);
  }
  return planAdmitted({ ...context, shape, remoteIp: ip, isInternal }, manager, 0);
}

/** @param from routes before this one were passed over by their fraction. */
function planAdmitted(context: PlanContext, manager: HttpConnectionManager, from: number): PlanDraft {
  const draft = completed(context, manager, planRouted(context, manager, from));
  return context.seen === undefined ? draft : { ...draft, seen: context.seen };
}

function planRouted(context: PlanContext, manager: HttpConnectionManager, from: number): PlanDraft {
  const { sim, node, shape, log } = context;
  const config = routesNamed(node, manager.routeConfig);
  const virtualHost = config === undefined ? undefined : findVirtualHost(config, shape.authority);
  log?.push({
    stage: "virtualHost",
    code:
      config === undefined
        ? "virtualHost.noRouteConfiguration"
        : virtualHost === undefined
          ? "virtualHost.none"
          : "virtualHost.matched",
    params: { routeConfig: manager.routeConfig, authority: shape.authority, virtualHost: virtualHost?.name ?? "" },
    source: virtualHost?.source,
    considered: [],
  });
  const considered = log === null ? null : [];
  if (virtualHost?.requireTls === "ALL" && !cameByTls(context)) {
    log?.push({ stage: "response", code: "response.requiresTls", params: {}, source: virtualHost.source, considered: [] });
    return replyPlan(context, manager, {}, "", ({ shape: { authority, path } }) => ({
      reply: reply(sim, 301, 0, "direct_response", { headers: { location: `https://${authority}${path}` } }),
    }));
  }
  const payloads = acceptedClaims(manager, shape);
  const route = virtualHost === undefined ? undefined : findRoute(virtualHost, shape, considered, payloads, from);
  if (virtualHost !== undefined) {
    log?.push({
      stage: "route",
      code: route === undefined ? "route.none" : "route.matched",
      params: { route: route?.name ?? "", method: shape.method, path: shape.path },
      source: route?.source,
      considered: considered ?? [],
    });
  }
  const anew = chooseAnew(context, manager, config, virtualHost, route);
  if (anew !== null) return planAdmitted(anew.context, anew.manager, 0);
  if (virtualHost === undefined || route === undefined) {
    const lost = reply(sim, 404, responseFlags.NR, "route_not_found");
    return replyPlan(context, manager, undefined, "", () => ({ reply: lost }));
  }
  const perFilter = overriding(overriding(config?.perFilter, virtualHost.perFilter), route.perFilter);
  const fraction = route.match.fractionPercent ?? 100;
  const draft = routePlan(context, manager, virtualHost, route, perFilter);
  if (fraction >= 100) return draft;
  const otherwise = addPlan(sim, planAdmitted({ ...context, log: null }, manager, virtualHost.routes.indexOf(route) + 1));
  return { ...draft, fractionPercent: fraction, otherwise: otherwise.index };
}

/** To the first proxy on its way, as x-forwarded-proto tells. */
function cameByTls({ shape, peer }: PlanContext): boolean {
  return (shape.headers["x-forwarded-proto"] ?? (shape.scheme === "https" || peer.tls ? "https" : "")) === "https";
}

function routePlan(
  context: PlanContext,
  manager: HttpConnectionManager,
  virtualHost: VirtualHost,
  route: Route,
  perFilter: PerFilterConfig,
): PlanDraft {
  switch (route.action.type) {
    case "redirect": {
      const { action } = route;
      return replyPlan(context, manager, perFilter, route.name, (seen) => ({
        reply: redirectReply(seen, route, action),
        answers: answerRules(seen, manager, virtualHost, route, [undefined], {
          redirected: redirectedRequest(seen.sim.shapes, seen.shape, action, route.match.path),
          ofRouteAlone: true,
        }),
      }));
    }
    case "directResponse": {
      const { status } = route.action;
      return replyPlan(context, manager, perFilter, route.name, (seen) => ({
        reply: directReply(seen, route, status),
        answers: answerRules(seen, manager, virtualHost, route, [undefined], { ofRouteAlone: true }),
      }));
    }
    case "forward":
      return forwardPlan(context, manager, virtualHost, route, route.action, perFilter);
  }
}

function redirectReply({ sim, shape }: PlanContext, route: Route, action: RedirectAction): Reply {
  return reply(sim, action.status, 0, "direct_response", {
    headers: { location: redirectLocation(action, shape, route.match.path) },
  });
}

/** Of 201 and 3xx Envoy says where to as well: to itself. */
function directReply({ sim, shape }: PlanContext, { match }: Route, status: number): Reply {
  const isElsewhere = status === 201 || (status >= 300 && status < 400);
  if (!isElsewhere) return reply(sim, status, 0, "direct_response");
  return reply(sim, status, 0, "direct_response", {
    headers: { location: redirectLocation({ type: "redirect", status }, shape, match.path) },
  });
}

/** @param clusters what each destination adds; one without anything for a fixed answer */
function answerRules(
  context: PlanContext,
  manager: HttpConnectionManager,
  virtualHost: VirtualHost,
  route: Route,
  clusters: readonly (WeightedCluster | undefined)[],
  more: Partial<Pick<AnswerRules, "redirected" | "ofRouteAlone">> = {},
): PlanDraft["answers"] {
  const { headers: ofTable, routeHeadersLast } = routesNamed(context.node, manager.routeConfig) ?? {};
  const countsAttempts = virtualHost.countsTriesInAnswers === true && clusters[0] !== undefined;
  const rules = clusters.map((weighted): AnswerRules | null => {
    const levels = [route.headers, virtualHost.headers, ofTable];
    const ordered = [weighted?.headers, ...(routeHeadersLast ? levels.toReversed() : levels)];
    const changes = ordered.flatMap((one) => one?.response ?? []).filter((one) => Object.keys(one).length > 0);
    const isRewritten = more.redirected !== undefined && more.redirected !== context.shape;
    if (changes.length === 0 && !countsAttempts && !isRewritten && manager.accessLogs === undefined) return null;
    const isThere =
      weighted !== undefined && slotOfCluster(context.node, context.sim.caches, weighted.cluster, context.inbound) >= 0;
    const facts = formatFacts(context, route.name, isThere ? weighted.cluster : "");
    return { changes, countsAttempts, facts, shape: context.shape, ...more };
  });
  return rules.some((one) => one !== null) ? rules : null;
}

/** @param answer by the request as the filters leave it */
function replyPlan(
  context: PlanContext,
  manager: HttpConnectionManager,
  perFilter: PerFilterConfig | undefined,
  routeName: string,
  answer: (seen: PlanContext) => { reply: Reply; answers?: PlanDraft["answers"] },
): PlanDraft {
  const { reply: refusal, filters, shape } = compileFilters(context, manager.httpFilters, perFilter);
  const own = answer(shape === context.shape ? context : { ...context, shape });
  const { status } = refusal ?? own.reply;
  context.log?.push({ stage: "response", code: "response.direct", params: { status }, considered: [] });
  const plan = { ...emptyPlan, routeName, replyFilters: filters };
  return refusal === null ? { ...plan, ...own } : { ...plan, reply: refusal };
}

function forwardPlan(
  context: PlanContext,
  manager: HttpConnectionManager,
  virtualHost: VirtualHost,
  route: Route,
  action: ForwardAction,
  perFilter: PerFilterConfig,
): PlanDraft {
  const { sim, node, shape } = context;
  const clusters = clustersOf(action, shape);
  const config = routesNamed(node, manager.routeConfig);
  const operations = [route.headers, virtualHost.headers, config?.headers];
  let fixed: Reply | null = null;
  let fixedFilters: readonly CompiledFilter[] = [];
  let filtered = shape;
  let wishing: RequestShape | undefined;
  const destinations: Destination[] = clusters.map((weighted) => {
    const place = filterPlace(virtualHost, route, weighted.cluster);
    const judged = compileFilters(context, manager.httpFilters, overriding(perFilter, weighted.perFilter), place);
    // Whom nobody draws refuses nobody.
    if (judged.reply !== null && (clusters.length === 1 || weighted.weight > 0)) {
      const isThere = slotOfCluster(node, sim.caches, weighted.cluster, context.inbound) >= 0;
      fixed = { ...judged.reply, cluster: isThere && isOnlyChoice(clusters, weighted) ? weighted.cluster : "" };
      fixedFilters = judged.filters;
    }
    filtered = judged.shape;
    const slot = slotOfCluster(node, sim.caches, weighted.cluster, context.inbound);
    const subsets = node.slots[slot]?.config.lb.subsets;
    const rewrite = (upstreamHostname: string | undefined) =>
      rewriteRequest(sim.shapes, judged.shape, {
        action,
        suppressesHeaders: manager.router?.suppressesHeaders === true,
        matched: route.match.path,
        clusterOperations: weighted.headers,
        operations: config?.routeHeadersLast ? operations.toReversed() : operations,
        hostRewrite: weighted.hostRewrite,
        upstreamHostname,
        facts: formatFacts(context, route.name, weighted.cluster),
      });
    const sentTo = (upstreamHostname: string | undefined) => {
      const made = rewrite(upstreamHostname);
      return context.isInternal === undefined ? made : withoutWishes(sim.shapes, made);
    };
    if (weighted.weight > 0) wishing ??= rewrite(undefined);
    const names = action.rewrite?.hostFromUpstream ? hostnamesOf(node.slots[slot]?.assignment) : null;
    const [only] = new Set(names?.values()).size === 1 ? (names?.values() ?? []) : [];
    return {
      slot,
      clusterName: weighted.cluster,
      weight: weighted.weight,
      shape: sentTo(only),
      shapeByHost: names === null || only !== undefined ? null : new Map([...names].map(([host, name]) => [host, sentTo(name)])),
      filters: judged.filters,
      notFoundStatus: action.clusterNotFoundStatus || 503,
      wishes: subsets && wishesOf(subsets, action.metadataMatch, weighted.metadataMatch),
      ...clusterLimits(node, slot),
    };
  });
  const answers = answerRules(context, manager, virtualHost, route, clusters);
  if (fixed !== null) return { ...emptyPlan, routeName: route.name, reply: fixed, replyFilters: fixedFilters, answers };
  // Who may not ask for anything was freed of its wishes before; filters may have some of their own.
  const hears = context.isInternal !== undefined;
  const ownTimeoutMs = routeTimeoutMs(filtered, action.timeoutMs, action.grpcTimeout);
  const heedsExpected = manager.router?.heedsExpectedTimeout === true;
  const timeoutMs = hears ? requestedTimeoutMs(filtered, ownTimeoutMs, heedsExpected) : ownTimeoutMs;
  const unreadable = unreadableHeader(filtered, manager.router?.strictHeaders ?? []);
  if (unreadable !== undefined && destinations.every(({ slot }) => slot >= 0))
    return { ...emptyPlan, routeName: route.name, reply: strictReply(sim, unreadable, destinations), answers };
  const policy = retriesOf(hears, filtered, action.retryPolicy ?? virtualHost.retryPolicy, wishing ?? filtered);
  let totalWeight = 0;
  for (const weighted of clusters) totalWeight += weighted.weight;
  const pinnedText = action.pinnedByHeader === undefined ? undefined : headerOf(shape, action.pinnedByHeader);
  const pinned = pinnedText !== undefined && /^\d+$/.test(pinnedText) && totalWeight > 0 ? Number(pinnedText) % totalWeight : -1;
  // A plan of proxies at several addresses leaves the hash to each of them.
  const isHashed = context.remoteIp !== undefined || !action.hashPolicy.some((policy) => policy.type === "sourceIp");
  return {
    ...emptyPlan,
    routeName: route.name,
    destinations,
    totalWeight,
    pinned,
    timeoutMs,
    maxStreamDurationMs: streamLimitMs(
      filtered,
      action.maxStreamDurationMs ?? manager.maxStreamDurationMs ?? 0,
      action.grpcTimeout,
    ),
    streamIdleMs: action.idleTimeoutMs ?? manager.streamIdleTimeoutMs ?? 0,
    retry: policy === undefined ? null : compileRetry(context.sim, policy, timeoutMs),
    timeoutStatus: hears ? requestedTimeoutStatus(filtered) : 504,
    hedge: (hears ? requestedHedge(filtered) : undefined) ?? action.hedgePolicy?.hedgeOnPerTryTimeout === true,
    answers,
    suppressesHeaders: manager.router?.suppressesHeaders === true,
    countsTries: virtualHost.countsTries === true,
    mirrors: compileMirrors(context, action, destinations[0]?.shape ?? filtered),
    priority: action.priority === "high" ? 1 : 0,
    hash: isHashed ? requestHash(action.hashPolicy, filtered, context.remoteIp ?? context.peer.ip) : null,
    action,
  };
}

/** To a request whose wishes cannot be read (strict_check_headers). */
function strictReply(sim: Sim, header: string, destinations: readonly Destination[]): Reply {
  const [only, ...others] = destinations;
  const cluster = others.length === 0 ? (only?.clusterName ?? "") : "";
  return reply(sim, 400, responseFlags.IH, `request_headers_failed_strict_check{${header}}`, { cluster });
}

/** Where a listener judges its clients, their wishes count that are left. */
function retriesOf(
  hears: boolean,
  shape: RequestShape,
  written: RetryPolicy | undefined,
  sent: RequestShape,
): RetryPolicy | undefined {
  if (hears) return requestedRetries(shape, sent, written);
  return permitsRetries(written, sent) ? written : undefined;
}

/** A route that names none, which Envoy would not take, leads nowhere. */
function clustersOf({ clusterHeader, clusters }: ForwardAction, shape: RequestShape): readonly WeightedCluster[] {
  if (clusterHeader !== undefined) return [{ cluster: firstLine(shape, clusterHeader) ?? "", weight: 1 }];
  return clusters.length === 0 ? [{ cluster: "", weight: 1 }] : clusters;
}

function isOnlyChoice(clusters: readonly WeightedCluster[], chosen: WeightedCluster): boolean {
  return clusters.every((one) => one === chosen || one.weight === 0);
}

/** Names of hosts by address; undefined where one has none. */
function hostnamesOf(assignment: ClusterLoadAssignment | undefined): Map<string, string | undefined> | null {
  const endpoints = assignment?.localities.flatMap((one) => one.endpoints) ?? [];
  return endpoints.some(({ hostname }) => hostname !== undefined)
    ? new Map(endpoints.map(({ address, hostname }) => [address, hostname]))
    : null;
}
