/** Route tables that Envoy refuses (route.proto, route_components.proto and the router's own reading of them). */
import type { ForwardAction, PerFilterConfig, RetryPolicy, RouteAction, RouteConfiguration } from "../../model/index.ts";
import { headerReasons, mutationReasons } from "./header-refusals.ts";
import { localLimitReasons, rateLimitReasons } from "./rate-limit-refusals.ts";
import {
  atReading,
  brokenPattern,
  negative,
  notPositive,
  outOfRange,
  type Reason,
  type Refusal,
  refusing,
  repeated,
} from "./refusal.ts";

const longestBody = 4096;

/** @param clusters names that routes may lead to, where the table asks for that */
export function routeRefusals(tables: readonly RouteConfiguration[], clusters: ReadonlySet<string>): Refusal[] {
  return tables.flatMap((table) => tableRefusals(table, clusters));
}

function tableRefusals(table: RouteConfiguration, clusters: ReadonlySet<string>): Refusal[] {
  const hosts = table.virtualHosts;
  const domains = hosts.flatMap((host) => host.domains.map((domain) => domain.toLowerCase()));
  const twice = repeated(domains);
  const refusals: Refusal[] = [];
  if (twice !== undefined) {
    const reason =
      twice === "*"
        ? `Only a single wildcard domain is permitted in route ${table.name}`
        : `Only unique values for domains are permitted. Duplicate entry of domain ${twice} in route ${table.name}`;
    const owner = hosts.findLast((host) => host.domains.some((domain) => domain.toLowerCase() === twice));
    refusals.push({ ...refusing(reason), resource: table.name, source: owner?.source });
  }
  for (const reason of [...headerReasons(table.headers, true), ...filterReasons(table.perFilter)])
    refusals.push({ ...reason, resource: table.name });
  for (const host of hosts) {
    const add = (reasons: readonly Reason[], source = host.source) => {
      for (const reason of reasons) refusals.push({ ...reason, resource: table.name, source });
    };
    if (host.domains.length === 0) add([atReading("VirtualHost.Domains: value must contain at least 1 item(s)")]);
    add([...headerReasons(host.headers), ...filterReasons(host.perFilter), ...retryReasons(host.retryPolicy)]);
    add(rateLimitReasons(host.rateLimits));
    for (const route of host.routes) {
      const broken = brokenPattern(route);
      if (broken !== undefined) add([refusing(broken)], route.source ?? host.source);
      const { path } = route.match;
      if (path.type === "pathSeparatedPrefix" && !separatedPrefix.test(path.value))
        add(
          [atReading(`RouteMatch.PathSeparatedPrefix: ${path.value} begins a query or ends with a slash`)],
          route.source ?? host.source,
        );
      if (route.match.isPathless) add([atReading("RouteMatch.PathSpecifier: value is required")], route.source ?? host.source);
      const own = [...headerReasons(route.headers), ...filterReasons(route.perFilter), ...actionReasons(route.action, table)];
      const unknown = table.validatesClusters === true ? unknownClusters(route.action, clusters) : [];
      add([...own, ...unknown], route.source ?? host.source);
    }
  }
  return refusals;
}

const separatedPrefix = /^[^?#]+[^?#/]$/;

function actionReasons(action: RouteAction, { maxDirectResponseBodyBytes = longestBody }: RouteConfiguration): Reason[] {
  if (action.type === "directResponse") {
    const bytes = bytesOf(action.body ?? "");
    return [
      ...outOfRange("direct_response.status", action.status, { min: 200, max: 599 }),
      ...(bytes > maxDirectResponseBodyBytes
        ? [refusing(`response body size is ${bytes} bytes; maximum is ${maxDirectResponseBodyBytes}`)]
        : []),
    ];
  }
  return action.type === "forward" ? forwardReasons(action) : [];
}

/** In UTF-8. */
function bytesOf(text: string): number {
  let bytes = 0;
  for (const character of text) {
    const code = character.codePointAt(0) as number;
    bytes += code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;
  }
  return bytes;
}

function forwardReasons(action: ForwardAction): Reason[] {
  const { clusters, weighted, timeoutMs, idleTimeoutMs, maxStreamDurationMs, rewrite } = action;
  const isWeighted = weighted === true || clusters.length > 1;
  const total = clusters.reduce((sum, { weight }) => sum + weight, 0);
  const hosts = [rewrite?.host, rewrite?.hostFromHeader, rewrite?.hostFromPath, rewrite?.hostFromUpstream || undefined];
  return [
    ...(isWeighted && total === 0 ? [refusing("Sum of weights in the weighted_cluster must be greater than 0.")] : []),
    ...clusters.flatMap(({ headers, perFilter }) => [...headerReasons(headers, true), ...filterReasons(perFilter)]),
    ...negative("timeout", timeoutMs),
    ...negative("idle_timeout", idleTimeoutMs),
    ...negative("max_stream_duration", maxStreamDurationMs),
    ...retryReasons(action.retryPolicy),
    ...rateLimitReasons(action.rateLimits),
    ...(repeated(action.internalRedirect?.headersToCopy ?? []) === undefined
      ? []
      : [atReading("InternalRedirectPolicy.ResponseHeadersToCopy: repeated value must contain unique items")]),
    ...outOfRange("hedge_policy.initial_requests", action.hedgePolicy?.initialRequests, { min: 1 }),
    ...(rewrite?.prefix !== undefined && rewrite.regex !== undefined
      ? [refusing("only one of prefix_rewrite or regex_rewrite can be specified")]
      : []),
    ...(hosts.filter((one) => one !== undefined).length > 1
      ? [refusing("only one of the host_rewrite_specifier may be set")]
      : []),
  ];
}

export function retryReasons(policy: RetryPolicy | undefined): Reason[] {
  if (policy === undefined) return [];
  const { baseIntervalMs, maxIntervalMs } = policy.backOff;
  const limited = policy.rateLimitedBackOff;
  return [
    ...negative("per_try_timeout", policy.perTryTimeoutMs),
    ...notPositive("retry_back_off.base_interval", baseIntervalMs),
    ...notPositive("retry_back_off.max_interval", maxIntervalMs),
    ...(maxIntervalMs < baseIntervalMs
      ? [refusing("retry_policy.max_interval must greater than or equal to the base_interval")]
      : []),
    ...(limited !== undefined && limited.resetHeaders.length === 0
      ? [atReading("RateLimitedRetryBackOff.ResetHeaders: value must contain at least 1 item(s)")]
      : []),
    ...notPositive("rate_limited_retry_back_off.max_interval", limited?.maxIntervalMs),
  ];
}

/** Of a typed_config, and so asked when the table is made. */
function unsaid(filter: string): Reason {
  return refusing(`Empty route/virtual host per filter configuration for ${filter} filter`);
}

function filterReasons(perFilter: PerFilterConfig | undefined): Reason[] {
  const jwt = perFilter?.jwtAuthn;
  return [
    ...(perFilter?.headerMutations ?? []).flatMap(mutationReasons),
    ...Object.entries(perFilter?.byKey ?? {}).flatMap(([name, one]) => (one.isUnsaid ? [unsaid(name)] : filterReasons(one))),
    ...(perFilter?.localRateLimit === undefined ? [] : localLimitReasons(perFilter.localRateLimit, true)),
    ...(jwt !== undefined && "requirement" in jwt && jwt.requirement === ""
      ? [refusing("PerRouteConfig.RequirementSpecifier: value is required")]
      : []),
    ...notPositive("fault.delay.fixed_delay", perFilter?.fault?.delay?.byHeader ? undefined : perFilter?.fault?.delay?.fixedMs),
    ...outOfRange("fault.abort.http_status", perFilter?.fault?.abort?.httpStatus, { min: 200, max: 599 }),
  ].map(({ reason }) => refusing(reason));
}

function unknownClusters(action: RouteAction, clusters: ReadonlySet<string>): Reason[] {
  if (action.type !== "forward" || action.clusterHeader !== undefined || action.leadsNowhere === true) return [];
  const kind = action.weighted === true ? "weighted cluster" : "cluster";
  return [
    ...action.clusters.flatMap(({ cluster }) => (clusters.has(cluster) ? [] : [refusing(`route: unknown ${kind} '${cluster}'`)])),
    ...action.mirrors.flatMap(({ cluster }) =>
      clusters.has(cluster) ? [] : [refusing(`route: unknown shadow cluster '${cluster}'`)],
    ),
  ];
}
