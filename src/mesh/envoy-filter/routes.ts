/** Patches of route tables (core/envoyfilter/rc_patch.go of istiod). */
import type { ForwardAction, RetryPolicy, Route, RouteConfiguration, VirtualHost } from "#engine";
import { readPerFilter } from "../envoy/envoy-filter.ts";
import { readHeaderOperations } from "../envoy/envoy-header-operations.ts";
import { readRateLimits } from "../envoy/envoy-rate-limits.ts";
import { readForward, readRoute, readVirtualHost } from "../envoy/envoy-route.ts";
import { at, type Field, flag } from "../translation/field.ts";
import { hasRouteMatch, matchesHost, matchesRoute, matchesTable } from "./match.ts";
import { mergedHeaders, mergedPerFilter } from "./merge.ts";
import type { Context, Patch } from "./patch.ts";

/** @param patches of VIRTUAL_HOST and HTTP_ROUTE, for this context */
export function patchTable(
  patches: readonly Patch[],
  context: Context,
  table: RouteConfiguration,
  servicePorts: readonly number[],
): RouteConfiguration {
  const fitting = patches.filter((patch) => matchesTable(patch, context, table, servicePorts));
  if (fitting.length === 0) return table;
  const ofHosts = fitting.filter(({ applyTo }) => applyTo === "VIRTUAL_HOST");
  const ofRoutes = fitting.filter(({ applyTo }) => applyTo === "HTTP_ROUTE");
  const changed = table.virtualHosts.flatMap((host) => {
    const patched = patchHost(ofHosts, host);
    return patched === undefined ? [] : [patchRoutes(ofRoutes, patched)];
  });
  const added = ofHosts
    .filter(({ operation }) => operation === "ADD")
    .map(({ value }) => readVirtualHost(value, inheritsNothing));
  return { ...table, virtualHosts: [...changed, ...added] };
}

const inheritsNothing = { mirrors: [], hedge: undefined };

/** @returns undefined where it was removed */
function patchHost(patches: readonly Patch[], host: VirtualHost): VirtualHost | undefined {
  let patched = host;
  for (const patch of patches) {
    if (!matchesHost(patch, patched)) continue;
    if (patch.operation === "REMOVE") return undefined;
    if (patch.operation === "MERGE") patched = mergedHost(patched, patch.value);
    else if (patch.operation === "REPLACE") patched = readVirtualHost(patch.value, inheritsNothing);
  }
  return patched;
}

function mergedHost(host: VirtualHost, value: Field): VirtualHost {
  const written = readVirtualHost(value, inheritsNothing);
  const { retryPolicy, perFilter, headers, rateLimits, requireTls, countsTries, countsTriesInAnswers } = written;
  return {
    ...host,
    domains: [...host.domains, ...written.domains],
    routes: [...host.routes, ...written.routes],
    ...(retryPolicy ? { retryPolicy } : {}),
    ...(perFilter ? { perFilter: mergedPerFilter(host.perFilter, perFilter) } : {}),
    ...(headers ? { headers: mergedHeaders(host.headers, headers) } : {}),
    ...(rateLimits ? { rateLimits: [...(host.rateLimits ?? []), ...rateLimits] } : {}),
    ...(requireTls ? { requireTls } : {}),
    ...(countsTries ? { countsTries } : {}),
    ...(countsTriesInAnswers ? { countsTriesInAnswers } : {}),
  };
}

function patchRoutes(patches: readonly Patch[], host: VirtualHost): VirtualHost {
  const fitting = patches.filter((patch) => matchesHost(patch, host));
  if (fitting.length === 0) return host;
  let routes = host.routes.flatMap((route) => patchRoute(fitting, route));
  for (const patch of fitting) routes = placedRoute(patch, routes);
  return { ...host, routes };
}

function patchRoute(patches: readonly Patch[], route: Route): Route[] {
  let patched = route;
  for (const patch of patches) {
    if (!matchesRoute(patch, patched)) continue;
    if (patch.operation === "REMOVE") return [];
    if (patch.operation === "MERGE") patched = mergedRoute(patched, patch.value);
  }
  return [patched];
}

function placedRoute(patch: Patch, routes: readonly Route[]): Route[] {
  if (!["ADD", "INSERT_BEFORE", "INSERT_AFTER", "INSERT_FIRST"].includes(patch.operation)) return [...routes];
  const route = readRoute(patch.value, inheritsNothing);
  if (route === undefined) return [...routes];
  const found = routes.findIndex((one) => matchesRoute(patch, one));
  if (patch.operation === "ADD") return [...routes, route];
  if (!hasRouteMatch(patch)) return patch.operation === "INSERT_AFTER" ? [...routes, route] : [route, ...routes];
  if (found < 0) return [...routes];
  if (patch.operation === "INSERT_FIRST") return [route, ...routes];
  return routes.toSpliced(patch.operation === "INSERT_AFTER" ? found + 1 : found, 0, route);
}

function mergedRoute(route: Route, value: Field): Route {
  const headers = readHeaderOperations(value);
  const perFilter = readPerFilter(value);
  const own = at(value, "route");
  return {
    ...route,
    ...(headers ? { headers: mergedHeaders(route.headers, headers) } : {}),
    ...(perFilter ? { perFilter: mergedPerFilter(route.perFilter, perFilter) } : {}),
    ...(own && route.action.type === "forward" ? { action: mergedForward(route.action, own) } : {}),
  };
}

/** Fields of a RouteAction that take the place of those there were. */
const replacing = [
  ["idle_timeout", "idleTimeoutMs"],
  ["max_stream_duration", "maxStreamDurationMs"],
  ["max_stream_duration", "grpcTimeout"],
  ["max_grpc_timeout", "grpcTimeout"],
  ["hedge_policy", "hedgePolicy"],
  ["internal_redirect_policy", "internalRedirect"],
  ["metadata_match", "metadataMatch"],
  ["priority", "priority"],
  ["cluster_not_found_response_code", "clusterNotFoundStatus"],
  ["cluster_header", "clusterHeader"],
  ["cors", "cors"],
] as const satisfies readonly (readonly [string, keyof ForwardAction])[];

function mergedForward(action: ForwardAction, value: Field): ForwardAction {
  const written = readForward(value, inheritsNothing);
  const replaced = replacing.filter(([field, key]) => at(value, field) !== undefined && written[key] !== undefined);
  const limits = readRateLimits(value);
  const retries = at(value, "retry_policy");
  return {
    ...action,
    ...Object.fromEntries(replaced.map(([, key]) => [key, written[key]])),
    // A route with a stream's duration has no timeout.
    ...(at(value, "timeout") || at(value, "max_stream_duration") ? { timeoutMs: written.timeoutMs } : {}),
    ...(written.rewrite ? { rewrite: { ...action.rewrite, ...written.rewrite } } : {}),
    ...(written.clusters.length > 0 ? { clusters: written.clusters } : {}),
    mirrors: [...action.mirrors, ...written.mirrors],
    hashPolicy: [...action.hashPolicy, ...written.hashPolicy],
    ...(limits ? { rateLimits: [...(action.rateLimits ?? []), ...limits] } : {}),
    ...(flag(value, "include_vh_rate_limits") ? { includesHostRateLimits: true as const } : {}),
    ...(retries && written.retryPolicy ? { retryPolicy: mergedRetries(action.retryPolicy, written.retryPolicy, retries) } : {}),
  };
}

const retryFields = [
  ["retry_on", "retryOn"],
  ["num_retries", "numRetries"],
  ["per_try_timeout", "perTryTimeoutMs"],
  ["per_try_idle_timeout", "perTryIdleTimeoutMs"],
  ["retry_back_off", "backOff"],
  ["rate_limited_retry_back_off", "rateLimitedBackOff"],
  ["host_selection_retry_max_attempts", "hostSelectionRetryMaxAttempts"],
  ["retriable_headers", "retriableHeaders"],
  ["retriable_request_headers", "retriableRequestHeaders"],
] as const satisfies readonly (readonly [string, keyof RetryPolicy])[];

function mergedRetries(base: RetryPolicy | undefined, written: RetryPolicy, value: Field): RetryPolicy {
  if (base === undefined) return written;
  const replaced = retryFields.filter(([field]) => at(value, field) !== undefined);
  return {
    ...base,
    ...Object.fromEntries(replaced.map(([, key]) => [key, written[key]])),
    retriableStatusCodes: [...base.retriableStatusCodes, ...written.retriableStatusCodes],
    avoidPreviousHosts: base.avoidPreviousHosts || written.avoidPreviousHosts,
    ...(written.source ? { source: written.source } : {}),
  };
}

/** Reads all that a patch may bring, so that what is left is known. */
export function readWhole({ applyTo, operation, value }: Patch): void {
  if (operation === "REMOVE") return;
  if (applyTo === "VIRTUAL_HOST") readVirtualHost(value, inheritsNothing);
  else if (operation !== "MERGE") readRoute(value, inheritsNothing);
  else {
    const own = at(value, "route");
    if (own) readForward(own, inheritsNothing);
    readHeaderOperations(value);
    readPerFilter(value);
  }
}
