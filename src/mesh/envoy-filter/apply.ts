/** EnvoyFilters over what a proxy would get without them (istiod's push context and core/envoyfilter). */
import type { Listener, ProxyNode } from "#engine";
import type { Diagnostic } from "../diagnostics/diagnostic.ts";
import type { Resource } from "../resource/resource.ts";
import type { Catalog } from "../translation/catalog.ts";
import { parseClusterName } from "../translation/cluster-name.ts";
import { istioByAge } from "../translation/delegate.ts";
import { at, items, number, specOf, textMap } from "../translation/field.ts";
import { labelsMatch } from "../translation/labels.ts";
import { appliesTo } from "../translation/policy-target.ts";
import { belongsTo, targetPortOf } from "../translation/service-endpoint.ts";
import type { Workload } from "../translation/workload.ts";
import { type AddedCluster, addedCluster, patchCluster } from "./clusters.ts";
import { patchManager } from "./http-filters.ts";
import { matchesContext } from "./match.ts";
import { type Context, type Patch, patchesOf } from "./patch.ts";
import { refusedPatches } from "./refused.ts";
import { patchTable } from "./routes.ts";

/** What EnvoyFilters make of a proxy's configuration, and why Envoy would refuse that. */
export type Patcher = (workload: Workload, node: ProxyNode) => { node: ProxyNode; diagnostics: readonly Diagnostic[] };

export function envoyFilterPatcher(catalog: Catalog): Patcher {
  const filters = istioByAge(catalog.resources, "EnvoyFilter");
  const shared = sharedParts();
  return (workload, node) => {
    const patches = patchesFor(filters, workload, catalog.settings.rootNamespace);
    if (patches.length === 0) return { node, diagnostics: [] };
    const patchedBy = (first: number) => applied(catalog, patches.slice(0, first), shared, workload, node);
    const patched = patchedBy(patches.length);
    return { node: patched, diagnostics: refusedPatches(patches, node, patched, patchedBy) };
  };
}

/** A part that proxies share is patched once for all that have the same patches: they share what comes of it. */
type Share = <Part extends object>(part: Part, patches: readonly Patch[], about: string, patch: () => Part | undefined) => Part[];

function sharedParts(): Share {
  const known = new WeakMap<object, Map<string, readonly object[]>>();
  const numbers = new Map<Patch, number>();
  const numberOf = (patch: Patch): number => {
    const number = numbers.get(patch) ?? numbers.size;
    numbers.set(patch, number);
    return number;
  };
  return <Part extends object>(part: Part, patches: readonly Patch[], about: string, patch: () => Part | undefined): Part[] => {
    if (patches.length === 0) return [part];
    const key = `${about} ${patches.map(numberOf).join(" ")}`;
    const made = known.get(part) ?? new Map<string, readonly object[]>();
    known.set(part, made);
    let result = made.get(key) as Part[] | undefined;
    if (result === undefined) {
      const patched = patch();
      result = patched === undefined ? [] : [patched];
      made.set(key, result);
    }
    return result;
  };
}

function applied(catalog: Catalog, patches: readonly Patch[], share: Share, workload: Workload, node: ProxyNode): ProxyNode {
  const tables = contextsOfTables(node);
  const added = addedClusters(catalog, patches, node);
  return {
    ...node,
    listeners: node.listeners.flatMap((listener) => {
      const fitting = of(patches, contextOf(node, listener), "NETWORK_FILTER", "HTTP_FILTER");
      return share(listener, fitting, "", () => patchListener(fitting, listener));
    }),
    routes: node.routes.flatMap((table) => {
      const { context, ports } = tables.get(table.name) ?? { context: outwards(node), ports: [] };
      const fitting = of(patches, context, "VIRTUAL_HOST", "HTTP_ROUTE");
      return share(table, fitting, `${context} ${ports.join()}`, () => patchTable(fitting, context, table, ports));
    }),
    clusters: [
      ...node.clusters.flatMap((cluster) => {
        const context = contextOfCluster(node, cluster.name);
        const fitting = of(patches, context, "CLUSTER");
        const hosts = context === "SIDECAR_INBOUND" ? inboundHosts(catalog, workload, cluster.name) : [];
        return share(cluster, fitting, hosts.join(), () => patchCluster(fitting, cluster, hosts));
      }),
      ...added.map(({ cluster }) => cluster),
    ],
    endpoints: added.length === 0 ? node.endpoints : [...node.endpoints, ...added.map(({ assignment }) => assignment)],
  };
}

/** The root namespace's first, then those of the proxy's own; lower priorities before higher ones. */
function patchesFor(filters: readonly Resource[], workload: Workload, root: string): Patch[] {
  const own = filters.filter((one) => speaksOf(one, workload, root));
  const inOrder = [...own.filter((one) => one.namespace === root), ...own.filter((one) => one.namespace !== root)];
  return inOrder
    .map((one) => ({ one, priority: number(specOf(one), "priority") ?? 0 }))
    .sort((one, other) => one.priority - other.priority)
    .flatMap(({ one }) => patchesOf(one));
}

function speaksOf(filter: Resource, workload: Workload, root: string): boolean {
  if (items(specOf(filter), "targetRefs").length > 0) return appliesTo(filter, workload, root);
  const inReach = filter.namespace === workload.namespace || filter.namespace === root;
  return inReach && labelsMatch(textMap(specOf(filter), "workloadSelector", "labels"), workload.labels);
}

function of(patches: readonly Patch[], context: Context, ...applyTo: string[]): Patch[] {
  return patches.filter((patch) => applyTo.includes(patch.applyTo) && matchesContext(patch, context));
}

function outwards(node: ProxyNode): Context {
  return node.type === "gateway" ? "GATEWAY" : "SIDECAR_OUTBOUND";
}

function contextOf(node: ProxyNode, { direction }: Listener): Context {
  return direction === "inbound" ? "SIDECAR_INBOUND" : outwards(node);
}

function contextOfCluster(node: ProxyNode, name: string): Context {
  return name.startsWith("inbound|") || name === "InboundPassthroughCluster" ? "SIDECAR_INBOUND" : outwards(node);
}

/** The services that lead to the port of an inbound cluster. */
function inboundHosts(catalog: Catalog, workload: Workload, cluster: string): string[] {
  const port = parseClusterName(cluster)?.port;
  return catalog.services
    .filter((service) => belongsTo(workload, service) && service.ports.some((one) => targetPortOf(one, workload) === port))
    .map(({ hostname }) => hostname);
}

function patchListener(patches: readonly Patch[], listener: Listener): Listener {
  return {
    ...listener,
    filterChains: listener.filterChains.map((chain) =>
      chain.terminal.type === "http" ? { ...chain, terminal: patchManager(patches, listener, chain, chain.terminal) } : chain,
    ),
  };
}

/** Whose tables they are, and the ports of the Services in front of a gateway's listener. */
function contextsOfTables(node: ProxyNode): Map<string, { context: Context; ports: readonly number[] }> {
  const tables = new Map<string, { context: Context; ports: readonly number[] }>();
  for (const listener of node.listeners)
    for (const { terminal } of listener.filterChains)
      if (terminal.type === "http")
        tables.set(terminal.routeConfig, {
          context: contextOf(node, listener),
          ports: listener.servicePorts ?? [listener.port],
        });
  return tables;
}

/** Without a context of its own a cluster is added for outbound traffic and gateways. */
function addedClusters(catalog: Catalog, patches: readonly Patch[], node: ProxyNode): AddedCluster[] {
  const resolve = (host: string, port: number): readonly string[] | undefined => {
    const service = catalog.services.find(({ hostname }) => hostname === host);
    return service && catalog.endpointsOf(service, port).map((one) => `${one.ip}:${one.port}`);
  };
  const wanted = of(patches, outwards(node), "CLUSTER").filter(({ operation }) => operation === "ADD");
  const inbound = of(patches, "SIDECAR_INBOUND", "CLUSTER").filter(
    ({ operation, context }) => operation === "ADD" && context === "SIDECAR_INBOUND" && node.type === "sidecar",
  );
  return [...wanted, ...inbound]
    .filter(({ value }) => at(value, "name") !== undefined)
    .map((patch) => addedCluster(patch, resolve));
}
