/**
 * envoy.filters.http.local_ratelimit: one bucket per proxy, refilled continuously (one token every fillInterval / tokensPerFill),
 * never above its size; 429 with flag RL.
 */

import { nextUniform } from "../../kernel/random.ts";
import type { LocalRateLimitConfig } from "../../model/index.ts";
import type { Call } from "../../rows/call.ts";
import { type InstanceState, internText, nowOf, type Sim } from "../../sim.ts";
import { noteCall } from "../../telemetry/recorder.ts";
import { localReply } from "../attempt-end.ts";
import { resourceExhausted } from "../grpc-status.ts";
import { responseFlags } from "../response-flags.ts";
import { type CompiledFilter, type FilterVerdict, filterVerdicts } from "./filter.ts";
import type { FilterCompiler } from "./index.ts";

export const localRateLimit: FilterCompiler<LocalRateLimitConfig> = {
  name: "localRateLimit",
  compile(context, config, perFilter) {
    const effective = perFilter?.localRateLimit ?? config;
    if (effective.tokenBucket === undefined || effective.enabledPercent === 0) return null;
    // Requests of any shape that meet the same configuration share its bucket.
    const { filterIds, nextFilterId } = context.sim.caches;
    let id = filterIds.get(effective);
    if (id === undefined) {
      id = nextFilterId.value++;
      filterIds.set(effective, id);
    }
    return { name: "localRateLimit", id, source: effective.source, onRequest, data: effective };
  },
};

function onRequest(sim: Sim, call: Call, filter: CompiledFilter): FilterVerdict {
  const config = filter.data as LocalRateLimitConfig;
  const { instance } = call;
  const draw = (percent: number) => percent >= 100 || nextUniform(sim.random, instance.routeStream) * 100 < percent;
  if (!draw(config.enabledPercent)) return filterVerdicts.continue;
  if (takeToken(sim, instance, filter.id, config)) {
    if (sim.recordRoot !== 0) noteCall(sim, call, "rateLimit", "rateLimit.tokenTaken", {}, filter.source);
    return filterVerdicts.continue;
  }
  if (!draw(config.enforcedPercent)) {
    if (sim.recordRoot !== 0) noteCall(sim, call, "rateLimit", "rateLimit.notEnforced", {}, filter.source);
    return filterVerdicts.continue;
  }
  if (sim.recordRoot !== 0) noteCall(sim, call, "rateLimit", "rateLimit.empty", { status: config.status }, filter.source);
  const grpcStatus = config.asResourceExhausted ? resourceExhausted : -1;
  localReply(sim, call, config.status, responseFlags.RL, internText(sim, "local_rate_limited"), grpcStatus);
  return filterVerdicts.replied;
}

function takeToken(sim: Sim, instance: InstanceState, id: number, config: LocalRateLimitConfig): boolean {
  const bucketConfig = config.tokenBucket as NonNullable<LocalRateLimitConfig["tokenBucket"]>;
  const now = nowOf(sim);
  instance.buckets ??= new Map();
  let bucket = instance.buckets.get(id);
  if (bucket === undefined) {
    bucket = [bucketConfig.maxTokens, now];
    instance.buckets.set(id, bucket);
  }
  const perMs = bucketConfig.tokensPerFill / bucketConfig.fillIntervalMs;
  const tokens = Math.min(bucketConfig.maxTokens, (bucket[0] as number) + (now - (bucket[1] as number)) * perMs);
  bucket[1] = now;
  // A hair's breadth for sums of many refills that should make a whole token.
  const taken = tokens >= 1 - 1e-9;
  bucket[0] = taken ? tokens - 1 : tokens;
  return taken;
}
