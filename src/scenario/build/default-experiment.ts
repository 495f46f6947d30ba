/**
 * What runs when nobody wrote an Experiment, so that pasted YAML always shows something:
 * - a host of a VirtualService or DestinationRule without a Service document is taken to be a Service on port 8080 (or the
 *   port the destination names), and a note says so;
 * - a Service that no Deployment stands behind gets one workload per subset of its DestinationRule, or one of its own name;
 * - callers are the Deployments no Service selects (nothing can call them, so they call); without one, a meshed `client` in
 *   the namespace of each Service;
 * - each Service gets 10 requests a second, spread over what its VirtualServices match on; applications answer in about 10 ms.
 * It invents no goal and changes no document.
 */
import type { BehaviourConfig, RequestTemplate } from "#engine";
import { type Diagnostic, parseResources, type Resource } from "#mesh";
import type { Experiment, ExperimentTraffic, ExperimentWorkload } from "../experiment/experiment.ts";
import { report } from "../experiment/field-reader.ts";
import { idleBehaviour } from "../experiment/read-behaviour.ts";
import { idleNetwork } from "../experiment/read-experiment.ts";
import { assumedHosts, subsetsOf } from "./assumed-hosts.ts";
import { requestVariants } from "./request-variants.ts";
import { type PlannedWorkload, planWorkloads, selects } from "./workloads.ts";

const durationMs = 60_000;
const requestsPerSecond = 10;
const replicas = 2;
const clientName = "client";
const behaviour: BehaviourConfig = { ...idleBehaviour, serviceTime: { type: "exponential", meanMs: 10 } };

/** Marks the Services nobody wrote. */
const assumedFile = "assumed";

export interface DefaultExperiment {
  experiment: Experiment;
  /** The documents with the assumed Services. */
  resources: Resource[];
  diagnostics: Diagnostic[];
}

/** @returns undefined where the documents hold nothing that could be called. */
export function defaultExperiment(documents: readonly Resource[]): DefaultExperiment | undefined {
  const assumed = assumedHosts(documents);
  const diagnostics: Diagnostic[] = [];
  for (const host of assumed) {
    const params = { name: host.name, namespace: host.namespace, port: host.port };
    report({ resource: host.mentionedBy, diagnostics }, host.path, "MESH1520", params, { severity: "info" });
  }
  const resources = [...documents, ...assumed.map(assumedService)];
  const deployed = planWorkloads([], resources, true);
  const services = resources.filter((resource) => resource.kind === "Service" && resource.group === "");
  const behind = services.flatMap((service) => (isServed(service, deployed) ? [] : assumedWorkloads(service, resources)));
  const existing = deployed.map(
    (workload): ExperimentWorkload => ({ ...bare(workload.name, workload.namespace), labels: undefined }),
  );
  const callers = deployed.filter(
    (workload) => !services.some((service) => selects(service, workload.namespace, workload.labels)),
  );
  const namespaces = [...new Set(services.map((service) => service.namespace))];
  const clients = callers.length > 0 ? [] : namespaces.map((namespace) => bare(clientName, namespace));
  const from = callers.length > 0 ? callers : clients;
  const traffic = services.flatMap((service) => trafficTo(service, from, resources));
  if (traffic.length === 0) return undefined;
  const experiment: Experiment = {
    name: "sandbox",
    dataPlane: "sidecar",
    seed: 1,
    durationMs,
    workloads: [...existing, ...behind, ...clients],
    traffic,
    network: idleNetwork,
    timeline: [],
    expect: [],
  };
  return { experiment, resources, diagnostics };
}

/** The documents edited while it runs: a Service once assumed stays, though nothing may mention it any more. */
export function assumedAgain(documents: readonly Resource[], before: readonly Resource[]): Resource[] {
  const resources = defaultExperiment(documents)?.resources ?? [...documents];
  const isGiven = (service: Resource): boolean =>
    resources.some((one) => one.kind === "Service" && one.name === service.name && one.namespace === service.namespace);
  return [...resources, ...before.filter((one) => one.file === assumedFile && !isGiven(one))];
}

function bare(name: string, namespace: string): ExperimentWorkload {
  return { name, namespace, behaviour, perReplica: {}, path: [] };
}

function isServed(service: Resource, workloads: readonly PlannedWorkload[]): boolean {
  return workloads.some((workload) => selects(service, workload.namespace, workload.labels));
}

function assumedService(host: { name: string; namespace: string; port: number }): Resource {
  const service = {
    apiVersion: "v1",
    kind: "Service",
    metadata: { name: host.name, namespace: host.namespace },
    spec: { selector: { app: host.name }, ports: [{ name: "http", port: host.port }] },
  };
  const [resource] = parseResources([{ name: assumedFile, text: JSON.stringify(service) }]).resources;
  if (!resource) throw new Error("invariant broken: a generated Service parses");
  return resource;
}

function assumedWorkloads(service: Resource, resources: readonly Resource[]): ExperimentWorkload[] {
  const selector = (service.spec.selector ?? {}) as Record<string, string>;
  const subsets = subsetsOf(service, resources);
  const workload = (name: string, labels: Record<string, string>): ExperimentWorkload => ({
    ...bare(name, service.namespace),
    service: service.name,
    labels: { ...selector, ...labels },
    replicas,
  });
  if (subsets.length === 0) return [workload(service.name, {})];
  return subsets.map((subset) => workload(`${service.name}-${subset.name}`, { ...subset.labels }));
}

function trafficTo(
  service: Resource,
  callers: readonly { name: string; namespace: string }[],
  resources: readonly Resource[],
): ExperimentTraffic[] {
  const ports = Array.isArray(service.spec.ports) ? (service.spec.ports as Record<string, unknown>[]) : [];
  const port = ports.find((one) => typeof one?.port === "number")?.port;
  if (typeof port !== "number" || service.spec.type === "ExternalName") return [];
  const near = callers.filter((caller) => caller.namespace === service.namespace);
  const from = near.length > 0 ? near : callers;
  const base: RequestTemplate = {
    method: "GET",
    scheme: "http",
    host: `${service.name}.${service.namespace}.svc.cluster.local`,
    port,
    path: "/",
    headers: {},
  };
  const variants = requestVariants(base, service, resources).map((request) => ({ weight: 1, request }));
  return from.map((caller) => ({
    name: `${caller.name} → ${service.name}`,
    from: `${caller.namespace}/${caller.name}`,
    variants,
    load: { type: "rate", perSecond: requestsPerSecond / from.length, arrivals: "poisson" },
    timeoutMs: null,
    startMs: 0,
    durationMs: null,
    requests: null,
    path: [],
  }));
}
