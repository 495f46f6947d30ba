/**
 * Who runs in the cluster: the workloads of an Experiment joined with the Deployments (StatefulSets, Pods …) of the mesh
 * documents. The Experiment's word counts where both speak; a Deployment it does not name runs with an idle application.
 */
import type { BehaviourConfig } from "#engine";
import { objectOf, type Resource } from "#mesh";
import type { ExperimentWorkload, Path } from "../experiment/experiment.ts";
import { idleBehaviour } from "../experiment/read-behaviour.ts";
import { maxReplicas } from "../experiment/read-workload.ts";

export interface PlannedWorkload {
  /** Position in the list: decides the addresses of its pods. */
  index: number;
  name: string;
  namespace: string;
  /** What shares and the graph group it by: `service` of the experiment, else the Service that selects it, else its name. */
  service: string;
  /** Set where the experiment names the Service. */
  explicitService?: string;
  labels: Readonly<Record<string, string>>;
  serviceAccount: string;
  meshed: boolean;
  behaviour: BehaviourConfig;
  perReplica: Readonly<Record<number, Partial<BehaviourConfig>>>;
  replicas: number;
  locality: string | readonly string[];
  addresses?: readonly string[];
  /** Place in the Experiment; null when only a Deployment speaks of it. */
  path: Path | null;
}

interface PodTemplate {
  name: string;
  namespace: string;
  labels: Readonly<Record<string, string>>;
  serviceAccount: string;
  replicas: number;
  injected: boolean;
}

export const podControllers = ["Deployment", "StatefulSet", "DaemonSet", "ReplicaSet"];

/** @param proxies false: no workload has a proxy (dataPlane: none). */
export function planWorkloads(
  declared: readonly ExperimentWorkload[],
  resources: readonly Resource[],
  proxies: boolean,
): PlannedWorkload[] {
  const closed = resources.filter((one) => one.kind === "Namespace" && one.labels["istio-injection"] === "disabled");
  const closedNamespaces = new Set(closed.map((namespace) => namespace.name));
  const templates = resources.flatMap((resource) => podTemplate(resource, closedNamespaces) ?? []);
  const claimed = new Set<PodTemplate>();
  const fromExperiment = declared.map((workload) => {
    const template = templates.find((one) => one.name === workload.name && one.namespace === workload.namespace);
    if (template) claimed.add(template);
    return joined(workload, template, closedNamespaces);
  });
  const alone = templates
    .filter((template) => !claimed.has(template))
    .map((template) => joined(undefined, template, closedNamespaces));
  return [...fromExperiment, ...alone].map((workload, index) => ({
    ...workload,
    index,
    meshed: proxies && workload.meshed,
    service: workload.explicitService ?? selectingService(workload, resources) ?? workload.name,
  }));
}

function joined(
  declared: ExperimentWorkload | undefined,
  template: PodTemplate | undefined,
  closedNamespaces: ReadonlySet<string>,
): Omit<PlannedWorkload, "index" | "service"> {
  const injected =
    template?.injected ?? isInjected(declared?.labels ?? {}, closedNamespaces.has(declared?.namespace ?? "default"));
  return {
    name: declared?.name ?? template?.name ?? "",
    namespace: declared?.namespace ?? template?.namespace ?? "default",
    explicitService: declared?.service,
    labels: declared?.labels ?? template?.labels ?? {},
    serviceAccount: declared?.serviceAccount ?? template?.serviceAccount ?? "default",
    meshed: declared?.meshed ?? injected,
    behaviour: declared?.behaviour ?? idleBehaviour,
    perReplica: declared?.perReplica ?? {},
    replicas: declared?.replicas ?? declared?.addresses?.length ?? template?.replicas ?? 1,
    locality: declared?.locality ?? "",
    addresses: declared?.addresses,
    path: declared?.path ?? null,
  };
}

function podTemplate(resource: Resource, closedNamespaces: ReadonlySet<string>): PodTemplate | undefined {
  const { kind, name, namespace, spec } = resource;
  if (kind === "Pod" && resource.group === "") {
    const injected = isInjected({ ...resource.annotations, ...resource.labels }, closedNamespaces.has(namespace));
    return { name, namespace, labels: resource.labels, serviceAccount: serviceAccountOf(spec), replicas: 1, injected };
  }
  if (resource.group !== "apps" || !podControllers.includes(kind)) return undefined;
  const template = objectOf(spec.template);
  const metadata = objectOf(template.metadata);
  const labels = textsOf(metadata.labels);
  const replicas = writtenReplicas(resource) ?? 1;
  const injected = isInjected({ ...textsOf(metadata.annotations), ...labels }, closedNamespaces.has(namespace));
  return { name, namespace, labels, serviceAccount: serviceAccountOf(objectOf(template.spec)), replicas, injected };
}

/** Of a Deployment or its like; undefined: it does not say. */
export function writtenReplicas({ spec }: Resource): number | undefined {
  return typeof spec.replicas === "number" ? Math.min(Math.max(0, Math.floor(spec.replicas)), maxReplicas) : undefined;
}

/** The pod's `sidecar.istio.io/inject` decides (label before annotation), then the namespace; else the pod is in the mesh. */
function isInjected(marks: Readonly<Record<string, string>>, closedNamespace: boolean): boolean {
  const own = marks["sidecar.istio.io/inject"];
  return own === undefined ? !closedNamespace : own !== "false";
}

function serviceAccountOf(podSpec: Readonly<Record<string, unknown>>): string {
  return typeof podSpec.serviceAccountName === "string" ? podSpec.serviceAccountName : "default";
}

function selectingService(
  workload: { namespace: string; labels: Readonly<Record<string, string>> },
  resources: readonly Resource[],
) {
  return resources.find(
    (resource) => resource.kind === "Service" && resource.group === "" && selects(resource, workload.namespace, workload.labels),
  )?.name;
}

/** Whether a core Service's selector picks pods with these labels; an empty selector picks none. */
export function selects(service: Resource, namespace: string, labels: Readonly<Record<string, string>>): boolean {
  const wanted = Object.entries(textsOf(service.spec.selector));
  return service.namespace === namespace && wanted.length > 0 && wanted.every(([key, value]) => labels[key] === value);
}

function textsOf(value: unknown): Record<string, string> {
  return Object.fromEntries(Object.entries(objectOf(value)).map(([key, text]) => [key, String(text)]));
}
