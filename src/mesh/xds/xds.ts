/** The Envoy v3 resources that a proxy gets, as JSON with Envoy's own field names (contracts.md 2, `xds`). */
import type { MeshConfig, ProxyNode } from "#engine";
import { assignmentJson, clusterJson } from "./cluster-json.ts";
import { listenerJson } from "./listener-json.ts";
import { routeConfigurationJson } from "./route-json.ts";

export type XdsType = "listeners" | "routes" | "clusters" | "endpoints";

export function xds(_config: MeshConfig, node: ProxyNode, type: XdsType): Record<string, unknown>[] {
  const assignments = new Map(node.endpoints.map((one) => [one.cluster, one]));
  switch (type) {
    case "listeners":
      return node.listeners.map(listenerJson);
    case "routes":
      return node.routes.map(routeConfigurationJson);
    case "clusters":
      return node.clusters.map((cluster) => clusterJson(cluster, assignments.get(cluster.name)));
    case "endpoints":
      return node.endpoints.map(assignmentJson);
  }
}
