/** Plans at the server's side of a connection: a sidecar's inbound listener, or a listener of a gateway or bootstrap proxy. */
import { assert } from "#base";
import type { FilterChain, Listener } from "../model/index.ts";
import type { Peer, Sim } from "../sim.ts";
import type { DecisionLog } from "../telemetry/draft.ts";
import { type CompiledCluster, type CompiledNode, slotOfCluster } from "./compiled-mesh.ts";
import { connectionLimits } from "./filters/connection-limit.ts";
import { connectionDenied, refusesConnection } from "./filters/connection-rbac.ts";
import { compileExtAuthz } from "./filters/ext-authz.ts";
import type { CompiledFilter } from "./filters/filter.ts";
import { makeHttpPlan } from "./http-plan.ts";
import { findFilterChain, findInboundListener, findServerListener } from "./listener-match.ts";
import type { RequestShape } from "./matching/request-shape.ts";
import { addPlan, type Destination, emptyPlan, type Plan, type PlanDraft, plainDestination, reply } from "./plan.ts";
import { evaluateRbac } from "./rbac.ts";
import { retryOnBits } from "./retry-conditions.ts";
import { tcpPlan } from "./tcp-plan.ts";

export interface InboundPlan {
  readonly plan: Plan;
  /** The proxy adds nothing that could be seen: the request goes straight to the application. */
  readonly transparent: boolean;
}

export function inboundPlan(
  sim: Sim,
  node: CompiledNode,
  shape: RequestShape,
  peer: Peer,
  ip: string,
  port: number,
  sidecar: boolean,
): InboundPlan {
  // One number for shape, peer and port; a proxy that listens at several addresses keeps them apart by name.
  const byPeer = sidecar ? node.inbound : inboundAt(node, ip);
  const key = (shape.id * peerSpan + peer.id) * portSpan + port;
  const known = byPeer.get(key);
  if (known !== undefined) return known;
  const draft = draftInbound(sim, node, shape, peer, ip, port, sidecar, null);
  const plan = addPlan(sim, { ...draft, behindGateway: node.config?.type === "gateway" && draft.destinations.length > 0 });
  const result = Object.freeze({ plan, transparent: sidecar && isTransparent(node, plan) });
  byPeer.set(key, result);
  return result;
}

const peerSpan = 65_536;
const portSpan = 65_536;

function inboundAt({ inboundByAddress }: CompiledNode, ip: string): Map<number, InboundPlan> {
  assert(inboundByAddress !== null, "a proxy that is no sidecar");
  let plans = inboundByAddress.get(ip);
  if (plans === undefined) {
    plans = new Map();
    inboundByAddress.set(ip, plans);
  }
  return plans;
}

export function serverListener(node: CompiledNode, ip: string, port: number, sidecar: boolean): Listener | undefined {
  if (node.config === null) return undefined;
  return sidecar ? findInboundListener(node.config, port) : findServerListener(node.config, ip, port);
}

export function serverChain(listener: Listener, peer: Peer, port: number): FilterChain | undefined {
  return findFilterChain(listener, { destinationPort: port, tls: peer.tls, sni: peer.sni, alpn: peer.alpn.split(",") });
}

export function draftInbound(
  sim: Sim,
  node: CompiledNode,
  shape: RequestShape,
  peer: Peer,
  ip: string,
  port: number,
  sidecar: boolean,
  log: DecisionLog,
): PlanDraft {
  const listener = serverListener(node, ip, port, sidecar);
  const closed = (details: string) => ({ ...emptyPlan, reply: reply(sim, 0, 0, details, { reset: true }) });
  log?.push({
    stage: "listener",
    code: listener === undefined ? "listener.none" : "listener.inbound",
    params: { listener: listener?.name ?? "", port, address: ip },
    source: listener?.source,
    considered: [],
  });
  if (listener === undefined) return closed("no_listener");
  const chain = serverChain(listener, peer, port);
  // What the port would have taken: the mTLS mode that made these chains is the reason why none fits.
  const refused = chain === undefined ? listener.filterChains.filter(({ match }) => match.destinationPort === port) : [];
  log?.push({
    stage: "filterChain",
    code: chain === undefined ? "filterChain.none" : "filterChain.matched",
    params: { chain: chain?.name ?? "", sni: peer.sni, transport: peer.tls ? "tls" : "raw_buffer" },
    source: chain?.source ?? refused[0]?.source,
    considered: refused.map(({ name, match, source }) => ({
      code: "filterChain.transportDiffers",
      params: { chain: name, transport: match.transportProtocol ?? "any" },
      source,
    })),
  });
  // Plaintext bytes at a chain that expects TLS: the handshake fails and the connection is closed.
  if (chain === undefined || (chain.tls !== undefined) !== peer.tls) {
    log?.push({
      stage: "tls",
      code: peer.tls ? "tls.notServed" : "tls.refusedPlaintext",
      // What Envoy's own access log of the listener says of such a connection.
      params: { flag: "NR", details: "filter_chain_not_found" },
      source: chain?.source ?? refused[0]?.source,
      considered: [],
    });
    return closed("tls_error");
  }
  if (refusesConnection(chain, peer, ip, port, log))
    return { ...emptyPlan, reply: reply(sim, 0, 0, connectionDenied, { reset: true, denied: true }) };
  if (chain.terminal.type === "tcp") {
    const asked = networkFilters(sim, chain, peer, ip, port);
    const destinations: Destination[] = chain.terminal.clusters.map(({ cluster, weight }) => ({
      ...plainDestination(node, slotOfCluster(node, sim.caches, cluster, sidecar), cluster, shape, weight),
      filters: asked,
    }));
    return tcpPlan(sim, chain.terminal, destinations, !sidecar);
  }
  return makeHttpPlan(
    { sim, node, listener, chain, shape, peer, destinationIp: ip, destinationPort: port, inbound: sidecar, log },
    chain.terminal,
  );
}

function networkFilters(sim: Sim, chain: FilterChain, peer: Peer, ip: string, port: number): CompiledFilter[] {
  return [...connectionLimits(sim, chain), ...authorizing(sim, chain, peer, ip, port)];
}

/** envoy.filters.network.ext_authz: the connection is let through or closed as a service says, where its policies ask. */
function authorizing(sim: Sim, chain: FilterChain, peer: Peer, ip: string, port: number): CompiledFilter[] {
  const config = chain.networkExtAuthz;
  if (config === undefined) return [];
  const context = { shape: null, peer, destinationIp: ip, destinationPort: port, payloads: {} };
  if (config.when !== undefined && evaluateRbac(config.when, context, null).policy === "") return [];
  return [compileExtAuthz(sim, config)];
}

const unlimited = 4294967295;

function isTransparent(node: CompiledNode, plan: Plan): boolean {
  if (plan.reply !== null || plan.destinations.length !== 1 || plan.mirrors.length > 0) return false;
  const [destination] = plan.destinations as readonly [Destination];
  if (destination.slot < 0 || destination.filters.length > 0) return false;
  if (plan.timeoutMs > 0 || plan.maxStreamDurationMs > 0 || plan.streamIdleMs > 0) return false;
  if (plan.retry !== null && (plan.retry.on & ~retryOnBits["reset-before-request"]) !== 0) return false;
  if (plan.retry !== null && plan.retry.perTryTimeoutMs > 0) return false;
  const cluster = node.slots[destination.slot] as CompiledCluster;
  if (!cluster.traits.local || cluster.config.outlierDetection !== undefined) return false;
  const limits = plan.priority === 0 ? cluster.traits.limits : cluster.traits.highLimits;
  return limits.maxConnections >= unlimited && limits.maxPendingRequests >= unlimited && limits.maxRequests >= unlimited;
}
