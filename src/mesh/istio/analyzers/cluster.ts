/**
 * What the analyzers look at: every resource as if live in one cluster, pods and services in a form that can be searched.
 * An ingress gateway stands in istio-system as `istioctl analyze` assumes one; an Experiment's workloads count as pods.
 */
import type { WorkloadInput } from "../../mesh-api.ts";
import { type Field, rootField } from "../../resource/field.ts";
import { listOf, objectOf, textMap, textOf } from "../../resource/json-value.ts";
import type { Resource } from "../../resource/resource.ts";
import { readServices, type ServiceIndex } from "./service-index.ts";

export type Labels = Readonly<Record<string, string>>;

export interface Pod {
  name: string;
  namespace: string;
  labels: Labels;
  annotations: Labels;
  inMesh: boolean;
  nodeName: string;
  /** undefined for pods that stand in no document. */
  resource?: Resource;
}

export interface Cluster {
  /** "networking.istio.io/VirtualService", "core/Service": resources that could be read as such. */
  of(kind: string): readonly Resource[];
  find(kind: string, namespace: string, name: string): Resource | undefined;
  readonly pods: readonly Pod[];
  /** Pods whose labels hold all of the selector; all pods for an empty one. */
  podsMatching(selector: Labels): readonly Pod[];
  readonly services: ServiceIndex;
  /** MeshConfig of the `istio` ConfigMap; {} where none is given. */
  readonly meshConfig: Readonly<Record<string, unknown>>;
}

export const rootNamespace = "istio-system";
export const ingressLabels: Labels = { istio: "ingressgateway" };
export const ingressPorts = [80, 443, 31400, 15443];

export function makeCluster(resources: readonly Resource[], workloads: readonly WorkloadInput[], meshConfig: object): Cluster {
  const kinds = new Map<string, Resource[]>();
  const named = new Map<string, Resource>();
  for (const resource of resources) {
    const kind = `${resource.group || "core"}/${resource.kind}`;
    const list = kinds.get(kind) ?? [];
    list.push(resource);
    kinds.set(kind, list);
    named.set(`${kind}/${resource.namespace}/${resource.name}`, resource);
  }
  const namespaces = new Map((kinds.get("core/Namespace") ?? []).map((each) => [each.name, each]));
  const pods = [
    ...(kinds.get("core/Pod") ?? []).map((pod) => podOf(pod, namespaces)),
    ...workloads.flatMap(podsOfWorkload),
    ingressPod,
  ];
  return {
    of: (kind) => kinds.get(kind) ?? [],
    find: (kind, namespace, name) => named.get(`${kind}/${namespace}/${name}`),
    pods,
    podsMatching: podSearch(pods),
    services: readServices(kinds.get("core/Service") ?? [], kinds.get("networking.istio.io/ServiceEntry") ?? []),
    meshConfig: meshConfig as Readonly<Record<string, unknown>>,
  };
}

const ingressPod: Pod = {
  name: "istio-ingressgateway-dummypod",
  namespace: rootNamespace,
  labels: ingressLabels,
  annotations: {},
  inMesh: false,
  nodeName: "",
};

function podOf(resource: Resource, namespaces: ReadonlyMap<string, Resource>): Pod {
  const { name, namespace, labels, annotations } = resource;
  const containers = [...listOf(resource.spec.containers), ...listOf(resource.spec.initContainers)];
  const inMesh = isInMesh(containers, labels, annotations, namespaces.get(namespace));
  const ambient = annotations["ambient.istio.io/redirection"] === "enabled";
  return { name, namespace, labels, annotations, inMesh: inMesh || ambient, nodeName: textOf(resource.spec.nodeName), resource };
}

function podsOfWorkload(workload: WorkloadInput): Pod[] {
  return workload.replicas.map((_, index) => ({
    name: `${workload.name}-${index}`,
    namespace: workload.namespace,
    labels: workload.labels,
    annotations: {},
    inMesh: workload.meshed,
    nodeName: "",
  }));
}

/** A proxy container decides; then the pod's own label or annotation; then the namespace. */
export function isInMesh(
  containers: readonly unknown[],
  labels: Labels,
  annotations: Labels,
  namespace: Resource | undefined,
): boolean {
  if (containers.map(objectOf).some((container) => container.name === "istio-proxy" && textOf(container.image) !== ""))
    return true;
  const own = labels["sidecar.istio.io/inject"] ?? annotations["sidecar.istio.io/inject"];
  if (own !== undefined) return own === "true";
  return namespace?.labels["istio-injection"] === "enabled";
}

/** Searches by the rarest label of the selector, so that many selectors over many pods stay cheap. */
function podSearch(pods: readonly Pod[]): Cluster["podsMatching"] {
  const index = new Map<string, Pod[]>();
  for (const pod of pods) {
    for (const [key, value] of Object.entries(pod.labels)) {
      const bucket = index.get(`${key}=${value}`);
      if (bucket) bucket.push(pod);
      else index.set(`${key}=${value}`, [pod]);
    }
  }
  return (selector) => {
    let rarest: readonly Pod[] = pods;
    for (const [key, value] of Object.entries(selector)) {
      const bucket = index.get(`${key}=${value}`) ?? [];
      if (bucket.length < rarest.length) rarest = bucket;
    }
    return rarest.filter((pod) => selects(selector, pod.labels));
  };
}

export function selects(selector: Labels, labels: Labels): boolean {
  return Object.entries(selector).every(([key, value]) => labels[key] === value);
}

export function specOf(resource: Resource): Field {
  return rootField(resource.spec);
}

/** `matchLabels` or `labels` of a selector field. */
export function labelsOf(value: unknown): Labels {
  return textMap(value);
}

/** "app=reviews,version=v1", keys in order, as Kubernetes prints selectors. */
export function selectorText(selector: Labels): string {
  return Object.keys(selector)
    .sort()
    .map((key) => `${key}=${selector[key]}`)
    .join(",");
}

/** `namespace/name`. */
export function fullName(resource: Resource): string {
  return resource.namespace === "" ? resource.name : `${resource.namespace}/${resource.name}`;
}

/** Namespaces that Istio never touches. */
export const systemNamespaces: ReadonlySet<string> = new Set([
  "kube-system",
  "kube-public",
  "kube-node-lease",
  "local-path-storage",
]);

export function isControlPlane(resource: Resource): boolean {
  return resource.labels.istio !== undefined || resource.labels.release === "istio";
}
