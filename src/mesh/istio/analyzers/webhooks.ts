/** IST0139: an injection webhook that points to no Service, or injects what another one injects too. */
import { listOf, objectOf, textMap, textOf } from "../../resource/json-value.ts";
import type { Resource } from "../../resource/resource.ts";
import { type Analyzer, service } from "./analyzer.ts";
import type { Cluster, Labels } from "./cluster.ts";
import { matchesSelector } from "./label-selector.ts";

interface Webhook {
  owner: Resource;
  name: string;
  definition: Record<string, unknown>;
  index: number;
}

const revisionLabel = "istio.io/rev";
const namespaceChoices: Labels[] = [{}, { "istio-injection": "enabled" }, { "istio-injection": "disabled" }];
const objectChoices: Labels[] = [{}, { "sidecar.istio.io/inject": "true" }, { "sidecar.istio.io/inject": "false" }];

export const webhooks: Analyzer = {
  codes: ["IST0139"],
  analyze(cluster, report) {
    const found = istioWebhooks(cluster);
    const overlapping = overlaps(found);
    for (const webhook of found) {
      const path = ["webhooks", webhook.index];
      const others = overlapping.get(webhook);
      if (others)
        report(webhook.owner, { code: "IST0139", path, params: { webhook: webhook.name, problem: [...others].join(", ") } });
      const target = objectOf(objectOf(webhook.definition.clientConfig).service);
      if (target.name === undefined || cluster.find(service, textOf(target.namespace), textOf(target.name))) continue;
      const problem = `${textOf(target.namespace)}/${textOf(target.name)}`;
      report(webhook.owner, { code: "IST0139", path, params: { webhook: webhook.name, problem } });
    }
  },
};

function istioWebhooks(cluster: Cluster): Webhook[] {
  return cluster.of("admissionregistration.k8s.io/MutatingWebhookConfiguration").flatMap((owner) => {
    const definitions = listOf(owner.object.webhooks).map(objectOf);
    const istio = definitions.some((each) => textOf(each.name).endsWith("istio.io"));
    if (!istio && revisionsOf(owner, definitions).length === 0) return [];
    return definitions.map((definition, index) => ({ owner, name: textOf(definition.name), definition, index }));
  });
}

function revisionsOf(owner: Resource, definitions: readonly Record<string, unknown>[]): string[] {
  const selectors = definitions.flatMap((each) => [objectOf(each.namespaceSelector), objectOf(each.objectSelector)]);
  const labelled = [owner.labels, ...selectors.map((each) => textMap(each.matchLabels))].flatMap(
    (each) => each[revisionLabel] ?? [],
  );
  const listed = selectors
    .flatMap((each) => listOf(each.matchExpressions).map(objectOf))
    .filter((each) => each.key === revisionLabel)
    .flatMap((each) => listOf(each.values).map(textOf));
  return [...new Set([...labelled, ...listed])];
}

/** For every combination of labels that matter, no more than one webhook may apply. */
function overlaps(found: readonly Webhook[]): Map<Webhook, Set<string>> {
  const revisions = new Set(found.flatMap((each) => revisionsOf(each.owner, [each.definition])));
  const withRevisions = (choices: readonly Labels[]): Labels[] => [
    ...choices,
    ...[...revisions].flatMap((revision) => choices.map((choice) => ({ ...choice, [revisionLabel]: revision }))),
  ];
  const clashes = new Map<Webhook, Set<string>>();
  for (const namespace of withRevisions(namespaceChoices)) {
    const here = found.filter((each) => matchesSelector(each.definition.namespaceSelector, namespace));
    if (here.length < 2) continue;
    for (const object of withRevisions(objectChoices)) {
      const applied = here.filter((each) => matchesSelector(each.definition.objectSelector, object));
      if (applied.length < 2) continue;
      for (const one of applied) {
        const others = clashes.get(one) ?? new Set();
        for (const other of applied) if (other !== one) others.add(other.name);
        clashes.set(one, others);
      }
    }
  }
  return clashes;
}
