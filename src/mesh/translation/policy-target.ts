/** Which workloads a security or telemetry policy speaks of: its namespace (or the root's), its selector or targetRefs. */
import type { Resource } from "../resource/resource.ts";
import { at, items, specOf, text, textMap } from "./field.ts";
import { type Labels, labelsMatch } from "./labels.ts";

export interface PolicyTarget {
  namespace: string;
  labels: Labels;
}

/** Label that a Gateway API gateway's pods carry. */
export const gatewayNameLabel = "gateway.networking.k8s.io/gateway-name";

export function appliesTo(policy: Resource, target: PolicyTarget, rootNamespace: string): boolean {
  if (policy.namespace !== target.namespace && policy.namespace !== rootNamespace) return false;
  const spec = specOf(policy);
  const single = at(spec, "targetRef");
  const refs = [...(single ? [single] : []), ...items(spec, "targetRefs")];
  if (refs.length === 0) return labelsMatch(textMap(spec, "selector", "matchLabels"), target.labels);
  // A policy with targets speaks of gateways only; a sidecar is none.
  const gateway = target.labels[gatewayNameLabel];
  if (gateway === undefined) return false;
  return refs.some((ref) => {
    if (text(ref, "kind") === "GatewayClass") return policy.namespace === rootNamespace;
    return (
      text(ref, "kind") === "Gateway" &&
      text(ref, "name") === gateway &&
      (text(ref, "namespace") || policy.namespace) === target.namespace &&
      policy.namespace === target.namespace
    );
  });
}
