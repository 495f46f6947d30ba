/** The graph before anything runs: services, workloads, callers, and who may call whom by traffic and behaviour. */
import type { MeshConfig } from "#engine";
import type { ExperimentTraffic } from "../experiment/experiment.ts";
import type { Topology } from "../session.ts";
import type { PlannedWorkload } from "./workloads.ts";

/** @param traffic every entry there ever is */
export function topologyOf(
  traffic: readonly ExperimentTraffic[],
  workloads: readonly PlannedWorkload[],
  mesh: MeshConfig,
): Topology {
  const nameOf = (host: string): string => mesh.services.find((service) => service.hostnames.includes(host))?.name ?? host;
  const edges = [
    ...traffic.map((entry) => ({ from: bareName(entry.from), to: nameOf(entry.variants[0]?.request.host ?? "") })),
    ...workloads.flatMap((workload) =>
      workload.behaviour.calls.flat().map((call) => ({ from: workload.name, to: nameOf(call.request.host) })),
    ),
  ];
  const callers = [...new Set(traffic.map((entry) => entry.from))].map((from) => ({
    name: bareName(from),
    namespace: workloads.find((workload) => workload.name === bareName(from))?.namespace ?? "",
    traffic: [...new Set(traffic.filter((entry) => entry.from === from).map((entry) => entry.name))],
  }));
  return {
    services: mesh.services.map(({ name, namespace, external }) => ({ name, namespace, external })),
    workloads: workloads.map(({ name, namespace, service, labels, replicas, meshed }) => ({
      name,
      namespace,
      service,
      labels,
      replicas,
      meshed,
    })),
    callers,
    edges: edges.filter((edge, index) => edges.findIndex((one) => one.from === edge.from && one.to === edge.to) === index),
  };
}

function bareName(selector: string): string {
  return selector.slice(selector.indexOf("/") + 1);
}
