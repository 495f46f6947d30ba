/** IST0116 and IST0137: a deployment behind several services that disagree on the protocol of a port, or on the port of a target. */
import { listOf, numberOf, objectOf, textOf } from "../../resource/json-value.ts";
import type { Resource } from "../../resource/resource.ts";
import { type Analyzer, deployment, namespace, type Report, service } from "./analyzer.ts";
import { type Cluster, fullName, isInMesh, labelsOf, selects } from "./cluster.ts";

interface ServicePort {
  owner: string;
  port: number;
  protocol: string;
  targetPort: string;
}

export const deploymentServices: Analyzer = {
  codes: ["IST0116", "IST0137"],
  analyze(cluster, report) {
    const byNamespace = Map.groupBy(cluster.of(service), (each) => each.namespace);
    for (const resource of cluster.of(deployment)) {
      if (resource.labels["gateway.istio.io/managed"] === "istio.io-mesh-controller") continue;
      if (!isMember(cluster, resource)) continue;
      const labels = labelsOf(objectOf(templateOf(resource).metadata).labels);
      const ports = (byNamespace.get(resource.namespace) ?? []).filter((each) => selectsPods(each, labels)).flatMap(portsOf);
      reportProtocols(report, resource, ports);
      reportTargets(report, resource, ports);
    }
  },
};

function templateOf(resource: Resource): Record<string, unknown> {
  return objectOf(resource.spec.template);
}

function isMember(cluster: Cluster, resource: Resource): boolean {
  const template = templateOf(resource);
  const metadata = objectOf(template.metadata);
  const containers = listOf(objectOf(template.spec).containers);
  const home = cluster.find(namespace, "", resource.namespace);
  return isInMesh(containers, labelsOf(metadata.labels), labelsOf(metadata.annotations), home);
}

function selectsPods(resource: Resource, labels: Readonly<Record<string, string>>): boolean {
  const selector = labelsOf(resource.spec.selector);
  return Object.keys(selector).length > 0 && selects(selector, labels);
}

function portsOf(resource: Resource): ServicePort[] {
  return listOf(resource.spec.ports)
    .map(objectOf)
    .map((port) => ({
      owner: fullName(resource),
      port: numberOf(port.port),
      protocol: textOf(port.protocol) || "TCP",
      targetPort: String(port.targetPort ?? "") || String(port.port),
    }));
}

function reportProtocols(report: Report, resource: Resource, ports: readonly ServicePort[]): void {
  for (const [port, users] of Map.groupBy(ports, (each) => each.port)) {
    if (new Set(users.map((user) => user.protocol)).size < 2) continue;
    report(resource, { code: "IST0116", path: ["metadata", "name"], params: { port, services: ownersOf(users) } });
  }
}

function reportTargets(report: Report, resource: Resource, ports: readonly ServicePort[]): void {
  for (const [targetPort, users] of Map.groupBy(ports, (each) => each.targetPort)) {
    const different = [...new Set(users.map((user) => user.port))].sort((a, b) => a - b);
    if (different.length < 2) continue;
    const params = { targetPort, ports: different.join(", "), services: ownersOf(users) };
    report(resource, { code: "IST0137", path: ["metadata", "name"], params });
  }
}

function ownersOf(users: readonly ServicePort[]): string {
  return [...new Set(users.map((user) => user.owner))].sort().join(", ");
}
