/** What the proxies of `of` (or of all workloads) cost: memory and CPU, from the requests they handled. Estimates of a cost model. */
import { sidecarCost } from "../cost-model.ts";
import { arrivalsOf, edgesOf, type MetricDefinition, type Question, ratio, sum, type WorkloadName } from "../metric.ts";

/** Workloads with a proxy among those asked about. */
function proxied({ workloads, targets }: Question): readonly WorkloadName[] {
  const wanted = targets.of;
  const inMesh = workloads.filter((one) => one.meshed === true);
  if (wanted === null) return inMesh;
  return inMesh.filter((one) => wanted.some((name) => name.name === one.name && name.namespace === one.namespace));
}

export const costMetrics = {
  memoryMb: {
    side: "application",
    ofOptional: true,
    needs: [],
    takes: [],
    measure: (question) => sum(proxied(question), (one) => (one.replicas ?? 1) * sidecarCost.memoryMb),
  },
  vcpu: {
    side: "application",
    ofOptional: true,
    needs: [],
    takes: [],
    /** Both sides of a hop have a proxy of their own: what comes in and what goes out counts at each workload. */
    measure(question) {
      const proxies = proxied(question);
      const isOne = (place: WorkloadName) => proxies.some((one) => one.name === place.name && one.namespace === place.namespace);
      const incoming = sum(arrivalsOf(question, proxies, question.targets.replica), (row) => row.requests + row.denied);
      const outgoing = sum(
        edgesOf(question).filter((row) => isOne(row.from)),
        (row) => row.requests,
      );
      const perSecond = ratio((incoming + outgoing) * 1000, question.toMs - question.fromMs);
      return perSecond === null ? null : (perSecond / 1000) * sidecarCost.vcpuPerThousandRps;
    },
  },
} as const satisfies Record<string, MetricDefinition>;
