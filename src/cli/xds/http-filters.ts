/** HTTP filters as extensions with their type URLs. The router closes every chain. */
import type { FaultConfig, HttpFilterConfig, LocalRateLimitConfig, RbacConfig, RbacRule } from "#engine";
import { compact, duration, headerMatcher, type Json, stringMatcher } from "./matchers.ts";

const typeOf = (name: string): string => `type.googleapis.com/envoy.extensions.filters.http.${name}`;

export function httpFilters(filters: readonly HttpFilterConfig[]): Json[] {
  const router = { name: "envoy.filters.http.router", typed_config: { "@type": typeOf("router.v3.Router") } };
  return [...filters.map(httpFilter), router];
}

function httpFilter(filter: HttpFilterConfig): Json {
  switch (filter.name) {
    case "fault":
      return { name: "envoy.filters.http.fault", typed_config: typedFault(filter.config) };
    case "rbac":
      return { name: "envoy.filters.http.rbac", typed_config: { "@type": typeOf("rbac.v3.RBAC"), ...rbac(filter.config) } };
    case "cors":
      return { name: "envoy.filters.http.cors", typed_config: { "@type": typeOf("cors.v3.Cors") } };
    case "localRateLimit":
      return { name: "envoy.filters.http.local_ratelimit", typed_config: localRateLimit(filter.config) };
    case "rateLimit": {
      const { domain, cluster, timeoutMs, failureModeDeny } = filter.config;
      const service = { grpc_service: { envoy_grpc: { cluster_name: cluster } }, transport_api_version: "V3" };
      const config = { domain, timeout: duration(timeoutMs), failure_mode_deny: failureModeDeny, rate_limit_service: service };
      return { name: "envoy.filters.http.ratelimit", typed_config: { "@type": typeOf("ratelimit.v3.RateLimit"), ...config } };
    }
    case "extAuthz": {
      const { cluster, timeoutMs, failureModeAllow, statusOnError } = filter.config;
      const service = { envoy_grpc: { cluster_name: cluster }, timeout: duration(timeoutMs) };
      const config = { grpc_service: service, failure_mode_allow: failureModeAllow, status_on_error: { code: statusOnError } };
      return { name: "envoy.filters.http.ext_authz", typed_config: { "@type": typeOf("ext_authz.v3.ExtAuthz"), ...config } };
    }
    case "jwtAuthn":
      return {
        name: "envoy.filters.http.jwt_authn",
        typed_config: {
          "@type": typeOf("jwt_authn.v3.JwtAuthentication"),
          providers: Object.fromEntries(
            filter.config.rules.map((rule, index) => [
              `origins-${index}`,
              compact({
                issuer: rule.issuer,
                audiences: rule.audiences,
                from_headers: rule.fromHeaders?.map(({ name, prefix }) => compact({ name, value_prefix: prefix })),
                from_params: rule.fromParams,
                from_cookies: rule.fromCookies,
              }),
            ]),
          ),
        },
      };
  }
}

export function typedFault(fault: FaultConfig): Json {
  const percentage = (percent: number): Json => ({ numerator: Math.round(percent * 10_000), denominator: "MILLION" });
  const { delay, abort } = fault;
  return compact({
    "@type": typeOf("fault.v3.HTTPFault"),
    delay: delay && { fixed_delay: duration(delay.fixedMs), percentage: percentage(delay.percent) },
    abort:
      abort && compact({ http_status: abort.httpStatus, grpc_status: abort.grpcStatus, percentage: percentage(abort.percent) }),
    headers: fault.headers?.map(headerMatcher),
    max_active_faults: fault.maxActiveFaults,
  });
}

export function localRateLimit(config: LocalRateLimitConfig): Json {
  const enabled = (percent: number): Json => ({ default_value: { numerator: percent, denominator: "HUNDRED" } });
  const { tokenBucket } = config;
  return compact({
    "@type": typeOf("local_ratelimit.v3.LocalRateLimit"),
    stat_prefix: "http_local_rate_limiter",
    token_bucket: tokenBucket && {
      max_tokens: tokenBucket.maxTokens,
      tokens_per_fill: tokenBucket.tokensPerFill,
      fill_interval: duration(tokenBucket.fillIntervalMs),
    },
    filter_enabled: enabled(config.enabledPercent),
    filter_enforced: enabled(config.enforcedPercent),
    status: config.status === 429 ? undefined : { code: config.status },
  });
}

/** Rules of the HTTP filter and of its network twin. */
export function rbac(config: RbacConfig): Json {
  const rules = {
    action: config.action,
    policies: Object.fromEntries(
      config.policies.map((policy) => [
        policy.name,
        { permissions: [rule(policy.permission)], principals: [rule(policy.principal, true)] },
      ]),
    ),
  };
  return config.shadow ? { shadow_rules: rules } : { rules };
}

function rule(one: RbacRule, ofPrincipal = false): Json {
  const set = (rules: readonly RbacRule[]): Json =>
    ofPrincipal ? { ids: rules.map((each) => rule(each, true)) } : { rules: rules.map((each) => rule(each)) };
  switch (one.type) {
    case "any":
      return { any: true };
    case "and":
      return ofPrincipal ? { and_ids: set(one.rules) } : { and_rules: set(one.rules) };
    case "or":
      return ofPrincipal ? { or_ids: set(one.rules) } : { or_rules: set(one.rules) };
    case "not":
      return ofPrincipal ? { not_id: rule(one.rule, true) } : { not_rule: rule(one.rule) };
    case "header":
      return { header: headerMatcher(one.header) };
    case "path":
      return { url_path: { path: stringMatcher(one.value) } };
    case "uriTemplate":
      return {
        uri_template: {
          name: "uri-template",
          typed_config: {
            "@type": "type.googleapis.com/envoy.extensions.path.match.uri_template.v3.UriTemplateMatchConfig",
            path_template: one.template,
          },
        },
      };
    case "destinationPort":
      return { destination_port: one.port };
    case "destinationIp":
      return { destination_ip: cidr(one.cidr) };
    case "directRemoteIp":
      return { direct_remote_ip: cidr(one.cidr) };
    case "remoteIp":
      return { remote_ip: cidr(one.cidr) };
    case "sni":
      return { requested_server_name: stringMatcher(one.value) };
    case "authenticated":
      return { authenticated: { principal_name: spiffe(stringMatcher(one.principal)) } };
    case "jwtClaim": {
      const value = { string_match: stringMatcher(one.value) };
      const path = ["payload", ...one.claim].map((key) => ({ key }));
      const matched = one.list ? { or_match: { value_matchers: [value, { list_match: { one_of: value } }] } } : value;
      return { metadata: { filter: "envoy.filters.http.jwt_authn", path, value: matched } };
    }
    case "unknown":
      return { not_rule: { any: true } };
  }
}

/** The model keeps identities without the scheme; Envoy sees the whole SAN. */
function spiffe(matcher: Json): Json {
  for (const kind of ["exact", "prefix"]) {
    if (typeof matcher[kind] === "string") return { ...matcher, [kind]: `spiffe://${matcher[kind]}` };
  }
  return matcher;
}

function cidr(text: string): Json {
  const [address, length] = text.split("/");
  return compact({ address_prefix: address, prefix_len: length === undefined ? undefined : Number(length) });
}
