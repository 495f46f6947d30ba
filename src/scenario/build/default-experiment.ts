/**
 * What runs when nobody wrote an Experiment, so that pasted YAML always shows something:
 * - a host of a VirtualService or DestinationRule without a Service document is taken to be a Service on port 8080 (or the
 *   port the destination names), and a note says so; subsets that routes name there are taken to be versions (a Service
 *   that is given, or any DestinationRule with subsets, is never added to: a missing subset stays missing);
 * - a Service that no Deployment stands behind gets one workload per subset of its DestinationRule, or one of its own name;
 * - callers are the Deployments no Service selects (nothing can call them, so they call); without one, a meshed `client` in
 *   the namespace of each Service;
 * - each Service gets 10 requests a second, spread over what its VirtualServices match on; applications answer in about 10 ms.
 * It invents no goal and changes no document.
 */
import { assert } from "#base";
import type { BehaviourConfig, RequestTemplate } from "#engine";
import { type Diagnostic, parseResources, type Resource } from "#mesh";
import type { Experiment, ExperimentTraffic, ExperimentWorkload } from "../experiment/experiment.ts";
import { report } from "../experiment/field-reader.ts";
import { idleBehaviour } from "../experiment/read-behaviour.ts";
import { idleNetwork } from "../experiment/read-experiment.ts";
import { type AssumedHost, assumedHosts, subsetsOf } from "./assumed-hosts.ts";
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
    if (host.subsets.length === 0) continue;
    const subsets = { name: host.name, subsets: host.subsets.join(", ") };
    report({ resource: host.mentionedBy, diagnostics }, host.path, "MESH1522", subsets, { severity: "info" });
  }
  const resources = [...documents, ...assumed.flatMap(assumedDocuments)];
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
    predict: [],
  };
  return { experiment, resources, diagnostics };
}

/** The documents edited while it runs: what was once assumed stays until it is given, though nothing may mention it any more. */
export function assumedAgain(documents: readonly Resource[], before: readonly Resource[]): Resource[] {
  const resources = defaultExperiment(documents)?.resources ?? [...documents];
  const isGiven = (assumed: Resource): boolean =>
    assumed.kind === "Service"
      ? resources.some((one) => one.kind === "Service" && one.name === assumed.name && one.namespace === assumed.namespace)
      : subsetsOf(assumed, resources).length > 0;
  return [...resources, ...before.filter((one) => one.file === assumedFile && !isGiven(one))];
}

function bare(name: string, namespace: string): ExperimentWorkload {
  return { name, namespace, behaviour, perReplica: {}, path: [] };
}

function isServed(service: Resource, workloads: readonly PlannedWorkload[]): boolean {
  return workloads.some((workload) => selects(service, workload.namespace, workload.labels));
}

function assumedDocuments({ name, namespace, port, subsets }: AssumedHost): Resource[] {
  const metadata = { name, namespace };
  const service = {
    apiVersion: "v1",
    kind: "Service",
    metadata,
    spec: { selector: { app: name }, ports: [{ name: "http", port }] },
  };
  const rule = {
    apiVersion: "networking.istio.io/v1",
    kind: "DestinationRule",
    metadata,
    spec: { host: name, subsets: subsets.map((subset) => ({ name: subset, labels: { version: subset } })) },
  };
  const documents = subsets.length > 0 ? [service, rule] : [service];
  const text = documents.map((document) => JSON.stringify(document)).join("\n---\n");
  const { resources } = parseResources([{ name: assumedFile, text }]);
  assert(resources.length === documents.length, "assumed documents parse");
  return resources;
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
