/** Route tables of the model as RDS resources (config.route.v3). */
import type {
  CorsPolicy,
  FaultConfig,
  ForwardAction,
  HashPolicy,
  HeaderOperations,
  PathMatcher,
  PerFilterConfig,
  RedirectAction,
  RetryPolicy,
  Route,
  RouteConfiguration,
  VirtualHost,
} from "#engine";
import { compact, durationJson, fractionJson, notEmpty } from "./envoy-json.ts";
import { headerJson, queryJson, stringJson } from "./matcher-json.ts";

export function routeConfigurationJson(config: RouteConfiguration): Record<string, unknown> {
  return compact({
    name: config.name,
    virtualHosts: config.virtualHosts.map(virtualHostJson),
    ignorePortInHostMatching: config.ignorePortInHostMatching,
    maxDirectResponseBodySizeBytes: config.maxDirectResponseBodyBytes,
    validateClusters: false,
  });
}

function virtualHostJson(host: VirtualHost): Record<string, unknown> {
  return compact({
    name: host.name,
    domains: host.domains,
    routes: host.routes.map(routeJson),
    ...headersJson(host.headers),
    requireTls: host.requireTls,
    retryPolicy: host.retryPolicy ? retryJson(host.retryPolicy) : undefined,
    typedPerFilterConfig: perFilterJson(host.perFilter),
  });
}

function routeJson(route: Route): Record<string, unknown> {
  const { action } = route;
  return compact({
    name: route.name === "" ? undefined : route.name,
    match: matchJson(route),
    metadata: route.owner ? ownerJson(route.owner) : undefined,
    ...headersJson(route.headers),
    route: action.type === "forward" ? forwardJson(action) : undefined,
    redirect: action.type === "redirect" ? redirectJson(action) : undefined,
    directResponse:
      action.type === "directResponse"
        ? compact({
            status: action.status,
            body:
              action.body !== undefined
                ? { inlineString: action.body }
                : action.bodyBytes !== undefined
                  ? { inlineBytes: action.bodyBytes }
                  : undefined,
          })
        : undefined,
    typedPerFilterConfig: perFilterJson(route.perFilter),
  });
}

/** istiod leaves the path of the resource that an object was made from. */
export function ownerJson(owner: { kind: string; name: string; namespace: string }): Record<string, unknown> {
  const kind = owner.kind.replace(/(?<!^)[A-Z]/g, (letter) => `-${letter}`).toLowerCase();
  const config = `/apis/networking.istio.io/v1/namespaces/${owner.namespace}/${kind}/${owner.name}`;
  return { filterMetadata: { istio: { config } } };
}

const previousPriorities = {
  name: "envoy.retry_priorities.previous_priorities",
  typedConfig: {
    "@type": "type.googleapis.com/envoy.extensions.retry.priority.previous_priorities.v3.PreviousPrioritiesConfig",
    updateFrequency: 2,
  },
};

function matchJson(route: Route): Record<string, unknown> {
  const { match } = route;
  const written = match.caseSensitivityWritten || ("ignoreCase" in match.path && match.path.ignoreCase);
  return compact({
    ...pathJson(match.path),
    caseSensitive: written ? !("ignoreCase" in match.path && match.path.ignoreCase) : undefined,
    headers: notEmpty(match.headers.map(headerJson)),
    queryParameters: notEmpty(match.queryParameters.map(queryJson)),
    grpc: match.grpc ? {} : undefined,
    runtimeFraction: match.fractionPercent === undefined ? undefined : { defaultValue: fractionJson(match.fractionPercent) },
    dynamicMetadata: match.claims?.map((one) =>
      compact({
        filter: "envoy.filters.http.jwt_authn",
        path: ["payload", ...one.claim].map((key) => ({ key })),
        value: one.value ? { listMatch: { oneOf: { stringMatch: stringJson(one.value) } } } : { presentMatch: true },
        invert: one.invert || undefined,
      }),
    ),
  });
}

function pathJson(path: PathMatcher): Record<string, unknown> {
  if (path.type === "exact") return { path: path.value };
  if (path.type === "regex") return { safeRegex: { regex: path.value.regex } };
  return { [path.type]: path.value };
}

function forwardJson(action: ForwardAction): Record<string, unknown> {
  return compact({
    ...clustersJson(action),
    timeout: durationJson(action.timeoutMs),
    maxGrpcTimeout: action.grpcTimeout === undefined ? undefined : durationJson(action.grpcTimeout.maxMs),
    idleTimeout: action.idleTimeoutMs === undefined ? undefined : durationJson(action.idleTimeoutMs),
    maxStreamDuration:
      action.maxStreamDurationMs === undefined ? undefined : { maxStreamDuration: durationJson(action.maxStreamDurationMs) },
    retryPolicy: action.retryPolicy ? retryJson(action.retryPolicy) : undefined,
    hedgePolicy: action.hedgePolicy,
    requestMirrorPolicies: notEmpty(
      action.mirrors.map((mirror) =>
        compact({
          cluster: mirror.cluster,
          runtimeFraction: { defaultValue: fractionJson(mirror.percent) },
          traceSampled: false,
          disableShadowHostSuffixAppend: mirror.keepHost,
        }),
      ),
    ),
    prefixRewrite: action.rewrite?.prefix,
    regexRewrite: action.rewrite?.regex
      ? { pattern: { regex: action.rewrite.regex.pattern.regex }, substitution: action.rewrite.regex.substitution }
      : undefined,
    hostRewriteLiteral: action.rewrite?.host,
    hashPolicy: notEmpty(action.hashPolicy.map(hashJson)),
    priority: action.priority === "high" ? "HIGH" : undefined,
    clusterNotFoundResponseCode: action.clusterNotFoundStatus === 500 ? "INTERNAL_SERVER_ERROR" : undefined,
  });
}

function clustersJson(action: ForwardAction): Record<string, unknown> {
  if (action.clusterHeader !== undefined) return { clusterHeader: action.clusterHeader };
  const single = action.clusters[0];
  if (!action.weighted && action.clusters.length === 1 && single) return { cluster: single.cluster };
  return {
    weightedClusters: compact({
      clusters: action.clusters.map((one) =>
        compact({
          name: one.cluster,
          weight: one.weight,
          ...headersJson(one.headers),
          hostRewriteLiteral: one.hostRewrite,
          typedPerFilterConfig: perFilterJson(one.perFilter),
        }),
      ),
      headerName: action.pinnedByHeader,
    }),
  };
}

function retryJson(retry: RetryPolicy): Record<string, unknown> {
  return compact({
    retryOn: retry.retryOn.join(","),
    numRetries: retry.numRetries,
    perTryTimeout: retry.perTryTimeoutMs > 0 ? durationJson(retry.perTryTimeoutMs) : undefined,
    retriableStatusCodes: notEmpty(retry.retriableStatusCodes),
    retryHostPredicate: retry.avoidPreviousHosts ? [{ name: "envoy.retry_host_predicates.previous_hosts" }] : undefined,
    retryPriority: retry.avoidPreviousPriorities ? previousPriorities : undefined,
    hostSelectionRetryMaxAttempts:
      retry.hostSelectionRetryMaxAttempts > 1 ? String(retry.hostSelectionRetryMaxAttempts) : undefined,
    retryBackOff:
      retry.backOff.baseIntervalMs === 25 && retry.backOff.maxIntervalMs === 250
        ? undefined
        : compact({
            baseInterval: durationJson(retry.backOff.baseIntervalMs),
            // Ten times the base is what Envoy takes by itself.
            maxInterval:
              retry.backOff.maxIntervalMs === 10 * retry.backOff.baseIntervalMs
                ? undefined
                : durationJson(retry.backOff.maxIntervalMs),
          }),
  });
}

function hashJson(policy: HashPolicy): Record<string, unknown> {
  const terminal = policy.terminal || undefined;
  if (policy.type === "header") return compact({ header: { headerName: policy.name }, terminal });
  if (policy.type === "queryParameter") return compact({ queryParameter: { name: policy.name }, terminal });
  if (policy.type === "sourceIp") return compact({ connectionProperties: { sourceIp: true }, terminal });
  const cookie = compact({
    name: policy.name,
    ttl: policy.ttlMs === undefined ? undefined : durationJson(policy.ttlMs),
    path: policy.path,
    attributes: policy.attributes,
  });
  return compact({ cookie, terminal });
}

const redirectCodes: Readonly<Record<number, string>> = {
  302: "FOUND",
  303: "SEE_OTHER",
  307: "TEMPORARY_REDIRECT",
  308: "PERMANENT_REDIRECT",
};

function redirectJson(action: RedirectAction): Record<string, unknown> {
  return compact({
    schemeRedirect: action.scheme,
    hostRedirect: action.host,
    portRedirect: action.port,
    pathRedirect: action.path,
    prefixRewrite: action.prefixRewrite,
    stripQuery: action.stripQuery,
    responseCode: redirectCodes[action.status],
  });
}

function headersJson(headers: HeaderOperations | undefined): Record<string, unknown> {
  const additions = (side: HeaderOperations["request"]): readonly unknown[] | undefined =>
    notEmpty(
      (side?.put ?? []).map(({ name, value, how }) => ({
        header: compact({ key: name, value: value === "" ? undefined : value }),
        ...(how === "set" ? { appendAction: "OVERWRITE_IF_EXISTS_OR_ADD" } : {}),
      })),
    );
  return compact({
    requestHeadersToAdd: additions(headers?.request),
    requestHeadersToRemove: notEmpty(headers?.request?.remove ?? []),
    responseHeadersToAdd: additions(headers?.response),
    responseHeadersToRemove: notEmpty(headers?.response?.remove ?? []),
  });
}

const typePrefix = "type.googleapis.com/envoy.extensions.filters.http";

function perFilterJson(perFilter: PerFilterConfig | undefined): Record<string, unknown> | undefined {
  if (!perFilter) return undefined;
  return compact({
    "envoy.filters.http.fault": perFilter.fault ? faultJson(perFilter.fault) : undefined,
    "envoy.filters.http.cors": perFilter.cors ? corsJson(perFilter.cors) : undefined,
  });
}

function faultJson(fault: FaultConfig): Record<string, unknown> {
  return compact({
    "@type": `${typePrefix}.fault.v3.HTTPFault`,
    delay: fault.delay
      ? { fixedDelay: durationJson(fault.delay.fixedMs), percentage: fractionJson(fault.delay.percent) }
      : undefined,
    abort: fault.abort
      ? compact({
          httpStatus: fault.abort.httpStatus,
          grpcStatus: fault.abort.grpcStatus,
          percentage: fault.abort.percentUnset ? undefined : fractionJson(fault.abort.percent),
        })
      : undefined,
  });
}

function corsJson(cors: CorsPolicy): Record<string, unknown> {
  const joined = (list: readonly string[]): string | undefined => (list.length > 0 ? list.join(",") : undefined);
  return compact({
    "@type": `${typePrefix}.cors.v3.CorsPolicy`,
    allowOriginStringMatch: notEmpty(cors.allowOrigins.map(stringJson)),
    allowMethods: joined(cors.allowMethods),
    allowHeaders: joined(cors.allowHeaders),
    exposeHeaders: joined(cors.exposeHeaders),
    maxAge: cors.maxAgeMs === undefined ? undefined : String(Math.trunc(cors.maxAgeMs / 1000)),
    allowCredentials: cors.allowCredentials,
    filterEnabled: { defaultValue: { numerator: 100 } },
    forwardNotMatchingPreflights: cors.forwardNotMatchingPreflights,
  });
}
