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
  for (const resource of resources) {
    const kind = kindOf(resource);
    const list = kinds.get(kind);
    if (list) list.push(resource);
    else kinds.set(kind, [resource]);
  }
  const of = (kind: string): readonly Resource[] => kinds.get(kind) ?? none;
  // Each made at its first use: after a keystroke most are never asked for.
  const names = new Map<string, ReadonlyMap<string, Resource>>();
  const find: Cluster["find"] = (kind, namespace, name) => {
    let known = names.get(kind);
    if (!known) {
      known = new Map(of(kind).map((each) => [`${each.namespace}/${each.name}`, each]));
      names.set(kind, known);
    }
    return known.get(`${namespace}/${name}`);
  };
  let pods: readonly Pod[] | undefined;
  let search: Cluster["podsMatching"] | undefined;
  let services: ServiceIndex | undefined;
  return {
    of,
    find,
    get pods() {
      pods ??= [
        ...of("core/Pod").map((pod) => podOf(pod, find("core/Namespace", "", pod.namespace))),
        ...workloads.flatMap(podsOfWorkload),
        ingressPod,
      ];
      return pods;
    },
    podsMatching(selector) {
      search ??= podSearch(this.pods);
      return search(selector);
    },
    get services() {
      services ??= readServices(of("core/Service"), of("networking.istio.io/ServiceEntry"));
      return services;
    },
    meshConfig: meshConfig as Readonly<Record<string, unknown>>,
  };
}

const none: readonly Resource[] = [];

export function kindOf(resource: Pick<Resource, "group" | "kind">): string {
  return `${resource.group || "core"}/${resource.kind}`;
}

const ingressPod: Pod = {
  name: "istio-ingressgateway-dummypod",
  namespace: rootNamespace,
  labels: ingressLabels,
  annotations: {},
  inMesh: false,
  nodeName: "",
};

function podOf(resource: Resource, home: Resource | undefined): Pod {
  const { name, namespace, labels, annotations } = resource;
  const containers = [...listOf(resource.spec.containers), ...listOf(resource.spec.initContainers)];
  const inMesh = isInMesh(containers, labels, annotations, home);
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
