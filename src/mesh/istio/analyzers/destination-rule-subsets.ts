/** IST0174 (a rule for a host nobody serves) and IST0173 (a subset without a pod). */
import { child, items, pathOf, text, texts } from "../../resource/field.ts";
import { type Analyzer, destinationRule } from "./analyzer.ts";
import { type Cluster, type Labels, labelsOf, type Pod, specOf } from "./cluster.ts";

const nodeLabels = ["topology.kubernetes.io/region", "topology.kubernetes.io/zone", "topology.istio.io/subzone"];

export const destinationRuleSubsets: Analyzer = {
  codes: ["IST0173", "IST0174"],
  analyze(cluster, report) {
    for (const resource of cluster.of(destinationRule)) {
      const spec = specOf(resource);
      const host = child(spec, "host");
      const known = cluster.services.find(resource.namespace, text(host), texts(child(spec, "exportTo")));
      if (!known) {
        report(resource, { code: "IST0174", path: pathOf(host), params: { host: text(host) } });
        continue;
      }
      for (const subset of items(child(spec, "subsets"))) {
        const labels = { ...known.workloadLabels, ...labelsOf(child(subset, "labels").value) };
        if (hasPod(cluster, labels)) continue;
        const name = child(subset, "name");
        report(resource, { code: "IST0173", path: pathOf(name), params: { subset: text(name), host: text(host) } });
      }
    }
  },
};

/** Labels of locality come from the pod's node. */
function hasPod(cluster: Cluster, labels: Labels): boolean {
  const own: Record<string, string> = {};
  const fromNode: Record<string, string> = {};
  for (const [key, value] of Object.entries(labels)) {
    if (nodeLabels.includes(key) || key === "kubernetes.io/hostname") fromNode[key] = value;
    else own[key] = value;
  }
  return cluster
    .podsMatching(own)
    .some((pod) => Object.entries(fromNode).every(([key, value]) => placeOf(cluster, pod, key) === value && value !== ""));
}

function placeOf(cluster: Cluster, pod: Pod, key: string): string | undefined {
  if (key === "kubernetes.io/hostname" && pod.nodeName !== "") return pod.nodeName;
  return cluster.find("core/Node", "", pod.nodeName)?.labels[key] ?? pod.labels[key];
}
