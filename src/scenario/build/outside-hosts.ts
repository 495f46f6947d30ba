/**
 * Hosts that a workload stands behind (`service: api.bank.example`) and no document of the mesh declares. The mesh knows
 * nothing about them, but DNS does: a sidecar passes such requests through, a client without a proxy reaches them directly.
 */
import type { MeshConfig, RequestTemplate, ServiceEntryPoint } from "#engine";
import type { Experiment } from "../experiment/experiment.ts";
import type { Pod } from "./pods.ts";
import type { PlannedWorkload } from "./workloads.ts";

export type DialledHost = Pick<RequestTemplate, "host" | "port" | "scheme">;

/** Every target of traffic, calls and probes, each once. */
export function dialledHosts(
  experiment: Pick<Experiment, "traffic" | "expect">,
  workloads: readonly PlannedWorkload[],
): DialledHost[] {
  const requests = [
    ...experiment.traffic.flatMap((entry) => entry.variants.map((variant) => variant.request)),
    ...experiment.expect.flatMap((expectation) => (expectation.type === "probe" ? [expectation.request] : [])),
    ...workloads.flatMap((workload) => workload.behaviour.calls.flat().map((call) => call.request)),
    ...workloads.flatMap((workload) =>
      Object.values(workload.perReplica).flatMap((own) => own.calls?.flat().map((call) => call.request) ?? []),
    ),
  ];
  return requests.filter(
    (one, index) => requests.findIndex((other) => other.host === one.host && other.port === one.port) === index,
  );
}

export function outsideHosts(
  mesh: MeshConfig,
  workloads: readonly PlannedWorkload[],
  pods: readonly (readonly Pod[])[],
  dialled: readonly DialledHost[],
): ServiceEntryPoint[] {
  const known = new Set(mesh.services.flatMap((service) => service.hostnames));
  const hosts = new Set(workloads.flatMap((workload) => workload.explicitService ?? []));
  return [...hosts]
    .filter((host) => host.includes(".") && !known.has(host))
    .flatMap((host): ServiceEntryPoint[] => {
      const behind = workloads.filter((workload) => workload.explicitService === host);
      const own = behind.flatMap((workload) => pods[workload.index] ?? []);
      const calls = dialled.filter((call) => call.host === host);
      const [first] = behind;
      if (!first || calls.length === 0) return [];
      return [
        {
          name: host,
          namespace: first.namespace,
          hostnames: [host],
          address: own[0]?.ip ?? "",
          ports: calls.map(({ port, scheme }) => ({ port, targetPort: port, protocol: protocols[scheme] })),
          endpoints: calls.flatMap(({ port }) => own.map((pod) => `${pod.ip}:${port}`)),
          external: true,
        },
      ];
    });
}

const protocols = { http: "http", https: "tls", grpc: "grpc", tcp: "tcp" } as const;
