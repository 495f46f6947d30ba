/** Which Services the documents talk about without holding them. Names are read as Istio reads them; no document is judged. */
import { listOf, objectOf, type Resource } from "#mesh";
import type { Path } from "../experiment/experiment.ts";

export interface AssumedHost {
  name: string;
  namespace: string;
  port: number;
  /** Named by routes and defined by no DestinationRule. */
  subsets: string[];
  mentionedBy: Resource;
  path: Path;
}

interface Mention {
  host: string;
  port: number | null;
  subset?: string;
  resource: Resource;
  path: Path;
}

const assumedPort = 8080;
const clusterSuffix = ".svc.cluster.local";

/** Hosts that VirtualServices (their own and their destinations) and DestinationRules name and no Service or ServiceEntry provides, each once. */
export function assumedHosts(documents: readonly Resource[]): AssumedHost[] {
  const found = new Map<string, AssumedHost>();
  const provided = new Set(
    documents
      .filter((document) => document.kind === "Service" && document.group === "")
      .map((service) => `${service.namespace}/${service.name}`),
  );
  const external = new Set(
    documents.filter((document) => document.kind === "ServiceEntry").flatMap((entry) => listOf(entry.spec.hosts).map(String)),
  );
  for (const mention of documents.flatMap(mentions)) {
    const name = serviceNameOf(mention.host, mention.resource.namespace);
    if (!name || external.has(mention.host) || provided.has(`${name.namespace}/${name.name}`)) continue;
    const key = `${name.namespace}/${name.name}`;
    const known = found.get(key) ?? {
      ...name,
      port: assumedPort,
      subsets: [],
      mentionedBy: mention.resource,
      path: mention.path,
    };
    known.port = mention.port ?? known.port;
    if (mention.subset && !known.subsets.includes(mention.subset)) known.subsets.push(mention.subset);
    found.set(key, known);
  }
  return [...found.values()].map((host) => (subsetsOf(host, documents).length > 0 ? { ...host, subsets: [] } : host));
}

/** "reviews" in namespace shop → shop/reviews; "reviews.shop.svc.cluster.local" likewise; other names are outside. */
export function serviceNameOf(host: string, namespace: string): { name: string; namespace: string } | undefined {
  if (!/^[a-z0-9.-]+$/.test(host)) return undefined;
  if (!host.includes(".")) return { name: host, namespace };
  if (!host.endsWith(clusterSuffix)) return undefined;
  const [name, own, ...rest] = host.slice(0, -clusterSuffix.length).split(".");
  return name && own && rest.length === 0 ? { name, namespace: own } : undefined;
}

/** Subsets of the DestinationRules of a Service, each label set once. */
export function subsetsOf(
  service: { name: string; namespace: string },
  resources: readonly Resource[],
): { name: string; labels: Record<string, string> }[] {
  const subsets = resources
    .filter((rule) => rule.kind === "DestinationRule")
    .filter((rule) => {
      const named = serviceNameOf(String(rule.spec.host ?? ""), rule.namespace);
      return named?.name === service.name && named.namespace === service.namespace;
    })
    .flatMap((rule) => listOf(rule.spec.subsets).map(objectOf))
    .map((subset) => ({ name: String(subset.name ?? ""), labels: objectOf(subset.labels) as Record<string, string> }))
    .filter((subset) => subset.name !== "" && Object.keys(subset.labels).length > 0);
  const keyOf = (labels: Record<string, string>): string => JSON.stringify(Object.entries(labels).sort());
  return subsets.filter((subset, index) => subsets.findIndex((one) => keyOf(one.labels) === keyOf(subset.labels)) === index);
}

function mentions(resource: Resource): Mention[] {
  if (resource.group !== "networking.istio.io") return [];
  if (resource.kind === "DestinationRule") {
    return typeof resource.spec.host === "string"
      ? [{ host: resource.spec.host, port: null, resource, path: ["spec", "host"] }]
      : [];
  }
  if (resource.kind !== "VirtualService") return [];
  const gateways = listOf(resource.spec.gateways);
  const isForMesh = gateways.length === 0 || gateways.includes("mesh");
  const hosts = listOf(resource.spec.hosts).flatMap((host, index): Mention[] =>
    isForMesh && typeof host === "string" ? [{ host, port: null, resource, path: ["spec", "hosts", index] }] : [],
  );
  const destinations = listOf(resource.spec.http).flatMap((entry, index) => {
    const at: Path = ["spec", "http", index];
    const { route, mirror } = objectOf(entry);
    const destinations = listOf(route).map((one, place) => ({
      destination: objectOf(objectOf(one).destination),
      path: [...at, "route", place, "destination", "host"],
    }));
    if (mirror !== undefined) destinations.push({ destination: objectOf(mirror), path: [...at, "mirror", "host"] });
    return destinations.flatMap(({ destination, path }): Mention[] => {
      const port = objectOf(destination.port).number;
      if (typeof destination.host !== "string") return [];
      const subset = typeof destination.subset === "string" ? { subset: destination.subset } : {};
      return [{ host: destination.host, port: typeof port === "number" ? port : null, ...subset, resource, path }];
    });
  });
  return [...hosts, ...destinations];
}
