/** IST0149: a route asks for a claim of the token, but the gateway's pods check no token. */
import { child, entries, items, pathOf, texts } from "../../resource/field.ts";
import { isClaimName } from "../validation/headers.ts";
import { type Analyzer, istioGateway, requestAuthentication, virtualService } from "./analyzer.ts";
import { type Cluster, labelsOf, type Pod, rootNamespace, selects, specOf } from "./cluster.ts";

export const jwtClaimRoutes: Analyzer = {
  codes: ["IST0149"],
  analyze(cluster, report) {
    for (const resource of cluster.of(virtualService)) {
      const spec = specOf(resource);
      const matches = items(child(spec, "http")).flatMap((route) => items(child(route, "match")));
      const headers = matches.flatMap((match) => [
        ...entries(child(match, "headers")),
        ...entries(child(match, "withoutHeaders")),
      ]);
      const claim = headers.find((header) => isClaimName(String(header.key)));
      if (!claim) continue;
      for (const name of texts(child(spec, "gateways")).filter((each) => each !== "mesh")) {
        const [namespace, local] = name.includes("/") ? name.split("/", 2) : [resource.namespace, name];
        const gateway = cluster.find(istioGateway, namespace!, local!);
        if (!gateway) continue;
        for (const pod of cluster.podsMatching(labelsOf(gateway.spec.selector))) {
          if (checksTokens(cluster, pod)) continue;
          const params = { key: String(claim.key), gateway: name, pod: pod.name };
          report(resource, { code: "IST0149", path: pathOf(claim), part: "key", params });
        }
      }
    }
  },
};

function checksTokens(cluster: Cluster, pod: Pod): boolean {
  return cluster.of(requestAuthentication).some((policy) => {
    const inScope = policy.namespace === rootNamespace || policy.namespace === pod.namespace;
    const selector = child(child(specOf(policy), "selector"), "matchLabels").value;
    return inScope && selects(labelsOf(selector), pod.labels);
  });
}
