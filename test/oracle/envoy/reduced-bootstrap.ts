/** An Envoy bootstrap reduced to what a group's checks depend on: one listener, one route a path, limits out of the way. */
import type { Bootstrap } from "./group.ts";

type Message = Readonly<Record<string, unknown>>;

const unlimited = { max_connections: 100_000, max_pending_requests: 100_000, max_requests: 100_000, max_retries: 100_000 };

export function reducedBootstrap(
  listener: string,
  clusters: readonly Message[],
  routes: readonly Message[],
  manager: Message = {},
): Bootstrap {
  const { http_filters = [], ...rest } = manager as { http_filters?: readonly Message[] };
  return {
    static_resources: {
      clusters: [...clusters],
      listeners: [
        {
          name: "l",
          address: socket(listener),
          filter_chains: [
            {
              filters: [
                {
                  name: "envoy.filters.network.http_connection_manager",
                  typed_config: {
                    "@type":
                      "type.googleapis.com/envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager",
                    stat_prefix: "in",
                    ...rest,
                    http_filters: [...http_filters, filter("router", "router.v3.Router")],
                    route_config: { name: "r", validate_clusters: false, virtual_hosts: [{ name: "v", domains: ["*"], routes }] },
                  },
                },
              ],
            },
          ],
        },
      ],
    },
  };
}

export function filter(name: string, type: string, config: Message = {}): Message {
  return { name: `envoy.filters.http.${name}`, typed_config: typed(type, config) };
}

export function typed(type: string, config: Message = {}): Message {
  return { "@type": `type.googleapis.com/envoy.extensions.filters.http.${type}`, ...config };
}

/** @param groups endpoints of each locality; a bare list is one locality. */
export function cluster(name: string, addresses: readonly string[], more: Message = {}): Message {
  return clusterOf(name, addresses.length === 0 ? [] : [{ lb_endpoints: addresses.map((address) => endpoint(address)) }], more);
}

export function clusterOf(name: string, endpoints: readonly Message[], more: Message = {}): Message {
  return {
    name,
    type: "STATIC",
    connect_timeout: "1s",
    lb_policy: "ROUND_ROBIN",
    circuit_breakers: { thresholds: [unlimited] },
    load_assignment: { cluster_name: name, endpoints },
    ...more,
  };
}

export function endpoint(address: string, more: Message = {}): Message {
  return { endpoint: { address: socket(address) }, ...more };
}

export function limits(thresholds: Message): Message {
  return { circuit_breakers: { thresholds: [{ ...unlimited, ...thresholds }] } };
}

/** `more` goes into the route's action, `beside` beside it. */
export function route(name: string, cluster: string, more: Message = {}, beside: Message = {}): Message {
  return { match: { prefix: `/${name}/` }, route: { cluster, ...more }, ...beside };
}

function socket(address: string): Message {
  const [host, port] = address.split(":");
  return { socket_address: { address: host, port_value: Number(port) } };
}
