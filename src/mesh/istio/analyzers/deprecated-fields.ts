/** IST0002: fields and kinds that Istio gives up. */
import { at, child, isSet, items, number, pathOf, text } from "../../resource/field.ts";
import { type Analyzer, sidecar, telemetry, virtualService } from "./analyzer.ts";
import { specOf } from "./cluster.ts";
import { providersOf } from "./mesh-config.ts";

const removedKinds = ["ClusterRbacConfig", "RbacConfig", "ServiceRole", "ServiceRoleBinding"];

export const deprecatedFields: Analyzer = {
  codes: ["IST0002"],
  analyze(cluster, report) {
    for (const resource of cluster.of(virtualService)) {
      for (const route of items(child(specOf(resource), "http"))) {
        const percent = at(route, "fault", "delay", "percent");
        const params = { field: "fault.delay.percent", better: "fault.delay.percentage" };
        if (number(percent) > 0) report(resource, { code: "IST0002", path: pathOf(percent), params });
      }
    }
    for (const resource of cluster.of(sidecar)) {
      const proxy = at(specOf(resource), "outboundTrafficPolicy", "egressProxy");
      const params = { field: "outboundTrafficPolicy.egressProxy", better: "VirtualService" };
      if (isSet(proxy)) report(resource, { code: "IST0002", path: pathOf(proxy), params });
    }
    for (const resource of cluster.of("apiextensions.k8s.io/CustomResourceDefinition")) {
      const kind = at(specOf(resource), "names", "kind");
      if (text(child(specOf(resource), "group")) !== "rbac.istio.io" || !removedKinds.includes(text(kind))) continue;
      report(resource, { code: "IST0002", path: pathOf(kind), params: { field: text(kind), better: "AuthorizationPolicy" } });
    }
    const lightstep = providersOf(cluster.meshConfig, "lightstep");
    for (const resource of cluster.of(telemetry)) {
      for (const provider of items(child(specOf(resource), "tracing")).flatMap((each) => items(child(each, "providers")))) {
        const name = child(provider, "name");
        const params = { field: `lightstep (${text(name)})`, better: "opentelemetry" };
        if (lightstep.includes(text(name))) report(resource, { code: "IST0002", path: pathOf(name), params });
      }
    }
  },
};
