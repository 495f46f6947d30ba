/**
 * envoy.filters.network.rbac: judges a connection at its first bytes, by who opened it and where to. A TCP proxy behind it has a connection to
 * the server by then, so its log counts a try (asked of the real Envoy in envoy-live/scenarios/network-rbac.yaml).
 */
import type { FilterChain } from "../../model/index.ts";
import type { Call } from "../../rows/call.ts";
import { internText, type Peer, type Sim } from "../../sim.ts";
import type { DecisionLog } from "../../telemetry/draft.ts";
import { localReply } from "../attempt-end.ts";
import type { Destination } from "../plan.ts";
import { evaluateRbac } from "../rbac.ts";
import { type CompiledFilter, filterVerdicts } from "./filter.ts";

/** What Envoy notes of such a connection. */
export const connectionDenied = "rbac_access_denied";

export function refusesConnection({ networkRbac }: FilterChain, peer: Peer, ip: string, port: number, log: DecisionLog): boolean {
  const context = { shape: null, peer, destinationIp: ip, destinationPort: port, payloads: {} };
  return networkRbac.some((rbac) => !evaluateRbac(rbac, context, log).allowed);
}

/** In a session's way to the server: it has nothing to say until the connection is there. */
export function connectionRefusal({ caches }: Sim, { source }: FilterChain): CompiledFilter {
  return { name: refusal, id: caches.nextFilterId.value++, source, onRequest: () => filterVerdicts.continue, data: null };
}

const refusal = "connectionRbac";

/** Asked when the connection to the server is there: only then are the client's first bytes read. @returns whether that was the end */
export function refusesSession(sim: Sim, call: Call, { filters }: Destination): boolean {
  if (!filters.some(({ name }) => name === refusal)) return false;
  localReply(sim, call, 0, 0, internText(sim, connectionDenied));
  return true;
}
