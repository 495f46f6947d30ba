/** IST0158: pods that still run another proxy than the injector would give them now. */
import { listOf, objectOf, textOf } from "../../resource/json-value.ts";
import { type Analyzer, namespace, pod } from "./analyzer.ts";
import { injectorValues } from "./injector.ts";

export const proxyImages: Analyzer = {
  codes: ["IST0158"],
  analyze(cluster, report) {
    const outdated = new Map<string, string[]>();
    for (const resource of cluster.of(pod)) {
      const home = cluster.find(namespace, "", resource.namespace);
      const revision = home?.labels["istio.io/rev"];
      if (revision === undefined && home?.labels["istio-injection"] !== "enabled") continue;
      if (resource.annotations["sidecar.istio.io/proxyImage"]) continue;
      const values = injectorValues(cluster, revision ?? "");
      if (!values) continue;
      const containers = [...listOf(resource.spec.containers), ...listOf(resource.spec.initContainers)].map(objectOf);
      const proxy = containers.find((container) => container.name === "istio-proxy");
      // Distroless is a flavour of the same version.
      if (!proxy || imageName(textOf(proxy.image)) === imageName(wantedImage(values))) continue;
      outdated.set(resource.namespace, [...(outdated.get(resource.namespace) ?? []), resource.name]);
    }
    for (const [name, pods] of outdated) {
      const home = cluster.find(namespace, "", name);
      if (home) report(home, { code: "IST0158", path: ["metadata", "name"], params: { pods: pods.join(", ") } });
    }
  },
};

function wantedImage(values: Record<string, unknown>): string {
  const global = objectOf(values.global);
  const image = textOf(objectOf(global.proxy).image);
  return image.includes("/") ? image : `${textOf(global.hub)}/${image}:${textOf(global.tag)}`;
}

function imageName(image: string): string {
  return image.replace(/-distroless$/, "");
}
