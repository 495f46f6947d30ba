/** Which workload the reader points at in the graph. Pure. */
import type { Topology } from "#scenario";
import type { GraphFocus } from "../graph/navigation.ts";

type Workload = Topology["workloads"][number];

/** A row is a workload; of a card (a service, or a caller) its first one. */
export function workloadAt(workloads: readonly Workload[], focus: GraphFocus | null): Workload | undefined {
  if (focus?.type !== "row" && focus?.type !== "card") return undefined;
  const { id } = focus;
  return workloads.find(
    ({ name, namespace, service }) =>
      id === `${namespace}/${name}` || id === `service ${namespace}/${service}` || id === `caller ${namespace}/${name}`,
  );
}
