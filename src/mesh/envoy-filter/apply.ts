/** EnvoyFilters over what a proxy would get without them (istiod's push context and core/envoyfilter). */
import type { Listener, ProxyNode } from "#engine";
import type { Resource } from "../resource/resource.ts";
import type { Catalog } from "../translation/catalog.ts";
import { parseClusterName } from "../translation/cluster-name.ts";
import { byAge } from "../translation/delegate.ts";
import { at, items, number, specOf, text, textMap } from "../translation/field.ts";
import { labelsMatch } from "../translation/labels.ts";
import { appliesTo } from "../translation/policy-target.ts";
import { belongsTo, targetPortOf } from "../translation/service-endpoint.ts";
import type { Workload } from "../translation/workload.ts";
import { type AddedCluster, addedCluster, patchCluster } from "./clusters.ts";
import { patchManager } from "./http-filters.ts";
import { matchesContext } from "./match.ts";
import { type Context, type Patch, patchesOf } from "./patch.ts";
import { patchTable } from "./routes.ts";

/** By age alone; who they speak of is asked for each proxy. */
export function envoyFiltersOf(catalog: Catalog): readonly Resource[] {
  return catalog.resources
    .filter((one) => one.kind === "EnvoyFilter" && one.group === "networking.istio.io")
    .map((resource) => ({
      resource,
      name: resource.name,
      namespace: resource.namespace,
      createdAt: text({ resource, path: [], value: resource.object }, "metadata", "creationTimestamp") ?? "",
    }))
    .sort(byAge)
    .map(({ resource }) => resource);
}

export function patchNode(catalog: Catalog, filters: readonly Resource[], workload: Workload, node: ProxyNode): ProxyNode {
  const patches = patchesFor(filters, workload, catalog.settings.rootNamespace);
  if (patches.length === 0) return node;
  const listeners = node.listeners.map((listener) => patchListener(patches, contextOf(node, listener), listener));
  const tables = contextsOfTables(node);
  const clusters = node.clusters.flatMap((cluster) => {
    const context = contextOfCluster(node, cluster.name);
    const hosts = context === "SIDECAR_INBOUND" ? inboundHosts(catalog, workload, cluster.name) : [];
    const patched = patchCluster(of(patches, context, "CLUSTER"), cluster, hosts);
    return patched === undefined ? [] : [patched];
  });
  const added = addedClusters(catalog, patches, node);
  return {
    ...node,
    listeners,
    routes: node.routes.map((table) => {
      const { context, ports } = tables.get(table.name) ?? { context: outwards(node), ports: [] };
      return patchTable(of(patches, context, "VIRTUAL_HOST", "HTTP_ROUTE"), context, table, ports);
    }),
    clusters: [...clusters, ...added.map(({ cluster }) => cluster)],
    endpoints: [...node.endpoints, ...added.map(({ assignment }) => assignment)],
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

function patchListener(patches: readonly Patch[], context: Context, listener: Listener): Listener {
  const fitting = of(patches, context, "NETWORK_FILTER", "HTTP_FILTER");
  if (fitting.length === 0) return listener;
  return {
    ...listener,
    filterChains: listener.filterChains.map((chain) =>
      chain.terminal.type === "http" ? { ...chain, terminal: patchManager(fitting, listener, chain, chain.terminal) } : chain,
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
