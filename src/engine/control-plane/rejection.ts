/**
 * What Envoy itself refuses: of an update that the control plane sent (NACK), and of a bootstrap, with which it does not start. One set
 * of rules, each asked of the real Envoy (test/oracle/envoy-live/refusals.ts, updates.ts). Pure.
 */
import type { ProxyNode, ResourceType } from "../model/index.ts";
import { assignmentRefusals, clusterRefusals } from "./refusals/cluster-refusals.ts";
import { listenerRefusals } from "./refusals/listener-refusals.ts";
import type { Refusal } from "./refusals/refusal.ts";
import { routeRefusals } from "./refusals/route-refusals.ts";

/** Everything that Envoy would refuse of a bootstrap; it stops at the first. */
export function bootstrapRefusals(node: ProxyNode): Refusal[] {
  return (["CDS", "EDS", "LDS", "RDS"] as const).flatMap((type) => [...refusalsOf(type, node)]);
}

/** What Envoy would refuse of the resources of one type. */
export function refusalsOf(type: ResourceType, node: ProxyNode): readonly Refusal[] {
  const part = node[partOf[type]];
  let known = refusals.get(part);
  if (known === undefined) {
    known = findRefusals(type, node);
    refusals.set(part, known);
  }
  return known;
}

/** Where the resources of each type stand in a proxy's configuration. */
export const partOf = { CDS: "clusters", EDS: "endpoints", LDS: "listeners", RDS: "routes" } as const;

/** Proxies that see the same configuration share its parts. */
const refusals = new WeakMap<object, readonly Refusal[]>();

function findRefusals(type: ResourceType, node: ProxyNode): Refusal[] {
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
