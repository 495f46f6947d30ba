/** Plans for requests that leave a client: through its proxy's outbound listener, or without a proxy as kube-proxy would. */
import type { FilterChain, Listener, ServiceEntryPoint } from "../model/index.ts";
import { internPeer } from "../network/peer.ts";
import type { InstanceState, Sim } from "../sim.ts";
import type { DecisionLog } from "../telemetry/draft.ts";
import { addSlot, type CompiledNode, clusterNamed, plainAssignment, plainCluster, slotOfCluster } from "./compiled-mesh.ts";
import { connectionLimits } from "./filters/connection-limit.ts";
import { connectionDenied, connectionRefusal, refusesConnection } from "./filters/connection-rbac.ts";
import { makeHttpPlan, type PlanContext } from "./http-plan.ts";
import { findFilterChain, findOutboundListener, findServerListener } from "./listener-match.ts";
import type { RequestShape } from "./matching/request-shape.ts";
import { addPlan, type Destination, emptyPlan, type Plan, type PlanDraft, plainDestination, reply } from "./plan.ts";
import { responseFlags } from "./response-flags.ts";
import { tcpPlan } from "./tcp-plan.ts";

/** The plan an instance used last is kept with it: most send requests of one shape. */
export function outboundPlan(sim: Sim, instance: InstanceState, shape: RequestShape): Plan {
  if (instance.lastShape === shape) return instance.lastPlan;
  const plan = findOutbound(sim, instance.node, shape);
  instance.lastShape = shape;
  instance.lastPlan = plan;
  return plan;
}

function findOutbound(sim: Sim, node: CompiledNode, shape: RequestShape): Plan {
  const known = node.outbound.get(shape.id);
  if (known !== undefined) return known;
  const draft = draftOutbound(sim, node, shape, null);
  const plan = addPlan(sim, {
    ...draft,
    behindGateway: node.config?.type === "gateway" && draft.destinations.length > 0,
  });
  node.outbound.set(shape.id, plan);
  return plan;
}

/** What TLS and HTTP inspectors find in the client's first bytes. */
const detectedProtocols = { http: ["http/1.1"], grpc: ["h2c"], https: ["h2", "http/1.1"], tcp: [] } as const;

/** A plain client beside a bootstrap sits on the same machine. */
export function plainClientIp(node: CompiledNode): string {
  return node.config?.type === "bootstrap" ? "127.0.0.1" : "";
}

/** With a log it says why; without, it only decides. */
export function draftOutbound(sim: Sim, node: CompiledNode, shape: RequestShape, log: DecisionLog): PlanDraft {
  if (node.config === null) return directPlan(sim, node, shape, log);
  const service = serviceOf(node, shape);
  const listener =
    node.config.type === "sidecar"
      ? findOutboundListener(node.config, service?.address || shape.dialledHost, shape.port)
      : findServerListener(node.config, shape.dialledHost, shape.port);
  log?.push({
    stage: "listener",
    code: listener === undefined ? "listener.none" : "listener.matched",
    params: { listener: listener?.name ?? "", port: shape.port, address: service?.address || shape.dialledHost },
    source: listener?.source,
    considered: [],
  });
  if (listener === undefined) {
    if (node.config.type === "sidecar") return passThrough(sim, node, shape, service, log);
    return { ...emptyPlan, reply: reply(sim, 0, 0, "connection_refused", { reset: true }) };
  }
  const facts = {
    destinationPort: shape.port,
    tls: shape.scheme === "https",
    sni: shape.scheme === "https" ? shape.dialledHost : "",
    alpn: detectedProtocols[shape.scheme],
  };
  const chain = findFilterChain(listener, facts);
  log?.push({
    stage: "filterChain",
    code: chain === undefined ? "filterChain.none" : "filterChain.matched",
    params: { chain: chain?.name ?? "", sni: facts.sni, transport: facts.tls ? "tls" : "raw_buffer" },
    source: chain?.source,
    considered: [],
  });
  if (chain === undefined)
    return { ...emptyPlan, reply: reply(sim, 0, responseFlags.NR, "filter_chain_not_found", { reset: true }) };
  return draftChain(sim, node, shape, listener, chain, service, log);
}

function draftChain(
  sim: Sim,
  node: CompiledNode,
  shape: RequestShape,
  listener: Listener,
  chain: FilterChain,
  service: ServiceEntryPoint | undefined,
  log: DecisionLog,
): PlanDraft {
  const peerOf = (sni: string) =>
    internPeer(sim, { tls: chain.tls !== undefined, identity: "", sni, alpn: "", ip: plainClientIp(node) });
  const destinationIp = service?.address || shape.dialledHost;
  const isRefused =
    chain.networkRbac.length > 0 &&
    refusesConnection(chain, peerOf(shape.scheme === "https" ? shape.dialledHost : ""), destinationIp, shape.port, log);
  if (chain.terminal.type === "tcp") {
    const filters = [...connectionLimits(sim, chain), ...(isRefused ? [connectionRefusal(sim, chain)] : [])];
    const destinations: Destination[] = chain.terminal.clusters.map(({ cluster, weight }) => {
      const original = clusterNamed(node, cluster)?.type === "ORIGINAL_DST";
      const slot = original
        ? originalDestination(sim, node, cluster, shape, service)
        : slotOfCluster(node, sim.caches, cluster, false);
      return { ...plainDestination(node, slot, cluster, shape, weight), filters };
    });
    log?.push({ stage: "route", code: "route.tcp", params: { listener: listener.name }, source: chain.source, considered: [] });
    return tcpPlan(sim, chain.terminal, destinations, true);
  }
  if (isRefused) return { ...emptyPlan, reply: reply(sim, 0, 0, connectionDenied, { reset: true }) };
  const context: PlanContext = {
    sim,
    node,
    listener,
    chain,
    shape,
    peer: peerOf(""),
    destinationIp,
    destinationPort: shape.port,
    inbound: false,
    log,
  };
  return withOriginalDestinations(sim, node, shape, service, makeHttpPlan(context, chain.terminal));
}

/** PassthroughCluster behind an HTTP route goes where the client wanted to go. */
function withOriginalDestinations(
  sim: Sim,
  node: CompiledNode,
  shape: RequestShape,
  service: ServiceEntryPoint | undefined,
  draft: PlanDraft,
): PlanDraft {
  if (!draft.destinations.some((d) => clusterNamed(node, d.clusterName)?.type === "ORIGINAL_DST")) return draft;
  const destinations = draft.destinations.map((destination) =>
    clusterNamed(node, destination.clusterName)?.type === "ORIGINAL_DST"
      ? { ...destination, slot: originalDestination(sim, node, destination.clusterName, shape, service) }
      : destination,
  );
  return { ...draft, destinations };
}

function originalDestination(
  sim: Sim,
  node: CompiledNode,
  cluster: string,
  shape: RequestShape,
  service: ServiceEntryPoint | undefined,
): number {
  const name = `${cluster}|${protocolOf(shape)}|${shape.dialledHost}:${shape.port}`;
  const known = node.slotOf.get(name);
  if (known !== undefined) return known;
  const addresses = addressesOf(service, shape);
  return addSlot(node, sim.caches, plainCluster(name, protocolOf(shape)), plainAssignment(name, addresses), false);
}

/** No listener catches it: the sidecar lets it through unchanged (outbound traffic policy ALLOW_ANY). */
function passThrough(
  sim: Sim,
  node: CompiledNode,
  shape: RequestShape,
  service: ServiceEntryPoint | undefined,
  log: DecisionLog,
): PlanDraft {
  log?.push({ stage: "route", code: "route.passThrough", params: { host: shape.dialledHost, port: shape.port }, considered: [] });
  const slot = originalDestination(sim, node, "PassthroughCluster", shape, service);
  return tcpPlan(sim, { type: "tcp", clusters: [] }, [plainDestination(node, slot, "PassthroughCluster", shape)], true);
}

/** A client without a proxy: DNS, then a random ready endpoint, chosen per connection by the kernel. */
function directPlan(sim: Sim, node: CompiledNode, shape: RequestShape, log: DecisionLog): PlanDraft {
  const service = serviceOf(node, shape);
  const name = `direct|${protocolOf(shape)}|${shape.dialledHost}:${shape.port}`;
  const addresses = addressesOf(service, shape);
  const protocol = protocolOf(shape);
  const slot =
    node.slotOf.get(name) ?? addSlot(node, sim.caches, plainCluster(name, protocol), plainAssignment(name, addresses), false);
  log?.push({
    stage: "capture",
    code: service === undefined ? "capture.noProxyAddress" : "capture.noProxy",
    params: { host: shape.dialledHost, port: shape.port, endpoints: addresses.length },
    considered: [],
  });
  return {
    ...emptyPlan,
    destinations: [plainDestination(node, slot, name, shape)],
    totalWeight: 1,
    direct: true,
  };
}

function protocolOf(shape: RequestShape): "http1" | "http2" | "tcp" {
  if (shape.scheme === "grpc") return "http2";
  return shape.scheme === "http" ? "http1" : "tcp";
}

function serviceOf(node: CompiledNode, shape: RequestShape): ServiceEntryPoint | undefined {
  const { byHost, byAddress } = node.mesh.services;
  return byHost.get(shape.dialledHost) ?? byAddress.get(shape.dialledHost);
}

function addressesOf(service: ServiceEntryPoint | undefined, shape: RequestShape): readonly string[] {
  if (service === undefined) return [`${shape.dialledHost}:${shape.port}`];
  const port = service.ports.find((candidate) => candidate.port === shape.port);
  if (port === undefined && !service.external) return undeclaredPort(service, shape);
  const suffix = `:${port?.targetPort ?? shape.port}`;
  const matching = service.endpoints.filter((endpoint) => endpoint.endsWith(suffix));
  return matching.length > 0 ? matching : service.endpoints;
}

/** kube-proxy knows nothing of it: the connection ends at the service's own address, or, where there is none, at the pods'. */
function undeclaredPort({ address, endpoints }: ServiceEntryPoint, { port }: RequestShape): readonly string[] {
  const hosts = address === "" ? endpoints.map((endpoint) => endpoint.slice(0, endpoint.lastIndexOf(":"))) : [address];
  return [...new Set(hosts)].map((host) => `${host}:${port}`);
}
