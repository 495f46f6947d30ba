/** Listeners of the model as LDS resources (config.listener.v3). */
import type { DownstreamTls, FilterChain, HttpFilterConfig, Listener, RequestNormalization } from "#engine";
import { compact, durationJson, notEmpty } from "./envoy-json.ts";
import { rbacJson } from "./rbac-json.ts";

export function listenerJson(listener: Listener): Record<string, unknown> {
  return {
    name: listener.name,
    address: { socketAddress: { address: listener.address, portValue: listener.port } },
    trafficDirection: listener.direction === "inbound" ? "INBOUND" : "OUTBOUND",
    filterChains: listener.filterChains.map(chainJson),
  };
}

function chainJson(chain: FilterChain): Record<string, unknown> {
  const match = compact({
    destinationPort: chain.match.destinationPort,
    serverNames: chain.match.serverNames,
    transportProtocol: chain.match.transportProtocol,
    applicationProtocols: chain.match.applicationProtocols,
  });
  return compact({
    name: chain.name,
    filterChainMatch: Object.keys(match).length > 0 ? match : undefined,
    filters: [...chain.networkRbac.map((rbac) => rbacJson(rbac, true)), terminalJson(chain)],
    transportSocket: chain.tls ? socketJson(chain.tls) : undefined,
  });
}

function terminalJson(chain: FilterChain): Record<string, unknown> {
  const { terminal } = chain;
  if (terminal.type === "tcp") {
    const single = terminal.clusters.length === 1 ? terminal.clusters[0]!.cluster : undefined;
    return {
      name: "envoy.filters.network.tcp_proxy",
      typedConfig: compact({
        "@type": "type.googleapis.com/envoy.extensions.filters.network.tcp_proxy.v3.TcpProxy",
        cluster: single,
        weightedClusters: single
          ? undefined
          : { clusters: terminal.clusters.map((one) => ({ name: one.cluster, weight: one.weight })) },
        idleTimeout: terminal.idleTimeoutMs === undefined ? undefined : durationJson(terminal.idleTimeoutMs),
        maxConnectAttempts: terminal.maxConnectAttempts,
        maxDownstreamConnectionDuration: terminal.maxDurationMs === undefined ? undefined : durationJson(terminal.maxDurationMs),
      }),
    };
  }
  return {
    name: "envoy.filters.network.http_connection_manager",
    typedConfig: {
      "@type": "type.googleapis.com/envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager",
      ...normalizationJson(terminal.normalization),
      rds: { configSource: { ads: {} }, routeConfigName: terminal.routeConfig },
      httpFilters: [...terminal.httpFilters.map(filterJson), { name: "envoy.filters.http.router" }],
    },
  };
}

function normalizationJson(normalization: RequestNormalization | undefined): Record<string, unknown> {
  return compact({
    normalizePath: normalization?.path ?? false,
    mergeSlashes: normalization?.mergesSlashes,
    pathWithEscapedSlashesAction: normalization?.escapedSlashes ?? "KEEP_UNCHANGED",
    stripMatchingHostPort: normalization?.stripsMatchingPort,
    stripAnyHostPort: normalization?.stripsAnyPort,
    stripTrailingHostDot: normalization?.stripsTrailingDot,
  });
}

function filterJson(filter: HttpFilterConfig): Record<string, unknown> {
  switch (filter.name) {
    case "rbac":
      return rbacJson(filter.config, false);
    case "fault":
      return { name: "envoy.filters.http.fault" };
    case "cors":
      return { name: "envoy.filters.http.cors" };
    case "csrf":
    case "headerMutation":
    case "healthCheck":
      // Brought by a patch, which names it.
      return { name: filter.key };
    case "localRateLimit":
      return { name: "envoy.filters.http.local_ratelimit" };
    case "rateLimit":
      return { name: "envoy.filters.http.ratelimit", typedConfig: { domain: filter.config.domain } };
    case "extAuthz":
      return {
        name: "envoy.filters.http.ext_authz",
        typedConfig: compact({
          cluster: filter.config.cluster,
          timeout: durationJson(filter.config.timeoutMs),
          failureModeAllow: filter.config.failureModeAllow || undefined,
        }),
      };
    case "jwtAuthn":
      return {
        name: "envoy.filters.http.jwt_authn",
        typedConfig: {
          providers: Object.fromEntries(
            Object.entries(filter.config.providers).map(([name, { issuer, audiences, fromHeaders }]) => [
              name,
              compact({ issuer, audiences, fromHeaders }),
            ]),
          ),
        },
      };
  }
}

function socketJson(tls: DownstreamTls): Record<string, unknown> {
  return {
    name: "envoy.transport_sockets.tls",
    typedConfig: {
      "@type": "type.googleapis.com/envoy.extensions.transport_sockets.tls.v3.DownstreamTlsContext",
      commonTlsContext: compact({
        tlsCertificateSdsSecretConfigs: [
          { name: tls.certificate.identity.startsWith("spiffe://") ? "default" : tls.certificate.identity },
        ],
        combinedValidationContext:
          tls.trustedRoots.length > 0
            ? {
                defaultValidationContext: compact({
                  matchSubjectAltNames: notEmpty((tls.subjectAltNames ?? []).map((exact) => ({ exact }))),
                }),
                validationContextSdsSecretConfig: { name: tls.trustedRoots[0] },
              }
            : undefined,
      }),
      requireClientCertificate: tls.requireClientCertificate,
    },
  };
}
