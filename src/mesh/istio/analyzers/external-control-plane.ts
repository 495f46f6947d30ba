/**
 * IST0139 in a cluster whose control plane runs elsewhere: each of its webhooks must be called by URL. Whether the URL's
 * host resolves is not asked: there is no network here.
 */
import { listOf, objectOf, textOf } from "../../resource/json-value.ts";
import type { Analyzer } from "./analyzer.ts";

const validating = "admissionregistration.k8s.io/ValidatingWebhookConfiguration";
const mutating = "admissionregistration.k8s.io/MutatingWebhookConfiguration";
const validator = "istio-validator-external-istiod";
const injector = "istio-sidecar-injector-external-istiod";
const called: ReadonlySet<string> = new Set([validator, "istiod-default-validator", injector]);

export const externalControlPlane: Analyzer = {
  codes: ["IST0139"],
  analyze(cluster, report) {
    const configurations = [...cluster.of(validating), ...cluster.of(mutating)];
    const names = new Set(configurations.map((each) => each.name));
    if (!names.has(validator) || !names.has(injector)) return;
    for (const configuration of configurations.filter((each) => called.has(each.name))) {
      const hooks = listOf(configuration.object.webhooks).map(objectOf);
      const index = hooks.findIndex((hook) => objectOf(hook.clientConfig).url === undefined);
      if (index < 0) continue;
      const params = { webhook: textOf(hooks[index]?.name), problem: "clientConfig.url" };
      report(configuration, { code: "IST0139", path: ["webhooks", index], params });
    }
  },
};
