/** IST0109: several VirtualServices of the mesh claim the same host for the same namespaces. */
import { child, sizeOf, texts } from "../../resource/field.ts";
import type { Resource } from "../../resource/resource.ts";
import { type Analyzer, virtualService } from "./analyzer.ts";
import { type Cluster, fullName, specOf } from "./cluster.ts";
import { qualify, scopesOf } from "./service-index.ts";

export const meshHostConflicts: Analyzer = {
  codes: ["IST0109"],
  analyze(cluster, report) {
    for (const [key, owners] of claims(cluster)) {
      if (owners.length < 2) continue;
      const params = { virtualServices: owners.map(({ resource }) => fullName(resource)).join(", "), host: key };
      for (const { resource, index } of owners) report(resource, { code: "IST0109", path: ["spec", "hosts", index], params });
    }
  },
};

/** An unscoped claim meets those of every namespace, too. */
function claims(cluster: Cluster): Map<string, { resource: Resource; index: number }[]> {
  const found = new Map<string, { resource: Resource; index: number }[]>();
  for (const resource of cluster.of(virtualService)) {
    const spec = specOf(resource);
    const gateways = child(spec, "gateways");
    if (sizeOf(gateways) > 0 && !texts(gateways).includes("mesh")) continue;
    for (const scope of scopesOf(texts(child(spec, "exportTo")), resource.namespace)) {
      for (const [index, host] of texts(child(spec, "hosts")).entries()) {
        const key = `${scope}/${qualify(resource.namespace, host)}`;
        const owners = found.get(key) ?? [];
        owners.push({ resource, index });
        found.set(key, owners);
      }
    }
  }
  return found;
}
