/** IST0127 (a policy that selects no workload of the mesh) and IST0101 (a source namespace that does not exist). */
import { at, child, type Field, isSet, items, pathOf, text } from "../../resource/field.ts";
import type { Resource } from "../../resource/resource.ts";
import { type Analyzer, authorizationPolicy, namespace, type Report } from "./analyzer.ts";
import { type Cluster, labelsOf, rootNamespace, selectorText, specOf } from "./cluster.ts";

export const authorizationPolicies: Analyzer = {
  codes: ["IST0101", "IST0127"],
  analyze(cluster, report) {
    const populated = new Set(cluster.pods.filter((pod) => pod.inMesh).map((pod) => pod.namespace));
    // Where an Experiment's workloads are, a namespace is.
    const lived = cluster.pods.flatMap((pod) => (pod.resource || pod.namespace === rootNamespace ? [] : [pod.namespace]));
    const names = [...cluster.of(namespace).map((each) => each.name), ...new Set(lived)];
    for (const resource of cluster.of(authorizationPolicy)) {
      checkWorkloads(cluster, report, resource, populated);
      for (const rule of items(child(specOf(resource), "rules"))) {
        for (const from of items(child(rule, "from"))) checkNamespaces(report, resource, child(from, "source"), names);
      }
    }
  },
};

function checkWorkloads(cluster: Cluster, report: Report, resource: Resource, populated: ReadonlySet<string>): void {
  const selector = child(specOf(resource), "selector");
  const meshWide = resource.namespace === rootNamespace;
  if (!isSet(selector)) {
    if (!meshWide && !populated.has(resource.namespace))
      report(resource, { code: "IST0127", path: ["spec"], params: { labels: "" } });
    return;
  }
  const labels = labelsOf(child(selector, "matchLabels").value);
  const found = cluster.podsMatching(labels).some((pod) => pod.inMesh && (meshWide || pod.namespace === resource.namespace));
  if (!found) report(resource, { code: "IST0127", path: pathOf(selector), params: { labels: selectorText(labels) } });
}

function checkNamespaces(report: Report, resource: Resource, source: Field, names: readonly string[]): void {
  for (const entry of ["namespaces", "notNamespaces"].flatMap((list) => items(at(source, list)))) {
    if (names.some((name) => matches(name, text(entry)))) continue;
    report(resource, { code: "IST0101", path: pathOf(entry), params: { refType: "namespace", refValue: text(entry) } });
  }
}

/** `*`, `*-suffix`, `prefix-*`, or the name whatever its case. */
function matches(name: string, expression: string): boolean {
  if (expression === "*") return true;
  if (expression.startsWith("*")) return name.endsWith(expression.slice(1));
  if (expression.endsWith("*")) return name.startsWith(expression.slice(0, -1));
  return name.toLowerCase() === expression.toLowerCase();
}
