/** What Envoy itself refuses of an update although the control plane sent it (NACK). Pure. */
import type { ProxyNode, ResourceType } from "../model/index.ts";

/** @returns Envoy's reason, "" when the update is taken. */
export function rejectionOf(type: ResourceType, node: ProxyNode): string {
  if (type === "RDS") return routeRejection(node);
  return type === "CDS" ? clusterRejection(node) : "";
}

function routeRejection(node: ProxyNode): string {
  for (const table of node.routes) {
    const seen = new Set<string>();
    for (const { domains, routes } of table.virtualHosts) {
      for (const domain of domains) {
        if (seen.has(domain)) return `Only unique values for domains are permitted. Duplicate entry of domain ${domain}`;
        seen.add(domain);
      }
      for (const { action } of routes) {
        if (action.type !== "forward" || action.clusters.length < 2) continue;
        const total = action.clusters.reduce((sum, { weight }) => sum + weight, 0);
        if (total === 0) return "Sum of weights in the weighted_cluster must be greater than 0.";
      }
    }
  }
  return "";
}

function clusterRejection(node: ProxyNode): string {
  const seen = new Set<string>();
  for (const { name, lb } of node.clusters) {
    if (seen.has(name)) return `duplicate cluster ${name} found`;
    seen.add(name);
    if (lb.ringHash !== undefined && lb.ringHash.minimumRingSize > lb.ringHash.maximumRingSize)
      return `ring hash: minimum_ring_size (${lb.ringHash.minimumRingSize}) > maximum_ring_size (${lb.ringHash.maximumRingSize})`;
  }
  return "";
}
