/** The workloads of the cluster: those of the experiment, and Deployments, StatefulSets, DaemonSets and Pods of the text. */
import type { WorkloadInput } from "../mesh-api.ts";
import type { Resource } from "../resource/resource.ts";
import { addressPool } from "./address.ts";
import { at, entries, type Field, items, number, specOf, text, textMap } from "./field.ts";
import type { Labels } from "./labels.ts";
import { labelsMatch } from "./labels.ts";

export interface Workload {
  name: string;
  namespace: string;
  labels: Labels;
  serviceAccount: string;
  /** Has a sidecar (or is a gateway). */
  meshed: boolean;
  gateway: boolean;
  /** Explicit membership of a Service, by name, "namespace/name" or host. */
  service?: string;
  replicas: readonly { ip: string; locality: string }[];
  /** Named container ports. */
  ports: Readonly<Record<string, number>>;
  resource?: Resource;
}

const templated: ReadonlySet<string> = new Set(["Deployment", "StatefulSet", "DaemonSet", "ReplicaSet", "Rollout"]);

/** Experiment workloads first; a Deployment of the same name adds labels, account and ports to them instead of counting twice. */
export function readWorkloads(resources: readonly Resource[], inputs: readonly WorkloadInput[]): Workload[] {
  const namespaces = new Map(resources.filter((one) => one.kind === "Namespace").map((one) => [one.name, one.labels]));
  const gatewaySelectors = resources
    .filter((one) => one.kind === "Gateway" && one.group === "networking.istio.io")
    .map((one) => textMap(specOf(one), "selector"))
    .filter((selector) => Object.keys(selector).length > 0);
  const isGateway = (labels: Labels): boolean =>
    labels.istio === "ingressgateway" ||
    labels.istio === "egressgateway" ||
    gatewaySelectors.some((selector) => labelsMatch(selector, labels));

  const written = new Map<string, Workload>();
  const nextAddress = addressPool(10, 244);
  for (const resource of resources) {
    const pod = podOf(resource);
    if (!pod) continue;
    const labels = textMap(pod, "metadata", "labels");
    const replicas = resource.kind === "Pod" ? 1 : (number(specOf(resource), "replicas") ?? 1);
    const gateway = isGateway(labels) || text(pod, "metadata", "annotations", "inject.istio.io/templates") === "gateway";
    written.set(`${resource.namespace}/${resource.name}`, {
      name: resource.name,
      namespace: resource.namespace,
      labels,
      serviceAccount: text(pod, "spec", "serviceAccountName") ?? text(pod, "spec", "serviceAccount") ?? "default",
      meshed: gateway || isInjected(labels, textMap(pod, "metadata", "annotations"), namespaces.get(resource.namespace)),
      gateway,
      replicas: Array.from({ length: Math.min(Math.max(replicas, 0), 1000) }, (_, index) => ({
        ip: nextAddress(`${resource.namespace}/${resource.name}/${index}`),
        locality: "",
      })),
      ports: containerPorts(pod),
      resource,
    });
  }

  const given = inputs.map((input): Workload => {
    const base = written.get(`${input.namespace}/${input.name}`);
    written.delete(`${input.namespace}/${input.name}`);
    const labels = { ...base?.labels, ...input.labels };
    return {
      name: input.name,
      namespace: input.namespace,
      labels,
      serviceAccount: input.serviceAccount || base?.serviceAccount || "default",
      meshed: input.meshed,
      gateway: input.gateway ?? isGateway(labels),
      ...(input.service === undefined || input.service === "" ? {} : { service: input.service }),
      replicas: input.replicas.map((replica) => ({ ip: replica.ip, locality: replica.locality })),
      ports: base?.ports ?? {},
      ...(base?.resource ? { resource: base.resource } : {}),
    };
  });
  return [...given, ...written.values()];
}

function podOf(resource: Resource): Field | undefined {
  if (resource.kind === "Pod" && resource.group === "") return { resource, path: [], value: resource.object };
  return templated.has(resource.kind) ? at(specOf(resource), "template") : undefined;
}

/** The injector's answer: the pod's label decides, then the namespace's; without either the workload counts as meshed. */
function isInjected(labels: Labels, annotations: Labels, namespace: Labels | undefined): boolean {
  const own = labels["sidecar.istio.io/inject"] ?? annotations["sidecar.istio.io/inject"];
  if (own !== undefined) return own !== "false";
  return namespace?.["istio-injection"] !== "disabled";
}

function containerPorts(pod: Field): Record<string, number> {
  const ports: Record<string, number> = {};
  for (const container of items(pod, "spec", "containers")) {
    for (const port of items(container, "ports")) {
      const name = text(port, "name");
      const target = number(port, "containerPort");
      if (name !== undefined && target !== undefined) ports[name] = target;
    }
  }
  return ports;
}

/** WorkloadEntries behave as one-replica workloads of the namespace, addressed as written. */
export function readWorkloadEntries(resources: readonly Resource[]): (Workload & { portMap: Record<string, number> })[] {
  return resources
    .filter((one) => one.kind === "WorkloadEntry")
    .map((resource) => {
      const spec = specOf(resource);
      const labels = textMap(spec, "labels");
      return {
        name: resource.name,
        namespace: resource.namespace,
        labels,
        serviceAccount: text(spec, "serviceAccount") ?? "default",
        meshed: labels["security.istio.io/tlsMode"] === "istio",
        gateway: false,
        replicas: [{ ip: text(spec, "address") ?? "", locality: text(spec, "locality") ?? "" }],
        ports: {},
        portMap: Object.fromEntries(entries(spec, "ports").map(([name, port]) => [name, number(port) ?? 0])),
        resource,
      };
    });
}
