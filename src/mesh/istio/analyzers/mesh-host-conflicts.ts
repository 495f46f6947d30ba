/** IST0109: several VirtualServices of the mesh claim the same host for the same namespaces. */
import { child, sizeOf, texts } from "../../resource/field.ts";
import type { Resource } from "../../resource/resource.ts";
import { hostsOverlap } from "../validation/hosts.ts";
import { type Analyzer, virtualService } from "./analyzer.ts";
import { type Cluster, fullName, specOf } from "./cluster.ts";
import { qualify, scopesOf } from "./service-index.ts";

export const meshHostConflicts: Analyzer = {
  codes: ["IST0109"],
  analyze(cluster, report) {
    const found = claims(cluster);
    const general = [...found].filter(([key]) => key.startsWith("*/")).map(([key, owners]) => ({ host: key.slice(2), owners }));
    const generalWild = general.filter(({ host }) => host.startsWith("*"));
    for (const [key, scoped] of found) {
      const owners = [...scoped];
      if (!key.startsWith("*/")) {
        // A claim for every namespace meets those for a single one, and there wildcards count.
        const host = key.slice(key.indexOf("/") + 1);
        const exact = found.get(`*/${host}`) ?? [];
        const others = (host.startsWith("*") ? general : generalWild).filter(
          (each) => each.host !== host && hostsOverlap(each.host, host),
        );
        owners.push(...exact, ...others.flatMap((each) => each.owners));
      }
      if (owners.length < 2) continue;
      const params = { virtualServices: owners.map(({ resource }) => fullName(resource)).join(", "), host: key };
      for (const { resource, index } of owners) report(resource, { code: "IST0109", path: ["spec", "hosts", index], params });
    }
  },
};

interface Claim {
  resource: Resource;
  index: number;
}

function claims(cluster: Cluster): Map<string, Claim[]> {
  const found = new Map<string, Claim[]>();
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
