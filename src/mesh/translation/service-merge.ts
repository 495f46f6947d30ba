/** ServiceEntries of one host in one namespace become one service (pilot/pkg/model/sidecar.go, appendSidecarServices). */
import type { Labels } from "./labels.ts";
import type { Service, WrittenEndpoint } from "./service.ts";

/** The first one's place in the order stays. Kubernetes' own Service is joined with nothing. */
export function joinByHost(services: readonly Service[]): Service[] {
  const known = new Map<string, Service>();
  for (const service of services) {
    const key = `${service.namespace}/${service.hostname}`;
    const first = known.get(key);
    if (!first) known.set(key, service);
    else if (first.registry === "external" && service.registry === "external") known.set(key, join(first, service));
    else if (service.registry === "kubernetes") known.set(key, service);
  }
  return [...known.values()];
}

/** Endpoints are found by host and namespace whatever else differs; ports join only where nothing else differs. */
function join(first: Service, second: Service): Service {
  const added = canJoinPorts(first, second)
    ? second.ports.filter((port) => first.ports.every((own) => own.port !== port.port))
    : [];
  return {
    ...first,
    ports: [...first.ports, ...added],
    endpoints: [...ownEndpoints(first), ...ownEndpoints(second)],
  };
}

function canJoinPorts(first: Service, second: Service): boolean {
  return (
    first.resolution === second.resolution &&
    isSame(first.resource.labels, second.resource.labels) &&
    isSame(first.selector ?? {}, second.selector ?? {}) &&
    [...first.exportTo].sort().join() === [...second.exportTo].sort().join()
  );
}

function isSame(left: Labels, right: Labels): boolean {
  const names = Object.keys(left);
  return names.length === Object.keys(right).length && names.every((name) => left[name] === right[name]);
}

/** Each keeps the ports of the entry it was written in. */
function ownEndpoints(service: Service): WrittenEndpoint[] {
  const isDns = service.resolution === "dnsLb" || service.resolution === "dnsRoundRobin";
  const isImplied = service.endpoints.length === 0 && service.selector === null && isDns;
  const implied = { address: service.hostname, ports: {}, labels: {}, locality: "", weight: 1, meshed: false };
  return (isImplied ? [implied] : service.endpoints).map((endpoint: WrittenEndpoint) => {
    const own = service.ports.map(({ name, port, targetPort }): [string, number] => [
      name,
      endpoint.ports[name] || (typeof targetPort === "number" ? targetPort : port),
    ]);
    return endpoint.serves ? endpoint : { ...endpoint, ports: Object.fromEntries(own), serves: own.map(([name]) => name) };
  });
}
