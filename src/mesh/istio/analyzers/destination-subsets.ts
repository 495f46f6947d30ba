/** IST0101: a route names a subset that no DestinationRule of that host defines. */
import { nearWord } from "../../fixes/near-word.ts";
import { replaceValue } from "../../fixes/replace-text.ts";
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
        const near = nearWord(text(subset), subsetsOf(defined, qualify(resource.namespace, text(host))));
        const path = pathOf(subset);
        const finding = { code: "IST0101", path, params: { refType, refValue } };
        report(resource, near === undefined ? finding : { ...finding, fix: (owner) => replaceValue(owner, path, near) });
      }
    }
  },
};

function subsetsOf(defined: ReadonlySet<string>, host: string): string[] {
  return [...defined].flatMap((each) => (each.startsWith(`${host} `) ? [each.slice(host.length + 1)] : []));
}

function definedSubsets(cluster: Cluster): Set<string> {
  const defined = new Set<string>();
  for (const rule of cluster.of(destinationRule)) {
    const spec = specOf(rule);
    const host = qualify(rule.namespace, text(child(spec, "host")));
    for (const subset of items(child(spec, "subsets"))) defined.add(`${host} ${text(child(subset, "name"))}`);
  }
  return defined;
}
