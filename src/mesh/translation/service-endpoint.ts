/** Which addresses stand behind a service's port: selected workloads, workloads that name the service, written endpoints. */
import { clusterDomain, isIpAddress } from "./host-name.ts";
import { type Labels, labelsMatch } from "./labels.ts";
import { mtlsForPort, mtlsOf, type PeerAuthentications } from "./peer-authentication.ts";
import type { Service, ServicePort } from "./service.ts";
import type { Workload } from "./workload.ts";

export interface ServiceEndpoint {
  ip: string;
  port: number;
  labels: Labels;
  /** "region/zone/subzone" or "". */
  locality: string;
  weight: number;
  /** Has a proxy that takes Istio's mutual TLS on this port. */
  mutualTls: boolean;
  meshed: boolean;
  /** "" where no workload is known. */
  identity: string;
  /** Reached by DNS. */
  hostname: string;
}

type EntryWorkload = Workload & { portMap: Record<string, number> };

export function endpointTable(
  workloads: readonly Workload[],
  entries: readonly EntryWorkload[],
  peerAuthentications: PeerAuthentications,
): (service: Service, port: number) => readonly ServiceEndpoint[] {
  const known = new Map<Service, Map<number, readonly ServiceEndpoint[]>>();
  return (service, port) => {
    const ports = known.get(service) ?? new Map<number, readonly ServiceEndpoint[]>();
    known.set(service, ports);
    const seen = ports.get(port);
    if (seen) return seen;
    const found = findEndpoints(service, port, workloads, entries, peerAuthentications);
    ports.set(port, found);
    return found;
  };
}

/** By the label of a pod, which injection gives to sidecars and not to gateways: these are spoken to in plaintext. */
function offersMutualTls({ meshed, gateway, labels }: Workload): boolean {
  return meshed && (labels["security.istio.io/tlsMode"] ?? (gateway ? "" : "istio")) === "istio";
}

function findEndpoints(
  service: Service,
  portNumber: number,
  workloads: readonly Workload[],
  entries: readonly EntryWorkload[],
  peerAuthentications: PeerAuthentications,
): readonly ServiceEndpoint[] {
  const port = service.ports.find((one) => one.port === portNumber);
  if (!port) return [];
  const dns = service.resolution === "dnsLb" || service.resolution === "dnsRoundRobin";
  const members = [
    ...workloads.filter((workload) => belongsTo(workload, service)),
    ...entries.filter(
      (entry) =>
        service.selector !== null && entry.namespace === service.namespace && labelsMatch(service.selector, entry.labels),
    ),
  ];
  const fromWorkloads = members.flatMap((workload) =>
    workload.replicas.map((replica): ServiceEndpoint => {
      const target = ("portMap" in workload ? (workload as EntryWorkload).portMap[port.name] : 0) || targetPortOf(port, workload);
      const mtls = mtlsForPort(mtlsOf(peerAuthentications, workload.namespace, workload.labels), target);
      return {
        ip: replica.ip,
        port: target,
        labels: workload.labels,
        locality: replica.locality,
        weight: 1,
        meshed: workload.meshed,
        mutualTls: mtls.mode !== "DISABLE" && offersMutualTls(workload),
        identity: `${workload.namespace}/sa/${workload.serviceAccount}`,
        hostname: dns && service.meshExternal ? service.hostname : "",
      };
    }),
  );
  if (fromWorkloads.length > 0) return fromWorkloads;
  const written = service.endpoints
    .filter(({ serves }) => serves?.includes(port.name) ?? true)
    .map(
      (endpoint): ServiceEndpoint => ({
        ip: endpoint.address,
        port: endpoint.ports[port.name] || (typeof port.targetPort === "number" ? port.targetPort : port.port),
        labels: endpoint.labels,
        locality: endpoint.locality,
        weight: endpoint.weight,
        meshed: endpoint.meshed,
        mutualTls: endpoint.meshed,
        identity: "",
        hostname: isIpAddress(endpoint.address) ? "" : endpoint.address,
      }),
    );
  if (written.length > 0 || !dns || service.selector !== null) return written;
  return [
    {
      ip: service.hostname,
      port: typeof port.targetPort === "number" ? port.targetPort : port.port,
      labels: {},
      locality: "",
      weight: 1,
      meshed: false,
      mutualTls: false,
      identity: "",
      hostname: service.hostname,
    },
  ];
}

/** By the Service's selector, or because the workload says which service it stands behind and its labels do not say otherwise. */
export function belongsTo(workload: Workload, service: Service): boolean {
  if (workload.service !== undefined && !contradicts(workload.labels, service.selector)) {
    const names =
      service.registry === "kubernetes"
        ? [`${service.namespace}/${service.name}`, service.hostname, `${service.name}.${service.namespace}`]
        : [service.hostname, `${service.namespace}/${service.hostname}`];
    if (names.includes(workload.service)) return true;
    if (workload.service === service.name && (service.registry === "external" || workload.namespace === service.namespace))
      return true;
    if (workload.service === `${service.name}.${service.namespace}.svc.${clusterDomain}`) return true;
  }
  return service.selector !== null && workload.namespace === service.namespace && labelsMatch(service.selector, workload.labels);
}

/** Another version, say, than the one the Service has been switched to; a label that is not written contradicts nothing. */
function contradicts(labels: Labels, selector: Labels | null): boolean {
  return Object.entries(selector ?? {}).some(([key, value]) => labels[key] !== undefined && labels[key] !== value);
}

export function targetPortOf(port: ServicePort, workload: Workload): number {
  return typeof port.targetPort === "number" ? port.targetPort : (workload.ports[port.targetPort] ?? port.port);
}
