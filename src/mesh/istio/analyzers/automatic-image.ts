/** IST0146, IST0147: `image: auto` means "the injector fills this in": without injection the pod cannot start. */
import { listOf, objectOf, textMap, textOf } from "../../resource/json-value.ts";
import { type Analyzer, deployment, namespace, pod } from "./analyzer.ts";
import { matchesSelector } from "./label-selector.ts";

export const automaticImage: Analyzer = {
  codes: ["IST0146", "IST0147"],
  analyze(cluster, report) {
    const webhooks = cluster
      .of("admissionregistration.k8s.io/MutatingWebhookConfiguration")
      .flatMap((each) => listOf(each.object.webhooks).map(objectOf))
      .filter((webhook) => textOf(webhook.name).endsWith("istio.io"));
    for (const resource of cluster.of(pod)) {
      if (waitsForImage(resource.spec))
        report(resource, { code: "IST0147", path: ["metadata", "name"], params: { name: resource.name } });
    }
    for (const resource of cluster.of(deployment)) {
      const template = objectOf(resource.spec.template);
      if (!waitsForImage(objectOf(template.spec))) continue;
      const home = cluster.find(namespace, "", resource.namespace)?.labels ?? {};
      const labels = textMap(objectOf(template.metadata).labels);
      const injected = webhooks.some(
        (webhook) => matchesSelector(webhook.namespaceSelector, home) && matchesSelector(webhook.objectSelector, labels),
      );
      if (!injected) report(resource, { code: "IST0146", path: ["metadata", "name"], params: { name: resource.name } });
    }
  },
};

function waitsForImage(spec: Readonly<Record<string, unknown>>): boolean {
  return listOf(spec.containers)
    .map(objectOf)
    .some((container) => container.name === "istio-proxy" && container.image === "auto");
}
