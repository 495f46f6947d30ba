/**
 * envoy.filters.http.local_ratelimit: buckets per proxy, refilled continuously (one token every fillInterval / tokensPerFill), never above
 * their size; 429 with flag RL. A request takes from the bucket of each descriptor that fits it, the slowest first, then from the default
 * one; what it took before it was refused is gone (LocalRateLimiterImpl::requestAllowed).
 */

import { nextUniform } from "../../kernel/random.ts";
import type { LocalDescriptor, LocalRateLimitConfig, TokenBucket } from "../../model/index.ts";
import type { Call } from "../../rows/call.ts";
import { type InstanceState, internText, nowOf, type Sim } from "../../sim.ts";
import { noteCall } from "../../telemetry/recorder.ts";
import { localReply } from "../attempt-end.ts";
import type { MeshCaches } from "../compiled-mesh.ts";
import { resourceExhausted } from "../grpc-status.ts";
import { type Descriptor, descriptorsFor } from "../rate-limit-descriptors.ts";
import { responseFlags } from "../response-flags.ts";
import { type CompiledFilter, type FilterVerdict, filterVerdicts } from "./filter.ts";
import { idOf } from "./filter-id.ts";
import type { FilterCompiler } from "./index.ts";

interface LimitData {
  readonly config: LocalRateLimitConfig;
  /** What a request has to take from, in this order. */
  readonly buckets: readonly KnownBucket[];
}

interface KnownBucket {
  readonly id: number;
  readonly bucket: TokenBucket;
}

export const localRateLimit: FilterCompiler<LocalRateLimitConfig> = {
  name: "localRateLimit",
  compile(context, config, perFilter, { rateLimits, destination }) {
    const effective = perFilter?.localRateLimit ?? config;
    const { tokenBucket, descriptors = [], enabledPercent, source } = effective;
    if (enabledPercent === 0) return null;
    const { sim, shape, remoteIp, peer } = context;
    const request = { shape, remoteIp: remoteIp ?? peer.ip, cluster: destination };
    const asked = descriptors.length === 0 ? [] : descriptorsFor(effective, rateLimits, request);
    const fitting = asked
      .flatMap((one) => bucketFor(sim.caches, descriptors, one) ?? [])
      .sort((a, b) => perMs(a.bucket) - perMs(b.bucket));
    const isSpared = effective.sparesDefault === true && fitting.length > 0;
    const last = tokenBucket === undefined || isSpared ? [] : [{ id: idOf(sim.caches, effective, ""), bucket: tokenBucket }];
    const buckets = [...fitting, ...last];
    if (buckets.length === 0) return null;
    // Requests of any shape that meet the same configuration share its buckets.
    return {
      name: "localRateLimit",
      id: idOf(sim.caches, effective, ""),
      source,
      onRequest,
      data: { config: effective, buckets },
    };
  },
};

/** The descriptor with just these entries, else one that leaves some of the values open. */
function bucketFor(caches: MeshCaches, descriptors: readonly LocalDescriptor[], asked: Descriptor): KnownBucket | undefined {
  const fits = (isOpen: boolean) =>
    descriptors.find(
      ({ entries }) =>
        entries.length === asked.length &&
        entries.every(({ key, value }, i) => {
          const { key: name, value: given } = asked[i] as Descriptor[number];
          return key === name && (value === given || (isOpen && value === ""));
        }),
    );
  const found = fits(false) ?? fits(true);
  if (found?.tokenBucket === undefined) return undefined;
  const values = JSON.stringify(asked.map(({ value }) => value));
  return { id: idOf(caches, found, values), bucket: found.tokenBucket };
}

function onRequest(sim: Sim, call: Call, filter: CompiledFilter): FilterVerdict {
  const { config, buckets } = filter.data as LimitData;
  const { instance } = call;
  const draw = (percent: number) => percent >= 100 || nextUniform(sim.random, instance.routeStream) * 100 < percent;
  if (!draw(config.enabledPercent)) return filterVerdicts.continue;
  if (takesFromAll(sim, instance, buckets)) {
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

/** Up to the first that is empty. */
function takesFromAll(sim: Sim, instance: InstanceState, buckets: readonly KnownBucket[]): boolean {
  for (const { id, bucket } of buckets) if (!takeToken(sim, instance, id, bucket)) return false;
  return true;
}

function perMs({ tokensPerFill, fillIntervalMs }: TokenBucket): number {
  return tokensPerFill / fillIntervalMs;
}

function takeToken(sim: Sim, instance: InstanceState, id: number, config: TokenBucket): boolean {
  const now = nowOf(sim);
  instance.buckets ??= new Map();
  let bucket = instance.buckets.get(id);
  if (bucket === undefined) {
    bucket = [config.maxTokens, now];
    instance.buckets.set(id, bucket);
  }
  const tokens = Math.min(config.maxTokens, (bucket[0] as number) + (now - (bucket[1] as number)) * perMs(config));
  bucket[1] = now;
  // A hair's breadth for sums of many refills that should make a whole token.
  const taken = tokens >= 1 - 1e-9;
  bucket[0] = taken ? tokens - 1 : tokens;
  return taken;
}
