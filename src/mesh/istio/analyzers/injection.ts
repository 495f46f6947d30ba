/** IST0102, IST0103, IST0123, IST0148: is injection switched on for the namespace, and did the pods get their proxy? */
import { listOf, objectOf, textOf } from "../../resource/json-value.ts";
import type { Resource } from "../../resource/resource.ts";
import { type Analyzer, namespace, pod, type Report } from "./analyzer.ts";
import { type Cluster, rootNamespace, systemNamespaces } from "./cluster.ts";
import { injectorValues } from "./injector.ts";

const injectionLabel = "istio-injection";
const revisionLabel = "istio.io/rev";
const modeLabel = "istio.io/dataplane-mode";

export const injection: Analyzer = {
  codes: ["IST0102", "IST0103", "IST0123", "IST0148"],
  analyze(cluster, report) {
    const injected = new Set<string>();
    for (const resource of cluster.of(namespace)) if (isInjected(cluster, report, resource)) injected.add(resource.name);
    for (const resource of cluster.of(pod)) {
      if (!injected.has(resource.namespace)) continue;
      const choice = resource.labels["sidecar.istio.io/inject"] ?? resource.annotations["sidecar.istio.io/inject"];
      if (choice?.toLowerCase() === "false" || resource.spec.hostNetwork === true) continue;
      const containers = [...listOf(resource.spec.containers), ...listOf(resource.spec.initContainers)].map(objectOf);
      const proxy = containers.find((container) => container.name === "istio-proxy");
      if (textOf(proxy?.image) !== "") continue;
      report(resource, { code: "IST0103", path: ["metadata", "name"], params: { pod: resource.name } });
    }
  },
};

function isInjected(cluster: Cluster, report: Report, resource: Resource): boolean {
  const { name, labels } = resource;
  if (name === rootNamespace || systemNamespaces.has(name)) return false;
  const path = ["metadata", "name"];
  const [choice, revision] = [labels[injectionLabel], labels[revisionLabel]];
  const counted = choice === undefined || choice === "enabled" ? [injectionLabel, revisionLabel, modeLabel] : [injectionLabel];
  const set = counted.filter((label) => labels[label] !== undefined).map((label) => `${label}=${labels[label]}`);
  if (set.length > 1) report(resource, { code: "IST0123", path, params: { labels: set.join(", ") } });
  if (labels[modeLabel] === "ambient") return false;
  if ((choice ?? "") === "" && revision === undefined) {
    const byDefault = objectOf(injectorValues(cluster, "")?.sidecarInjectorWebhook).enableNamespacesByDefault === true;
    report(resource, { code: byDefault ? "IST0148" : "IST0102", path, params: { namespace: name } });
    return false;
  }
  // Any other value of the label is a deliberate no; a revision alone is not followed up.
  return choice === "enabled";
}
