/** What is called and by whom, before anything runs: addresses that nothing stands behind, and calls that go round in a circle. */
import type { MeshConfig } from "#engine";
import type { Resource } from "#mesh";
import type { ExperimentTraffic } from "../experiment/experiment.ts";
import { report } from "../experiment/field-reader.ts";
import { internet, type NameReading } from "./names.ts";
import type { DialledHost } from "./outside-hosts.ts";
import { podsOf } from "./pods.ts";
import type { PlannedWorkload } from "./workloads.ts";

const ipv4 = /^\d+(\.\d+){3}$/;

/**
 * Requests to a name that nobody provides fail, which may be what is to be seen: a warning (MESH1523).
 * @param meshes every configuration that the run will have
 */
export function warnOfUnknownTargets(
  traffic: readonly ExperimentTraffic[],
  meshes: readonly MeshConfig[],
  { resource, diagnostics }: NameReading,
): void {
  if (!resource) return;
  const reading = { resource, diagnostics };
  const bootstrap = meshes[0]?.nodes.some((node) => node.type === "bootstrap") ?? false;
  const known = bootstrap ? listenersOf(meshes) : servicesOf(meshes);
  for (const { from, variants, path, told } of traffic) {
    const request = variants[0]?.request;
    if (!request || (!bootstrap && (from === internet || ipv4.test(request.host)))) continue;
    if (known.some((one) => isProvided(request, one))) continue;
    const params = { target: `${request.host}:${request.port}`, known: shortList(known) };
    report(reading, [...(told?.to ?? path), "to"], "MESH1523", params, { severity: "warning" });
  }
}

interface Provided {
  /** The first is the usual one. */
  hosts: readonly string[];
  port: number;
}

function servicesOf(meshes: readonly MeshConfig[]): Provided[] {
  return meshes.flatMap(({ services }) =>
    services.flatMap(({ hostnames, ports }) => ports.map(({ port }) => ({ hosts: hostnames, port }))),
  );
}

function listenersOf(meshes: readonly MeshConfig[]): Provided[] {
  const listeners = meshes.flatMap(({ nodes }) => nodes.flatMap((node) => node.listeners));
  return listeners.map(({ address, port }) => ({ hosts: [address], port }));
}

function isProvided({ host, port }: DialledHost, one: Provided): boolean {
  const isAnswered = (name: string) =>
    name === host || name === "0.0.0.0" || (name.startsWith("*") && host.endsWith(name.slice(1)));
  return one.port === port && one.hosts.some(isAnswered);
}

function shortList(known: readonly Provided[]): string {
  const names = [...new Set(known.map(({ hosts, port }) => `${hosts[0]}:${port}`))];
  return names.length <= 6 ? names.join(", ") || "—" : `${names.slice(0, 6).join(", ")} …`;
}

/**
 * Every request would call on for ever: an error (MESH1524). Only where the circle is certain, that is, where every workload behind each
 * service of it calls the next and no document routes the service's requests elsewhere.
 */
export function refuseCircles(
  workloads: readonly PlannedWorkload[],
  mesh: MeshConfig,
  documents: readonly Resource[],
  { resource, diagnostics }: NameReading,
): void {
  if (!resource) return;
  const routed = JSON.stringify(
    documents.filter(({ kind }) => /^(VirtualService|HTTPRoute|GRPCRoute)$/.test(kind)).map(({ spec }) => spec),
  );
  const behind = mesh.services.map((service) => {
    const ips = new Set(service.endpoints.map((endpoint) => endpoint.replace(/:\d+$/, "")));
    const members = workloads.filter((workload) => podsOf(workload, workload.replicas).some(({ ip }) => ips.has(ip)));
    return routed.includes(`"${service.name}`) ? [] : members;
  });
  const serviceOf = (host: string): number => mesh.services.findIndex(({ hostnames }) => hostnames.includes(host));
  /** Services that every workload behind this one calls. */
  const next = behind.map((members) => {
    const called = members.map(({ behaviour }) => new Set(behaviour.calls.flat().map((call) => serviceOf(call.request.host))));
    return [...(called[0] ?? [])].filter((one) => one >= 0 && called.every((set) => set.has(one)));
  });
  const circle = findCircle(next);
  if (!circle) return;
  const names = circle.map((index) => mesh.services[index]?.name ?? "").join(" → ");
  const first = behind[circle[0] ?? 0]?.[0];
  report({ resource, diagnostics }, [...(first?.path ?? ["spec"]), "behaviour", "calls"], "MESH1524", { circle: names });
}

/** @returns a way from a node back to it, both ends named */
function findCircle(next: readonly (readonly number[])[]): number[] | undefined {
  const done = new Set<number>();
  const way: number[] = [];
  const visit = (node: number): number[] | undefined => {
    const seen = way.indexOf(node);
    if (seen >= 0) return [...way.slice(seen), node];
    if (done.has(node)) return undefined;
    way.push(node);
    for (const one of next[node] ?? []) {
      const found = visit(one);
      if (found) return found;
    }
    way.pop();
    done.add(node);
    return undefined;
  };
  for (let node = 0; node < next.length; node++) {
    const found = visit(node);
    if (found) return found;
  }
  return undefined;
}
