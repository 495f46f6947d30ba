/**
 * What Envoy itself refuses: of an update that the control plane sent (NACK), and of a bootstrap, with which it does not start. One set
 * of rules, each asked of the real Envoy (test/oracle/envoy-live/refusals.ts). Pure.
 */
import type { ProxyNode, ResourceType } from "../model/index.ts";
import { assignmentRefusals, clusterRefusals } from "./refusals/cluster-refusals.ts";
import { listenerRefusals } from "./refusals/listener-refusals.ts";
import type { Refusal } from "./refusals/refusal.ts";
import { routeRefusals } from "./refusals/route-refusals.ts";

/** @returns Envoy's reason, "" when the update is taken. */
export function rejectionOf(type: ResourceType, node: ProxyNode): string {
  const part = { CDS: node.clusters, EDS: node.endpoints, LDS: node.listeners, RDS: node.routes }[type];
  const known = reasons.get(part);
  if (known !== undefined) return known;
  const [first] = refusalsOf(type, node);
  const reason = first?.reason ?? "";
  reasons.set(part, reason);
  return reason;
}

/** Proxies that see the same configuration share its parts. */
const reasons = new WeakMap<object, string>();

/** Everything that Envoy would refuse of a bootstrap; it stops at the first. */
export function bootstrapRefusals(node: ProxyNode): Refusal[] {
  return (["CDS", "EDS", "LDS", "RDS"] as const).flatMap((type) => refusalsOf(type, node));
}

function refusalsOf(type: ResourceType, node: ProxyNode): Refusal[] {
  switch (type) {
    case "CDS":
      return clusterRefusals(node.clusters);
    case "EDS":
      return assignmentRefusals(node.endpoints, node.clusters);
    case "LDS":
      return listenerRefusals(node.listeners);
    case "RDS":
      return routeRefusals(node.routes, new Set(node.clusters.map(({ name }) => name)));
  }
}
