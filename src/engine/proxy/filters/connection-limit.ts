/** envoy.filters.network.local_ratelimit: each connection takes a token, and one that finds none is closed (with flag URX, as Envoy logs it). */
import type { ConnectionRateLimit, FilterChain } from "../../model/index.ts";
import type { Call } from "../../rows/call.ts";
import { internText, type Sim } from "../../sim.ts";
import { noteCall } from "../../telemetry/recorder.ts";
import { localReply } from "../attempt-end.ts";
import { responseFlags } from "../response-flags.ts";
import { type CompiledFilter, type FilterVerdict, filterVerdicts } from "./filter.ts";
import { idOf } from "./filter-id.ts";
import { type KnownBucket, limited, plainBucket, takeTokens } from "./token-buckets.ts";

export function connectionLimits(sim: Sim, { networkRateLimits = [] }: FilterChain): CompiledFilter[] {
  return networkRateLimits.map((one) => compileLimit(sim, one));
}

function compileLimit({ caches }: Sim, config: ConnectionRateLimit): CompiledFilter {
  const { tokenBucket, shareKey, source } = config;
  const id = shareKey === undefined ? idOf(caches, config, "") : idOf(caches, caches, JSON.stringify([shareKey, tokenBucket]));
  return { name: "connectionLimit", id, source, onRequest, data: plainBucket(id, tokenBucket) };
}

function onRequest(sim: Sim, call: Call, { data, source }: CompiledFilter): FilterVerdict {
  const isAdmitted = takeTokens(sim, call.instance, data as KnownBucket);
  if (sim.recordRoot !== 0)
    noteCall(sim, call, "rateLimit", isAdmitted ? "rateLimit.tokenTaken" : "rateLimit.connectionClosed", {}, source);
  if (isAdmitted) return filterVerdicts.continue;
  localReply(sim, call, 0, responseFlags.URX, internText(sim, limited));
  return filterVerdicts.replied;
}
