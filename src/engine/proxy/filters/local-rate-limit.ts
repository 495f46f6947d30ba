/**
 * envoy.filters.http.local_ratelimit: buckets per proxy, refilled continuously (one token every fillInterval / tokensPerFill), never above
 * their size; 429 with flag RL. A request takes from the bucket of each descriptor that fits it, the slowest first, then from the default
 * one; what it took before it was refused is gone (LocalRateLimiterImpl::requestAllowed).
 */

import { nextUniform } from "../../kernel/random.ts";
import type { DescriptorEntry, LocalRateLimitConfig, TokenBucket } from "../../model/index.ts";
import type { Call } from "../../rows/call.ts";
import { type InstanceState, internText, nowOf, type Sim } from "../../sim.ts";
import { noteCall } from "../../telemetry/recorder.ts";
import { localReply } from "../attempt-end.ts";
import type { MeshCaches } from "../compiled-mesh.ts";
import { resourceExhausted } from "../grpc-status.ts";
import { type Descriptor, descriptorsFor } from "../rate-limit-descriptors.ts";
import { responseFlags } from "../response-flags.ts";
import { describedRequest } from "./described-request.ts";
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
  /** Tokens that a request takes; below 0: gives back. */
  readonly hits: number;
  /** It refuses nothing where it is empty. */
  readonly isShadow: boolean;
  /** Of a descriptor with open values: those that have buckets, and how many may. */
  readonly open: { readonly id: number; readonly most: number } | null;
}

function plainBucket(id: number, bucket: TokenBucket): KnownBucket {
  return { id, bucket, hits: 1, isShadow: false, open: null };
}

export const localRateLimit: FilterCompiler<LocalRateLimitConfig> = {
  name: "localRateLimit",
  compile(context, config, perFilter, state) {
    const effective = perFilter?.localRateLimit ?? config;
    const { tokenBucket, descriptors = [], enabledPercent, source } = effective;
    if (enabledPercent === 0) return null;
    const { sim } = context;
    const asked =
      descriptors.length === 0 ? [] : descriptorsFor(effective, state.rateLimits, describedRequest(context, state), true);
    const fitting = asked
      .flatMap((one) => bucketFor(sim.caches, effective, one) ?? [])
      .sort((a, b) => perMs(a.bucket) - perMs(b.bucket));
    const isSpared = effective.sparesDefault === true && fitting.length > 0;
    const last = tokenBucket === undefined || isSpared ? [] : [plainBucket(idOf(sim.caches, effective, ""), tokenBucket)];
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
function bucketFor(
  caches: MeshCaches,
  config: LocalRateLimitConfig,
  { entries: asked, hits }: Descriptor,
): KnownBucket | undefined {
  const { descriptors = [], maxOpenValues = defaultOpenValues } = config;
  const fits = (isOpen: boolean) =>
    descriptors.find(
      ({ entries }) =>
        entries.length === asked.length &&
        entries.every(({ key, value }, i) => {
          const { key: name, value: given } = asked[i] as DescriptorEntry;
          return key === name && (value === given || (isOpen && value === ""));
        }),
    );
  const found = fits(false) ?? fits(true);
  if (found?.tokenBucket === undefined) return undefined;
  const isOpen = found.entries.some(({ value }) => value === "");
  const values = JSON.stringify(asked.map(({ value }) => value));
  return {
    id: idOf(caches, found, values),
    bucket: found.tokenBucket,
    hits,
    isShadow: found.isShadow === true,
    open: isOpen ? { id: idOf(caches, found, ""), most: maxOpenValues } : null,
  };
}

/** max_dynamic_descriptors where nothing is written. */
const defaultOpenValues = 20;

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
  for (const { id, open } of buckets) if (open !== null) touch(instance, id, open);
  for (const one of buckets) if (!takeTokens(sim, instance, one) && !one.isShadow) return false;
  return true;
}

/** The values that were used last keep their buckets. */
function touch(instance: InstanceState, id: number, open: NonNullable<KnownBucket["open"]>): void {
  instance.buckets ??= new Map();
  const before = instance.buckets.get(open.id) ?? [];
  const used = [...before.filter((one) => one !== id), id];
  for (const one of used.splice(0, used.length - open.most)) instance.buckets.delete(one);
  instance.buckets.set(open.id, used);
}

function perMs({ tokensPerFill, fillIntervalMs }: TokenBucket): number {
  return tokensPerFill / fillIntervalMs;
}

function takeTokens(sim: Sim, instance: InstanceState, { id, bucket: config, hits }: KnownBucket): boolean {
  const now = nowOf(sim);
  instance.buckets ??= new Map();
  let bucket = instance.buckets.get(id);
  if (bucket === undefined) {
    bucket = [config.maxTokens, now];
    instance.buckets.set(id, bucket);
  }
  const tokens = Math.min(config.maxTokens, (bucket[0] as number) + (now - (bucket[1] as number)) * perMs(config));
  bucket[1] = now;
  // To take nothing is refused, as Envoy does. A hair's breadth for sums of many refills that should make a whole token.
  const taken = tokens >= hits - 1e-9 && hits !== 0;
  bucket[0] = taken ? Math.min(config.maxTokens, tokens - hits) : tokens;
  return taken;
}
