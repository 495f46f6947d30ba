/** HTTP filters of a bootstrap, as a listener lists them and as routes override them. */
import type {
  FaultConfig,
  HttpFilterConfig,
  LocalRateLimitConfig,
  PerFilterConfig,
  RateLimitConfig,
  RateLimitPerRoute,
} from "#engine";
import { at, durationMs, entries, type Field, flag, number, sourceOf, text, texts } from "../translation/field.ts";
import { readCors } from "./envoy-cors.ts";
import { readCsrf } from "./envoy-csrf.ts";
import { readHeaderMutation, readHeaderMutations } from "./envoy-header-mutation.ts";
import { readHeaderOperations } from "./envoy-header-operations.ts";
import { readHealthFilter } from "./envoy-health-filter.ts";
import { readJwtAuthn, readJwtPerRoute } from "./envoy-jwt-authn.ts";
import { readHeaderMatchers, readPercent } from "./envoy-matcher.ts";
import { readLocalDescriptors, readRateLimitSource, readTokenBucket } from "./envoy-rate-limits.ts";
import { admitsAll, readRbac } from "./envoy-rbac.ts";
import { statusCode } from "./status-code.ts";
import { typedConfig } from "./typed-config.ts";

/** @returns [] for the router (implied) and for filters the engine does not know. */
export function readHttpFilter(field: Field): HttpFilterConfig[] {
  const isOff = flag(field, "disabled") === true;
  const key = text(field, "name") ?? "";
  return readKnownFilter(field).map((filter) => ({ ...filter, key, ...(isOff ? { isOff } : {}) }));
}

function readKnownFilter(field: Field): HttpFilterConfig[] {
  const written = typedConfig(at(field, "typed_config") ?? field);
  const { config } = written;
  const type = written.type || (text(field, "name") ?? "");
  if (type.includes("HTTPFault")) return [{ name: "fault", config: readFault(config) }];
  if (type.includes("LocalRateLimit")) return [{ name: "localRateLimit", config: readLocalRateLimit(config) }];
  if (type.includes("rbac")) {
    const written = readRbac(config);
    // Without rules it lets everything pass, but routes may still have some of their own.
    return (written.length > 0 ? written : [admitsAll]).map((rbac) => ({ name: "rbac", config: rbac }));
  }
  if (/\.Cors$|filters\.http\.cors/.test(type)) return [{ name: "cors", config: {} }];
  if (/csrf/i.test(type)) return [{ name: "csrf", config: readCsrf(config) }];
  if (/header_mutation/.test(type)) return [{ name: "headerMutation", config: readHeaderMutation(config) }];
  if (/health_check/.test(type)) return [{ name: "healthCheck", config: readHealthFilter(config) }];
  if (isJwtAuthn.test(type)) return [{ name: "jwtAuthn", config: readJwtAuthn(config) }];
  if (type.includes("ExtAuthz")) {
    // Where the service is called is said by its cluster.
    text(config, "http_service", "server_uri", "uri");
    return [
      {
        name: "extAuthz",
        config: {
          cluster:
            text(config, "grpc_service", "envoy_grpc", "cluster_name") ??
            text(config, "http_service", "server_uri", "cluster") ??
            "",
          ...readAuthority(config, "grpc_service"),
          timeoutMs:
            durationMs(config, "grpc_service", "timeout") ?? durationMs(config, "http_service", "server_uri", "timeout") ?? 200,
          ...(at(config, "http_service") ? { pathPrefix: text(config, "http_service", "path_prefix") ?? "" } : {}),
          failureModeAllow: flag(config, "failure_mode_allow") ?? false,
          statusOnError: statusCode(config, "status_on_error", "code") ?? 403,
          source: sourceOf(field),
        },
      },
    ];
  }
  if (type.includes("ratelimit.v3.RateLimit")) {
    const requestType = text(config, "request_type");
    const denies = flag(config, "failure_mode_deny") === true ? 100 : 0;
    const failureDenyPercent = readPercent(at(config, "failure_mode_deny_percent", "default_value")) ?? denies;
    return [
      {
        name: "rateLimit",
        config: {
          domain: text(config, "domain") ?? "",
          cluster: text(config, "rate_limit_service", "grpc_service", "envoy_grpc", "cluster_name") ?? "",
          ...readAuthority(config, "rate_limit_service", "grpc_service"),
          timeoutMs: durationMs(config, "timeout") ?? 20,
          failureDenyPercent,
          ...readServicePercents(config),
          ...readServiceStatuses(config),
          ...(at(config, "rate_limit_service") ? {} : { isUnsaid: true as const }),
          ...(requestType ? { requestType } : {}),
          asksByDescriptor: true,
          ...readRateLimitSource(config),
          ...resourceExhausted(config),
          ...readRefusalHeaders(config),
          source: sourceOf(field),
        },
      },
    ];
  }
  return [];
}

/** As whom a service is asked over gRPC. @param service where it is named */
function readAuthority(config: Field, ...service: string[]): { authority?: string } {
  const authority = text(config, ...service, "envoy_grpc", "authority");
  return authority ? { authority } : {};
}

export function isKnownFilter(field: Field): boolean {
  const name = text(field, "name") ?? "";
  const written = at(field, "typed_config");
  const type = written ? typedConfig(written).type : "";
  if (/grpc_stats/.test(`${name} ${type}`)) {
    // It counts, and changes nothing: all of it counts as read.
    JSON.stringify(field.value);
    return true;
  }
  return /router|fault|jwt_authn|local_ratelimit|rbac|cors|ext_authz|ratelimit|csrf|header_mutation|health_check/i.test(
    `${name} ${type}`,
  );
}

const isJwtAuthn = /jwt_authn/;

type FilterName = HttpFilterConfig["name"];

/** By the type of the override. */
const overrideKinds: readonly (readonly [RegExp, FilterName])[] = [
  [/HTTPFault/, "fault"],
  [/LocalRateLimit/, "localRateLimit"],
  [/CorsPolicy/, "cors"],
  [/CsrfPolicy/, "csrf"],
  [/HeaderMutationPerRoute/, "headerMutation"],
  [/RBAC/, "rbac"],
  [isJwtAuthn, "jwtAuthn"],
  [/ExtAuthz/, "extAuthz"],
  [/RateLimit/, "rateLimit"],
];

/** typed_per_filter_config: what a route, virtual host or weighted cluster says of the listener's filters, by their names. */
export function readPerFilter(field: Field): PerFilterConfig | undefined {
  const byKey: Record<string, PerFilterConfig> = {};
  for (const [key, override] of entries(field, "typed_per_filter_config")) {
    const wrapper = text(override, "@type") ?? "";
    const isWrapped = wrapper.endsWith("FilterConfig");
    const own = isWrapped ? at(override, "config") : override;
    const { type = "", config } = own ? typedConfig(own) : {};
    const kind = overrideKinds.find(([pattern]) => pattern.test(type))?.[1];
    const isOff = isWrapped && flag(override, "disabled") === true;
    const isUnsaid = isWrapped && !isOff && config === undefined;
    byKey[key] = {
      isOff,
      ...(isUnsaid ? { isUnsaid } : {}),
      ...(config === undefined || kind === undefined ? {} : readOverride(kind, config)),
    };
  }
  return Object.keys(byKey).length === 0 ? undefined : { byKey };
}

function readOverride(kind: FilterName, config: Field): PerFilterConfig {
  switch (kind) {
    case "fault":
      return { fault: readFault(config) };
    case "localRateLimit":
      return { localRateLimit: readLocalRateLimit(config) };
    case "cors":
      return { cors: readCors(config) };
    case "csrf":
      return { csrf: readCsrf(config) };
    case "headerMutation":
      return { headerMutations: [readHeaderMutations(config)] };
    case "healthCheck":
      return {};
    case "jwtAuthn":
      return { jwtAuthn: readJwtPerRoute(config) };
    case "rbac": {
      const own = at(config, "rbac");
      // Without rules the filter is off.
      return own === undefined ? { isOff: true } : { rbac: readRbac(own) };
    }
    case "rateLimit":
      return { rateLimit: readRateLimitPerRoute(config) };
    case "extAuthz":
      return flag(config, "disabled") ? { isOff: true } : {};
  }
}

function readFault(field: Field): FaultConfig {
  const delay = at(field, "delay");
  const abort = at(field, "abort");
  const fixedMs = durationMs(delay, "fixed_delay");
  const httpStatus = number(abort, "http_status");
  const grpcStatus = number(abort, "grpc_status");
  const headers = readHeaderMatchers(field, "headers");
  const maxActiveFaults = number(field, "max_active_faults");
  const downstreamNodes = texts(field, "downstream_nodes");
  const upstreamCluster = text(field, "upstream_cluster");
  const delayByHeader = at(delay, "header_delay") !== undefined;
  const abortByHeader = at(abort, "header_abort") !== undefined;
  return {
    ...(delay
      ? {
          delay: {
            fixedMs: fixedMs ?? 0,
            percent: readPercent(at(delay, "percentage")) ?? 0,
            ...(delayByHeader ? { byHeader: true } : {}),
          },
        }
      : {}),
    ...(abort
      ? {
          abort: {
            ...(httpStatus === undefined ? {} : { httpStatus }),
            ...(grpcStatus === undefined ? {} : { grpcStatus }),
            percent: readPercent(at(abort, "percentage")) ?? 0,
            ...(abortByHeader ? { byHeader: true } : {}),
          },
        }
      : {}),
    ...(headers.length > 0 ? { headers } : {}),
    ...(downstreamNodes.length > 0 ? { downstreamNodes } : {}),
    ...(upstreamCluster ? { upstreamCluster } : {}),
    ...(maxActiveFaults === undefined ? {} : { maxActiveFaults }),
    source: sourceOf(field),
  };
}

function readServicePercents(field: Field): Pick<RateLimitConfig, "enabledPercent" | "enforcedPercent"> {
  const enabledPercent = readPercent(at(field, "filter_enabled", "default_value"));
  const enforcedPercent = readPercent(at(field, "filter_enforced", "default_value"));
  return {
    ...(enabledPercent === undefined ? {} : { enabledPercent }),
    ...(enforcedPercent === undefined ? {} : { enforcedPercent }),
  };
}

function readServiceStatuses(field: Field): Pick<RateLimitConfig, "status" | "statusOnError"> {
  const status = statusCode(field, "rate_limited_status", "code");
  const statusOnError = statusCode(field, "status_on_error", "code");
  return {
    ...(status === undefined ? {} : { status: refusingStatus(status) }),
    ...(statusOnError === undefined ? {} : { statusOnError }),
  };
}

/** RateLimitPerRoute; what it says of overriding policies (`override_option`) Envoy does not ask. */
function readRateLimitPerRoute(field: Field): RateLimitPerRoute {
  const domain = text(field, "domain");
  text(field, "override_option");
  return { ...readRateLimitSource(field), ...(domain ? { domain } : {}) };
}

function readRefusalHeaders(field: Field): Pick<RateLimitConfig, "answerChanges" | "hidesHeader"> {
  const answerChanges = readHeaderOperations(field)?.response;
  return {
    ...(answerChanges?.put === undefined ? {} : { answerChanges }),
    ...(flag(field, "disable_x_envoy_ratelimited_header") ? { hidesHeader: true as const } : {}),
  };
}

/** Below 400 it is no refusal: Envoy answers 429. */
function refusingStatus(status: number | undefined): number {
  return status === undefined || status < 400 ? 429 : status;
}

function resourceExhausted(field: Field): { asResourceExhausted?: true } {
  return flag(field, "rate_limited_as_resource_exhausted") ? { asResourceExhausted: true } : {};
}

/** Unset, the filter is neither enabled nor enforced for anything. */
function readLocalRateLimit(field: Field): LocalRateLimitConfig {
  const bucket = at(field, "token_bucket");
  const descriptors = readLocalDescriptors(field);
  const answerChanges = readHeaderOperations(field)?.response;
  const maxOpenValues = number(field, "max_dynamic_descriptors");
  return {
    ...(bucket ? { tokenBucket: readTokenBucket(bucket) } : {}),
    ...(descriptors.length > 0 ? { descriptors } : {}),
    ...(maxOpenValues === undefined ? {} : { maxOpenValues }),
    ...(flag(field, "local_rate_limit_per_downstream_connection") ? { isByConnection: true as const } : {}),
    ...(flag(field, "always_consume_default_token_bucket") === false ? { sparesDefault: true as const } : {}),
    ...readRateLimitSource(field),
    enabledPercent: readPercent(at(field, "filter_enabled", "default_value")) ?? 0,
    enforcedPercent: readPercent(at(field, "filter_enforced", "default_value")) ?? 0,
    status: refusingStatus(statusCode(field, "status", "code")),
    ...resourceExhausted(field),
    ...(text(field, "enable_x_ratelimit_headers") === "DRAFT_VERSION_03" ? { tells: true as const } : {}),
    ...(flag(field, "enable_retry_after_header") ? { tellsRetryAfter: true as const } : {}),
    ...(answerChanges?.put === undefined ? {} : { answerChanges }),
    source: sourceOf(field),
  };
}
