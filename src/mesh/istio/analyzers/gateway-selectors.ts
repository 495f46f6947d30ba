/** IST0166: a policy selects the pods of a Kubernetes Gateway by label; there only targetRefs work. */
import { at, child, isSet, pathOf } from "../../resource/field.ts";
import { type Analyzer, authorizationPolicy, requestAuthentication, telemetry, wasmPlugin } from "./analyzer.ts";
import { labelsOf, specOf } from "./cluster.ts";

const gatewayLabel = "gateway.networking.k8s.io/gateway-name";

export const gatewaySelectors: Analyzer = {
  codes: ["IST0166"],
  analyze(cluster, report) {
    for (const kind of [authorizationPolicy, requestAuthentication, telemetry, wasmPlugin]) {
      for (const resource of cluster.of(kind)) {
        const spec = specOf(resource);
        const selector = child(spec, "selector");
        if (!isSet(selector) || isSet(child(spec, "targetRef"))) continue;
        for (const pod of cluster.podsMatching(labelsOf(at(selector, "matchLabels").value))) {
          const gateway = pod.labels[gatewayLabel];
          if (gateway === undefined || pod.namespace !== resource.namespace) continue;
          report(resource, { code: "IST0166", path: pathOf(selector), params: { gateway } });
        }
      }
    }
  },
};
