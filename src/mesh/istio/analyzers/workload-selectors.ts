/** Resources of which a pod may have one only: who selects it, who selects the whole namespace, who selects nobody. */
import type { Resource } from "../../resource/resource.ts";
import type { Report } from "./analyzer.ts";
import { type Cluster, type Labels, type Pod, selectorText } from "./cluster.ts";

export interface SelectorCodes {
  samePod: string;
  wholeNamespace: string;
  noPod: string;
  /** Where the data plane has no sidecar to configure. */
  ambient?: string;
}

export interface SelectorRules {
  labels(resource: Resource): Labels;
  path: readonly string[];
  codes: SelectorCodes;
  /** Is the namespace in ambient mode? */
  ambient(namespace: string): boolean;
}

export function reportSelectors(cluster: Cluster, report: Report, resources: readonly Resource[], rules: SelectorRules): void {
  const byPod = new Map<Pod, Resource[]>();
  const wide = new Map<string, Resource[]>();
  for (const resource of resources) {
    const labels = rules.labels(resource);
    if (Object.keys(labels).length === 0) {
      wide.set(resource.namespace, [...(wide.get(resource.namespace) ?? []), resource]);
      continue;
    }
    const pods = cluster.podsMatching(labels).filter((pod) => pod.namespace === resource.namespace);
    for (const pod of pods) byPod.set(pod, [...(byPod.get(pod) ?? []), resource]);
    if (pods.length > 0) continue;
    const params = { refType: "selector", refValue: selectorText(labels) };
    report(resource, { code: rules.codes.noPod, path: rules.path, params });
  }
  reportPods(byPod, report, rules);
  for (const [namespace, owners] of wide) reportNamespace(report, namespace, owners, rules);
}

function reportPods(byPod: ReadonlyMap<Pod, readonly Resource[]>, report: Report, rules: SelectorRules): void {
  const done = new Set<Resource>();
  for (const [pod, owners] of byPod) {
    const ambient = rules.codes.ambient !== undefined && pod.annotations["ambient.istio.io/redirection"] === "enabled";
    if (owners.length < 2 && !ambient) continue;
    for (const owner of owners) {
      if (ambient && done.has(owner)) continue;
      done.add(owner);
      const code = ambient ? rules.codes.ambient! : rules.codes.samePod;
      report(owner, { code, path: rules.path, params: { names: namesOf(owners), pod: pod.name, namespace: pod.namespace } });
    }
  }
}

function reportNamespace(report: Report, namespace: string, owners: readonly Resource[], rules: SelectorRules): void {
  const ambient = rules.codes.ambient !== undefined && rules.ambient(namespace);
  if (owners.length < 2 && !ambient) return;
  const code = ambient ? rules.codes.ambient! : rules.codes.wholeNamespace;
  for (const owner of owners)
    report(owner, { code, path: ["metadata", "name"], params: { names: namesOf(owners), namespace, pod: "" } });
}

function namesOf(owners: readonly Resource[]): string {
  return owners.map((owner) => owner.name).join(", ");
}
