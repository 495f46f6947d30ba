/** Which hosts exist for whom: Services and ServiceEntries by scope and name, with their ports. */
import { listOf, numberOf, objectOf, textOf } from "../../resource/json-value.ts";
import type { Resource } from "../../resource/resource.ts";

export interface KnownHost {
  ports: readonly number[];
  /** Labels that a ServiceEntry's workloadSelector adds to subsets. */
  workloadLabels: Readonly<Record<string, string>>;
}

export interface ServiceIndex {
  /** What a host in a resource of `namespace` names; undefined where nothing does. */
  find(namespace: string, host: string, exportTo?: readonly string[]): KnownHost | undefined;
}

const everywhere = "*";

export function readServices(services: readonly Resource[], entries: readonly Resource[]): ServiceIndex {
  const exact = new Map<string, KnownHost>();
  const wild: { scope: string; suffix: string; known: KnownHost }[] = [];
  const add = (scope: string, host: string, known: KnownHost): void => {
    exact.set(`${scope}/${host}`, known);
    if (host.startsWith("*")) wild.push({ scope, suffix: host.slice(1), known });
  };
  for (const entry of entries) {
    const known = { ports: portsOf(entry, "number"), workloadLabels: entryLabels(entry) };
    const exportTo = listOf(entry.spec.exportTo).map(textOf);
    for (const host of listOf(entry.spec.hosts).map(textOf)) {
      for (const scope of scopesOf(exportTo, entry.namespace)) add(scope, qualify(entry.namespace, host), known);
    }
  }
  for (const service of services) {
    const annotation = service.annotations["networking.istio.io/exportTo"];
    const known = { ports: portsOf(service, "port"), workloadLabels: {} };
    const exportTo = annotation ? annotation.split(",") : [];
    for (const scope of scopesOf(exportTo, service.namespace)) add(scope, qualify(service.namespace, service.name), known);
  }
  return {
    find(namespace, host, exportTo = []) {
      const name = qualify(namespace, host);
      const scopes = exportTo.length === 0 ? [namespace] : exportTo.map((scope) => (scope === "." ? namespace : scope));
      for (const scope of [everywhere, ...scopes]) {
        const known = exact.get(`${scope}/${name}`);
        if (known) return known;
      }
      const bare = host.replace(/^\*/, "");
      return wild.find((each) => (each.scope === everywhere || each.scope === namespace) && bare.endsWith(each.suffix))?.known;
    },
  };
}

export function scopesOf(exportTo: readonly string[], namespace: string): string[] {
  if (exportTo.length === 0 || exportTo.includes(everywhere)) return [everywhere];
  return [...new Set(exportTo.map((scope) => (scope === "." ? namespace : scope)))];
}

/** Short names stand for a Service in the resource's own namespace. */
export function qualify(namespace: string, host: string): string {
  return host.startsWith("*") || host.includes(".") ? host : `${host}.${namespace}.svc.cluster.local`;
}

function portsOf(resource: Resource, field: "port" | "number"): number[] {
  return listOf(resource.spec.ports).map((port) => numberOf(objectOf(port)[field]));
}

function entryLabels(entry: Resource): Record<string, string> {
  const labels = objectOf(objectOf(entry.spec.workloadSelector).labels);
  return Object.fromEntries(Object.entries(labels).map(([key, value]) => [key, String(value)]));
}
