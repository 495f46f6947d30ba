/** Which listener and which filter chain a connection meets (config.listener.v3.FilterChainMatch). Pure. */
import type { FilterChain, Listener, ProxyNode } from "../model/index.ts";

export interface ConnectionFacts {
  destinationPort: number;
  tls: boolean;
  sni: string;
  alpn: readonly string[];
}

/** Outbound: the service's own address before the wildcard, else what catches everything ("virtualOutbound"). */
export function findOutboundListener(node: ProxyNode, address: string, port: number): Listener | undefined {
  let wildcard: Listener | undefined;
  let fallback: Listener | undefined;
  for (const listener of node.listeners) {
    if (listener.direction !== "outbound") continue;
    if (listener.name === "virtualOutbound" || listener.port === 15001) fallback ??= listener;
    else if (listener.port === port) {
      if (listener.address === address && address !== "") return listener;
      if (listener.address === "0.0.0.0") wildcard ??= listener;
    }
  }
  return wildcard ?? fallback;
}

export function findInboundListener(node: ProxyNode, port: number): Listener | undefined {
  let fallback: Listener | undefined;
  for (const listener of node.listeners) {
    if (listener.direction !== "inbound") continue;
    if (listener.port === port) return listener;
    if (listener.name === "virtualInbound" || listener.port === 15006) fallback ??= listener;
  }
  return fallback;
}

/** Gateway or bootstrap: by address and port; a wildcard address takes any. Requests from outside name the port of the Service in front. */
export function findServerListener(node: ProxyNode, address: string, port: number): Listener | undefined {
  let wildcard: Listener | undefined;
  for (const listener of node.listeners) {
    if (listener.port !== port) continue;
    if (listener.address === address) return listener;
    if (node.type !== "bootstrap" || listener.address === "0.0.0.0") wildcard ??= listener;
  }
  return wildcard ?? node.listeners.find((listener) => listener.servicePorts?.includes(port));
}

/** Destination port before server name before transport protocol before ALPN; the first of the best. */
export function findFilterChain(listener: Listener, facts: ConnectionFacts): FilterChain | undefined {
  let best: FilterChain | undefined;
  let bestScore = -1;
  for (const chain of listener.filterChains) {
    const score = scoreOf(chain, facts);
    if (score > bestScore) {
      best = chain;
      bestScore = score;
    }
  }
  return best;
}

/** −1: does not match. */
function scoreOf(chain: FilterChain, facts: ConnectionFacts): number {
  const { destinationPort, transportProtocol, applicationProtocols, serverNames } = chain.match;
  let score = 0;
  if (destinationPort !== undefined) {
    if (destinationPort !== facts.destinationPort) return -1;
    score += 1_000_000;
  }
  if (serverNames !== undefined && serverNames.length > 0) {
    let longest = -1;
    for (const name of serverNames)
      if (matchesServerName(name, facts.sni)) longest = Math.max(longest, name === "*" ? 0 : name.length);
    if (longest < 0) return -1;
    score += 1000 + longest * 10;
  }
  if (transportProtocol !== undefined) {
    if ((transportProtocol === "tls") !== facts.tls) return -1;
    score += 4;
  }
  if (applicationProtocols !== undefined && applicationProtocols.length > 0) {
    // The client's first protocol that some chain names decides.
    const position = facts.alpn.findIndex((protocol) => applicationProtocols.includes(protocol));
    if (position < 0) return -1;
    score += 3 - position / 8;
  }
  return score;
}

function matchesServerName(name: string, sni: string): boolean {
  if (name === "*") return true;
  if (name.startsWith("*.")) return sni.length > name.length - 1 && sni.endsWith(name.slice(1));
  return name === sni;
}
