/** Status conditions as the Gateway API names them. */

export interface Condition {
  type: string;
  status: "True" | "False";
  reason: string;
}

/** @param positive the condition's value when nothing is wrong ("Conflicted" is False then). */
export function condition(
  type: string,
  reason: string,
  error?: { reason: string },
  positive: "True" | "False" = "True",
): Condition {
  const inverted = positive === "True" ? "False" : "True";
  return { type, status: error ? inverted : positive, reason: error ? error.reason : reason };
}

export interface ParentStatus {
  parentRef: Record<string, unknown>;
  conditions: Condition[];
}

export interface ListenerStatus {
  name: string;
  attachedRoutes: number;
  supportedKinds: { group: string; kind: string }[];
  conditions: Condition[];
}

export interface ResourceStatus {
  kind: string;
  name: string;
  namespace: string;
  conditions?: Condition[];
  listeners?: ListenerStatus[];
  parents?: ParentStatus[];
  ancestors?: { ancestorRef: Record<string, unknown>; conditions: Condition[] }[];
}
