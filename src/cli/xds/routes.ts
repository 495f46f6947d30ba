/** RouteConfiguration → config.route.v3 JSON. Shows what the model holds; fields it does not know are absent, never guessed. */
import type {
  CorsPolicy,
  ForwardAction,
  HashPolicy,
  HeaderOperations,
  PerFilterConfig,
  RetryPolicy,
  Route,
  RouteAction,
  RouteConfiguration,
  VirtualHost,
} from "#engine";
import { localRateLimit, typedFault } from "./http-filters.ts";
import {
  compact,
  duration,
  headerMatcher,
  type Json,
  pathMatcher,
  queryParameterMatcher,
  regex,
  stringMatcher,
} from "./matchers.ts";

export function routeConfiguration(table: RouteConfiguration): Json {
  return compact({
    name: table.name,
    virtual_hosts: table.virtualHosts.map(virtualHost),
    ignore_port_in_host_matching: table.ignorePortInHostMatching,
    max_direct_response_body_size_bytes: table.maxDirectResponseBodyBytes,
  });
}

function virtualHost(host: VirtualHost): Json {
  return compact({
    name: host.name,
    domains: host.domains,
    routes: host.routes.map(route),
    retry_policy: host.retryPolicy && retryPolicy(host.retryPolicy),
    typed_per_filter_config: host.perFilter && perFilter(host.perFilter),
    ...headerOperations(host.headers),
  });
}

function route(one: Route): Json {
  const { match } = one;
  return compact({
    name: one.name === "" ? undefined : one.name,
    match: compact({
      ...pathMatcher(match.path),
      headers: match.headers.map(headerMatcher),
      query_parameters: match.queryParameters.map(queryParameterMatcher),
      grpc: match.grpc ? {} : undefined,
      runtime_fraction: match.fractionPercent === undefined ? undefined : { default_value: fraction(match.fractionPercent) },
    }),
    ...action(one.action),
    typed_per_filter_config: one.perFilter && perFilter(one.perFilter),
    ...headerOperations(one.headers),
  });
}

function action(one: RouteAction): Json {
  if (one.type === "redirect") {
    return {
      redirect: compact({
        scheme_redirect: one.scheme,
        host_redirect: one.host,
        port_redirect: one.port,
        path_redirect: one.path,
        prefix_rewrite: one.prefixRewrite,
        strip_query: one.stripQuery,
        response_code: redirectCodes[one.status] ?? one.status,
      }),
    };
  }
  if (one.type === "directResponse") {
    return {
      direct_response: compact({ status: one.status, body: one.body === undefined ? undefined : { inline_string: one.body } }),
    };
  }
  return { route: forward(one) };
}

const redirectCodes: Readonly<Record<number, string>> = {
  301: "MOVED_PERMANENTLY",
  302: "FOUND",
  303: "SEE_OTHER",
  307: "TEMPORARY_REDIRECT",
  308: "PERMANENT_REDIRECT",
};

function forward(one: ForwardAction): Json {
  const [only] = one.clusters;
  const single = one.clusters.length === 1 && one.weighted !== true;
  const { rewrite } = one;
  return compact({
    cluster: single ? only?.cluster : undefined,
    cluster_header: one.clusterHeader,
    weighted_clusters: single || one.clusterHeader !== undefined ? undefined : weightedClusters(one),
    timeout: duration(one.timeoutMs),
    idle_timeout: one.idleTimeoutMs === undefined ? undefined : duration(one.idleTimeoutMs),
    max_stream_duration:
      one.maxStreamDurationMs === undefined ? undefined : { max_stream_duration: duration(one.maxStreamDurationMs) },
    retry_policy: one.retryPolicy && retryPolicy(one.retryPolicy),
    request_mirror_policies: one.mirrors.map((mirror) => ({
      cluster: mirror.cluster,
      runtime_fraction: { default_value: fraction(mirror.percent) },
    })),
    prefix_rewrite: rewrite?.prefix,
    regex_rewrite: rewrite?.regex && { pattern: regex(rewrite.regex.pattern), substitution: rewrite.regex.substitution },
    path_rewrite_policy: rewrite?.path === undefined ? undefined : { path: rewrite.path },
    host_rewrite_literal: rewrite?.host,
    hash_policy: one.hashPolicy.map(hashPolicy),
    priority: one.priority === "high" ? "HIGH" : undefined,
    cors: one.cors && cors(one.cors),
    cluster_not_found_response_code: clusterNotFoundCodes[one.clusterNotFoundStatus],
  });
}

/** 503 is Envoy's default and not written. */
const clusterNotFoundCodes: Readonly<Record<number, string>> = { 404: "NOT_FOUND", 500: "INTERNAL_SERVER_ERROR" };

function weightedClusters(one: ForwardAction): Json {
  return compact({
    clusters: one.clusters.map((cluster) =>
      compact({
        name: cluster.cluster,
        weight: cluster.weight,
        host_rewrite_literal: cluster.hostRewrite,
        typed_per_filter_config: cluster.perFilter && perFilter(cluster.perFilter),
        ...headerOperations(cluster.headers),
      }),
    ),
    header_name: one.pinnedByHeader,
  });
}

function retryPolicy(policy: RetryPolicy): Json {
  return compact({
    retry_on: policy.retryOn.join(","),
    num_retries: policy.numRetries,
    per_try_timeout: policy.perTryTimeoutMs === 0 ? undefined : duration(policy.perTryTimeoutMs),
    per_try_idle_timeout: policy.perTryIdleTimeoutMs === undefined ? undefined : duration(policy.perTryIdleTimeoutMs),
    retriable_status_codes: policy.retriableStatusCodes,
    retriable_headers: policy.retriableHeaders?.map(headerMatcher),
    retry_back_off: {
      base_interval: duration(policy.backOff.baseIntervalMs),
      max_interval: duration(policy.backOff.maxIntervalMs),
    },
    rate_limited_retry_back_off: policy.rateLimitedBackOff && {
      reset_headers: policy.rateLimitedBackOff.resetHeaders.map(({ name, format }) => ({
        name,
        format: format === "unix" ? "UNIX_TIMESTAMP" : "SECONDS",
      })),
      max_interval: duration(policy.rateLimitedBackOff.maxIntervalMs),
    },
    retry_host_predicate: policy.avoidPreviousHosts ? [{ name: "envoy.retry_host_predicates.previous_hosts" }] : undefined,
    host_selection_retry_max_attempts: policy.avoidPreviousHosts ? policy.hostSelectionRetryMaxAttempts : undefined,
  });
}

function hashPolicy(policy: HashPolicy): Json {
  const terminal = policy.terminal ? true : undefined;
  switch (policy.type) {
    case "header":
      return compact({ header: { header_name: policy.name }, terminal });
    case "queryParameter":
      return compact({ query_parameter: { name: policy.name }, terminal });
    case "sourceIp":
      return compact({ connection_properties: { source_ip: true }, terminal });
    case "cookie": {
      const ttl = policy.ttlMs === undefined ? undefined : duration(policy.ttlMs);
      return compact({ cookie: compact({ name: policy.name, ttl, path: policy.path }), terminal });
    }
  }
}

function cors(policy: CorsPolicy): Json {
  return compact({
    allow_origin_string_match: policy.allowOrigins.map(stringMatcher),
    allow_methods: policy.allowMethods.join(",") || undefined,
    allow_headers: policy.allowHeaders.join(",") || undefined,
    expose_headers: policy.exposeHeaders.join(",") || undefined,
    max_age: policy.maxAgeMs === undefined ? undefined : String(policy.maxAgeMs / 1000),
    allow_credentials: policy.allowCredentials,
  });
}

function headerOperations(headers: HeaderOperations | undefined): Json {
  const options = (side: HeaderOperations["request"]): unknown[] => [
    ...Object.entries(side?.set ?? {}).map(([key, value]) => ({
      header: { key, value },
      append_action: "OVERWRITE_IF_EXISTS_OR_ADD",
    })),
    ...Object.entries(side?.add ?? {}).map(([key, value]) => ({
      header: { key, value },
      append_action: "APPEND_IF_EXISTS_OR_ADD",
    })),
  ];
  return compact({
    request_headers_to_add: options(headers?.request),
    request_headers_to_remove: headers?.request?.remove,
    response_headers_to_add: options(headers?.response),
    response_headers_to_remove: headers?.response?.remove,
  });
}

function perFilter(config: PerFilterConfig): Json {
  return compact({
    "envoy.filters.http.fault": config.fault && typedFault(config.fault),
    "envoy.filters.http.local_ratelimit": config.localRateLimit && localRateLimit(config.localRateLimit),
    "envoy.filters.http.cors": config.cors && {
      "@type": "type.googleapis.com/envoy.extensions.filters.http.cors.v3.CorsPolicy",
      ...cors(config.cors),
    },
  });
}

/** Envoy's FractionalPercent, out of a million so that 0.01 % is kept. */
function fraction(percent: number): Json {
  return { numerator: Math.round(percent * 10_000), denominator: "MILLION" };
}
