/** IST0101 (a Gateway that selects no pod) and IST0162 (a port that the gateway's Service does not open). */
import { at, child, isSet, items, number, pathOf } from "../../resource/field.ts";
import { listOf, numberOf, objectOf, textOf } from "../../resource/json-value.ts";
import type { Resource } from "../../resource/resource.ts";
import { type Analyzer, istioGateway, service } from "./analyzer.ts";
import { ingressLabels, ingressPorts, labelsOf, type Pod, rootNamespace, selectorText, selects, specOf } from "./cluster.ts";

export const gatewayWorkloads: Analyzer = {
  codes: ["IST0101", "IST0162"],
  analyze(cluster, report) {
    const byNamespace = Map.groupBy(cluster.of(service), (each) => each.namespace);
    for (const resource of cluster.of(istioGateway)) {
      const labels = labelsOf(resource.spec.selector);
      const pods = cluster.podsMatching(labels);
      const selector = selectorText(labels);
      if (pods.length === 0) {
        const params = { refType: "selector", refValue: selector };
        report(resource, { code: "IST0101", path: ["spec", "selector"], params });
        continue;
      }
      const open = openPorts(pods, byNamespace);
      for (const server of items(child(specOf(resource), "servers"))) {
        const port = at(server, "port", "number");
        if (!isSet(child(server, "port")) || open.has(number(port))) continue;
        report(resource, { code: "IST0162", path: pathOf(port), params: { port: number(port), selector } });
      }
    }
  },
};

/** TCP ports, and the ports behind them, of every Service that selects one of the pods. */
function openPorts(pods: readonly Pod[], services: ReadonlyMap<string, readonly Resource[]>): Set<number> {
  const open = new Set<number>();
  for (const pod of pods) {
    if (pod.namespace === rootNamespace && selects(ingressLabels, pod.labels)) for (const port of ingressPorts) open.add(port);
    for (const each of services.get(pod.namespace) ?? []) {
      if (!selects(labelsOf(each.spec.selector), pod.labels)) continue;
      for (const port of listOf(each.spec.ports).map(objectOf)) {
        if ((textOf(port.protocol) || "TCP") !== "TCP") continue;
        open.add(numberOf(port.port));
        open.add(numberOf(port.targetPort));
      }
    }
  }
  return open;
}
