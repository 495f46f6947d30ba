/** IST0144: an application that runs as user 1337, whose traffic the redirection leaves alone. */
import { at, child, items, number, pathOf, rootField, text } from "../../resource/field.ts";
import { type Analyzer, deployment, pod } from "./analyzer.ts";
import { isControlPlane } from "./cluster.ts";

const proxyUser = 1337;

export const applicationUid: Analyzer = {
  codes: ["IST0144"],
  analyze(cluster, report) {
    for (const resource of [...cluster.of(pod), ...cluster.of(deployment)]) {
      if (isControlPlane(resource)) continue;
      const spec = rootField(resource.spec);
      const podSpec = resource.kind === "Pod" ? spec : at(spec, "template", "spec");
      const containers = items(child(podSpec, "containers")).filter(
        (each) => !["istio-proxy", "operator"].includes(text(child(each, "name"))),
      );
      for (const user of [podSpec, ...containers].map((each) => at(each, "securityContext", "runAsUser"))) {
        if (number(user) === proxyUser) report(resource, { code: "IST0144", path: pathOf(user), params: {} });
      }
    }
  },
};
