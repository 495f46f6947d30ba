/** Listeners that Envoy refuses (listener.proto, http_connection_manager.proto and the filters' own configurations). */
import type {
  FilterChain,
  HttpConnectionManager,
  HttpFilterConfig,
  Listener,
  RbacConfig,
  RbacRule,
  TcpProxy,
} from "../../model/index.ts";
import { isIpAddress } from "../../proxy/matching/ip-address.ts";
import { changeReasons, mutationReasons } from "./header-refusals.ts";
import { jwtReasons } from "./jwt-refusals.ts";
import { bucketReasons, localLimitReasons, rateLimitReasons, stageReasons } from "./rate-limit-refusals.ts";
import { brokenPattern, notPositive, outOfRange, type Reason, type Refusal, refusing, repeated } from "./refusal.ts";

export function listenerRefusals(listeners: readonly Listener[]): Refusal[] {
  return listeners.flatMap(({ name, address, filterChains, source }) => {
    if (!isIpAddress(address)) return [{ ...refusing(`malformed IP address: ${address}`), resource: name, source }];
    const twice = repeated(filterChains.map(({ match }) => JSON.stringify(match)));
    // All of it stands inside of a typed_config, and is asked when the listener is made.
    const chains = filterChains.flatMap((chain) =>
      chainReasons(chain).map(({ reason }) => ({ ...refusing(reason), resource: name, source: chain.source ?? source })),
    );
    if (twice === undefined) return chains;
    const reason = `error adding listener '${name}': multiple filter chains with the same matching rules are defined`;
    return [{ ...refusing(reason), resource: name, source }, ...chains];
  });
}

function chainReasons({ terminal, networkRbac, networkRateLimits = [] }: FilterChain): Reason[] {
  const filters = [networkRbac, terminal.type === "http" ? terminal.httpFilters : []];
  const broken = brokenPattern(filters);
  const regex = [
    ...(broken === undefined ? [] : [refusing(broken)]),
    ...cidrsOf(filters).flatMap(brokenCidr),
    ...(networkRbac.some(asksHeaders) ? [refusing("Found header rule, not supported by RBAC network filter")] : []),
  ];
  if (terminal.type === "http") return [...regex, ...managerReasons(terminal), ...terminal.httpFilters.flatMap(filterReasons)];
  const limits = networkRateLimits.flatMap(({ tokenBucket }) => bucketReasons(tokenBucket));
  return [...regex, ...limits, ...sessionReasons(terminal)];
}

/** A connection has none. */
function asksHeaders({ policies }: RbacConfig): boolean {
  const asks = (rule: RbacRule): boolean =>
    rule.type === "and" || rule.type === "or"
      ? rule.rules.some(asks)
      : rule.type === "header" || (rule.type === "not" && asks(rule.rule));
  return policies.some(({ permission, principal }) => asks(permission) || asks(principal));
}

function sessionReasons({ clusters, maxConnectAttempts, idleTimeoutMs = 0, maxDurationMs }: TcpProxy): Reason[] {
  const total = clusters.reduce((sum, { weight }) => sum + weight, 0);
  return [
    ...(total === 0 ? [refusing("tcp_proxy: the weights of weighted_clusters must be greater than 0")] : []),
    ...outOfRange("tcp_proxy.max_connect_attempts", maxConnectAttempts, { min: 1 }),
    ...outOfRange("tcp_proxy.max_downstream_connection_duration, in ms", maxDurationMs, { min: 1 }),
    ...(idleTimeoutMs < 0 ? [refusing(`Invalid duration: Expected positive duration: ${idleTimeoutMs / 1000}s`)] : []),
  ];
}

function managerReasons(manager: HttpConnectionManager): Reason[] {
  const { client, normalization, streamIdleTimeoutMs, requestTimeoutMs, localReplies = [] } = manager;
  const extensions = client?.hasExtensions === true;
  const stripsBoth = normalization?.stripsMatchingPort === true && normalization.stripsAnyPort === true;
  return [
    ...(stripsBoth ? [refusing("Only one of `strip_matching_host_port` or `strip_any_host_port` can be set.")] : []),
    ...(extensions && client.useRemoteAddress
      ? [refusing("Original IP detection extensions and use_remote_address may not be mixed")]
      : []),
    ...(extensions && client.trustedHops > 0
      ? [refusing("Original IP detection extensions and xff_num_trusted_hops may not be mixed")]
      : []),
    ...localReplies.flatMap(({ headers }) => (headers === undefined ? [] : changeReasons(headers))),
    ...(client?.internalAddresses ?? []).flatMap(brokenCidr),
    ...(client?.detection ?? []).flatMap((one) => (one.type === "xff" ? one.trustedCidrs.flatMap(brokenCidr) : [])),
    ...[streamIdleTimeoutMs, requestTimeoutMs].flatMap((ms) =>
      ms !== undefined && ms < 0 ? [refusing(`Invalid duration: Expected positive duration: ${ms / 1000}s`)] : [],
    ),
  ];
}

/** Those of rules of RBAC, wherever they stand. */
function cidrsOf(value: unknown): string[] {
  if (value === null || typeof value !== "object") return [];
  return Object.entries(value).flatMap(([name, one]) => (name === "cidr" && typeof one === "string" ? [one] : cidrsOf(one)));
}

function brokenCidr(cidr: string): Reason[] {
  const [address = ""] = cidr.split("/");
  return isIpAddress(address) ? [] : [refusing(`invalid ip/mask combo '${cidr}' (format is <ip>/<# mask bits>)`)];
}

function filterReasons(filter: HttpFilterConfig): Reason[] {
  switch (filter.name) {
    case "localRateLimit":
      return localLimitReasons(filter.config, false);
    case "fault": {
      const { delay, abort } = filter.config;
      return [
        ...notPositive("fault.delay.fixed_delay", delay?.byHeader ? undefined : delay?.fixedMs),
        ...outOfRange("fault.abort.http_status", abort?.httpStatus, { min: 200, max: 599 }),
      ];
    }
    case "rateLimit": {
      const { domain, requestType, isUnsaid, rateLimits, stage } = filter.config;
      return [
        ...(domain === "" ? [refusing("RateLimit.Domain: value length must be at least 1 characters")] : []),
        ...(isKindOfRequest(requestType)
          ? []
          : [refusing("RateLimit.RequestType: value must be in list [internal external both ]")]),
        ...(isUnsaid === true ? [refusing("RateLimit.RateLimitService: value is required")] : []),
        ...rateLimitReasons(rateLimits),
        ...stageReasons(stage),
      ];
    }
    case "headerMutation":
      return mutationReasons(filter.config);
    case "jwtAuthn":
      return jwtReasons(filter.config).map(refusing);
    default:
      return [];
  }
}

function isKindOfRequest(written = "both"): boolean {
  return ["internal", "external", "both", ""].includes(written);
}
