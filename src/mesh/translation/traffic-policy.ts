/** Which part of a DestinationRule's policies is in force for one port and subset. */
import { at, type Field, items, number } from "./field.ts";

export interface TrafficPolicy {
  connectionPool?: Field;
  loadBalancer?: Field;
  outlierDetection?: Field;
  tls?: Field;
  tunnel?: Field;
  proxyProtocol?: Field;
  retryBudget?: Field;
}

const parts = ["connectionPool", "loadBalancer", "outlierDetection", "tls", "tunnel", "proxyProtocol", "retryBudget"] as const;
const portParts = ["connectionPool", "loadBalancer", "outlierDetection", "tls"] as const;

/** A port's own settings replace the whole policy: what they leave out goes back to the defaults. */
export function policyForPort(
  policy: Field | undefined,
  port: number,
): { policy: TrafficPolicy | undefined; portLevel: boolean } {
  if (!policy) return { policy: undefined, portLevel: false };
  const own = items(policy, "portLevelSettings").find((one) => number(one, "port", "number") === port);
  return own ? { policy: pick(own, portParts), portLevel: true } : { policy: pick(policy, parts), portLevel: false };
}

/** A subset's policy over the rule's: part by part, and wholly where the subset speaks about this port. */
export function policyForSubset(
  policy: TrafficPolicy | undefined,
  subsetPolicy: Field | undefined,
  port: number,
): TrafficPolicy | undefined {
  if (!subsetPolicy) return policy;
  const own = policyForPort(subsetPolicy, port);
  if (!policy || !own.policy) return own.policy ?? policy;
  // istiod copies no retryBudget here: a subset with a policy of its own loses the rule's budget.
  const { retryBudget: _lost, ...merged } = policy;
  for (const part of portParts) {
    if (own.policy[part] || own.portLevel) merged[part] = own.policy[part];
  }
  if (own.policy.tunnel) merged.tunnel = own.policy.tunnel;
  if (own.policy.proxyProtocol) merged.proxyProtocol = own.policy.proxyProtocol;
  return merged;
}

function pick(policy: Field, names: readonly (keyof TrafficPolicy)[]): TrafficPolicy {
  const picked: TrafficPolicy = {};
  for (const name of names) {
    const field = at(policy, name);
    if (field) picked[name] = field;
  }
  return picked;
}
