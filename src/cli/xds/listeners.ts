/** Listener → config.listener.v3 JSON. */
import type { DownstreamTls, FilterChain, Listener } from "#engine";
import { httpFilters, rbac } from "./http-filters.ts";
import { compact, duration, type Json } from "./matchers.ts";
import { validationContext } from "./tls.ts";

export function listener(one: Listener): Json {
  return compact({
    name: one.name,
    address: { socket_address: { address: one.address, port_value: one.port } },
    filter_chains: one.filterChains.map((chain) => filterChain(chain, one)),
    traffic_direction: one.direction === "inbound" ? "INBOUND" : "OUTBOUND",
  });
}

function filterChain(chain: FilterChain, owner: Listener): Json {
  const { match, terminal } = chain;
  return compact({
    filter_chain_match: compact({
      destination_port: match.destinationPort,
      transport_protocol: match.transportProtocol,
      application_protocols: match.applicationProtocols,
      server_names: match.serverNames,
    }),
    filters: [...chain.networkRbac.map((config) => networkRbac(config)), terminalFilter(terminal, owner)],
    transport_socket: chain.tls && downstreamTls(chain.tls),
    name: chain.name,
  });
}

function networkRbac(config: Parameters<typeof rbac>[0]): Json {
  const type = "type.googleapis.com/envoy.extensions.filters.network.rbac.v3.RBAC";
  return { name: "envoy.filters.network.rbac", typed_config: { "@type": type, ...rbac(config), stat_prefix: "tcp." } };
}

function terminalFilter(terminal: FilterChain["terminal"], owner: Listener): Json {
  if (terminal.type === "tcp") {
    const [only] = terminal.clusters;
    const single = terminal.clusters.length === 1;
    const clusters = terminal.clusters.map(({ cluster, weight }) => ({ name: cluster, weight }));
    return {
      name: "envoy.filters.network.tcp_proxy",
      typed_config: compact({
        "@type": "type.googleapis.com/envoy.extensions.filters.network.tcp_proxy.v3.TcpProxy",
        stat_prefix: only?.cluster,
        cluster: single ? only?.cluster : undefined,
        weighted_clusters: single ? undefined : { clusters },
      }),
    };
  }
  return {
    name: "envoy.filters.network.http_connection_manager",
    typed_config: compact({
      "@type": "type.googleapis.com/envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager",
      stat_prefix: owner.direction === "inbound" ? "inbound_0.0.0.0" : "outbound_0.0.0.0",
      rds: { config_source: { ads: {}, resource_api_version: "V3" }, route_config_name: terminal.routeConfig },
      http_filters: httpFilters(terminal.httpFilters),
      stream_idle_timeout: terminal.streamIdleTimeoutMs === undefined ? undefined : duration(terminal.streamIdleTimeoutMs),
      request_timeout: terminal.requestTimeoutMs === undefined ? undefined : duration(terminal.requestTimeoutMs),
    }),
  };
}

function downstreamTls(tls: DownstreamTls): Json {
  return {
    name: "envoy.transport_sockets.tls",
    typed_config: compact({
      "@type": "type.googleapis.com/envoy.extensions.transport_sockets.tls.v3.DownstreamTlsContext",
      common_tls_context: compact({
        tls_certificate_sds_secret_configs: [{ name: "default" }],
        combined_validation_context: validationContext(tls.trustedRoots, tls.subjectAltNames ?? []),
      }),
      require_client_certificate: tls.requireClientCertificate,
    }),
  };
}
