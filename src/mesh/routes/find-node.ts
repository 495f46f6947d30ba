/** The proxy a question is about: a workload by name, or the first that fits the namespace and labels asked for. */
import type { MeshConfig, ProxyNode } from "#engine";
import type { RouteQuery } from "../mesh-api.ts";

export function findNode(config: MeshConfig, from: RouteQuery["from"]): ProxyNode | undefined {
  const type = from.type === "router" ? "gateway" : "sidecar";
  const own = config.nodes.filter((node) => node.type === type && node.namespace === from.namespace);
  if (from.workload !== undefined) {
    return own.find((node) => node.workload === from.workload) ?? config.nodes.find((node) => node.workload === from.workload);
  }
  return own.find((node) => Object.entries(from.labels).every(([key, value]) => node.labels?.[key] === value)) ?? own[0];
}
