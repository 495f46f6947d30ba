/** IST0101: a route names a subset that no DestinationRule of that host defines. */
import { child, items, pathOf, text } from "../../resource/field.ts";
import { type Analyzer, destinationRule, virtualService } from "./analyzer.ts";
import { type Cluster, specOf } from "./cluster.ts";
import { qualify } from "./service-index.ts";
import { destinationsOf } from "./virtual-service-destinations.ts";

export const destinationSubsets: Analyzer = {
  codes: ["IST0101"],
  analyze(cluster, report) {
    const defined = definedSubsets(cluster);
    for (const resource of cluster.of(virtualService)) {
      for (const { field, mirror } of destinationsOf(resource)) {
        const [host, subset] = [child(field, "host"), child(field, "subset")];
        if (text(subset) === "" || defined.has(`${qualify(resource.namespace, text(host))} ${text(subset)}`)) continue;
        const refType = mirror ? "mirror subset" : "subset";
        const refValue = `${text(host)}/${text(subset)}`;
        report(resource, { code: "IST0101", path: pathOf(subset), params: { refType, refValue } });
      }
    }
  },
};

function definedSubsets(cluster: Cluster): Set<string> {
  const defined = new Set<string>();
  for (const rule of cluster.of(destinationRule)) {
    const spec = specOf(rule);
    const host = qualify(rule.namespace, text(child(spec, "host")));
    for (const subset of items(child(spec, "subsets"))) defined.add(`${host} ${text(child(subset, "name"))}`);
  }
  return defined;
}
