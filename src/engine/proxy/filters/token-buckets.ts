/** Buckets of a local rate limit: refilled continuously, per proxy, kept by number. */
import type { DescriptorEntry, LocalRateLimitConfig, TokenBucket } from "../../model/index.ts";
import { type InstanceState, nowOf, type Sim } from "../../sim.ts";
import type { MeshCaches } from "../compiled-mesh.ts";
import type { Descriptor } from "../rate-limit-descriptors.ts";
import { idOf } from "./filter-id.ts";

/** The response code details of a request over the limit. */
export const limited = "local_rate_limited";

/** Sums of many refills are not whole tokens. */
export const hair = 1e-9;

export interface KnownBucket {
  readonly id: number;
  readonly bucket: TokenBucket;
  /** Tokens that a request takes; below 0: gives back. */
  readonly hits: number;
  /** It refuses nothing where it is empty. */
  readonly isShadow: boolean;
  /** x-ratelimit-limit and its kin say what it holds. */
  readonly tells: boolean;
  /** Of a descriptor with open values: those that have buckets, and how many may. */
  readonly open: { readonly id: number; readonly most: number } | null;
}

export function plainBucket(id: number, bucket: TokenBucket, tells = false): KnownBucket {
  return { id, bucket, hits: 1, isShadow: false, tells, open: null };
}

/** The descriptor with just these entries, else one that leaves some of the values open. */
export function bucketFor(
  caches: MeshCaches,
  config: LocalRateLimitConfig,
  { entries: asked, hits, tells = config.tells === true }: Descriptor,
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
    tells,
    open: isOpen ? { id: idOf(caches, found, ""), most: maxOpenValues } : null,
  };
}

/** max_dynamic_descriptors where nothing is written. */
const defaultOpenValues = 20;

/** The values that were used last keep their buckets. */
export function touch(instance: InstanceState, id: number, open: NonNullable<KnownBucket["open"]>): void {
  instance.buckets ??= new Map();
  const before = instance.buckets.get(open.id) ?? [];
  const used = [...before.filter((one) => one !== id), id];
  for (const one of used.splice(0, used.length - open.most)) instance.buckets.delete(one);
  instance.buckets.set(open.id, used);
}

/** Beside the buckets, whose numbers are not negative: which of them refused last. */
const refusedLast = -1;

export function noteRefusing({ buckets }: InstanceState, { id }: KnownBucket): void {
  buckets?.set(refusedLast, [id]);
}

/** While a refused request is answered: others that it took from may have become empty by it. */
export function hasRefused({ buckets }: InstanceState, { id }: KnownBucket): boolean {
  return buckets?.get(refusedLast)?.[0] === id;
}

export function perMs({ tokensPerFill, fillIntervalMs }: TokenBucket): number {
  return tokensPerFill / fillIntervalMs;
}

/** The slowest first. */
export function bySpeed(a: KnownBucket, b: KnownBucket): number {
  return perMs(a.bucket) - perMs(b.bucket);
}

/** What a bucket holds now. */
export function tokensIn(sim: Sim, { buckets }: InstanceState, { id, bucket: config }: KnownBucket): number {
  const [tokens = config.maxTokens, sinceMs = 0] = buckets?.get(id) ?? [];
  return Math.min(config.maxTokens, tokens + (nowOf(sim) - sinceMs) * perMs(config));
}

export function takeTokens(sim: Sim, instance: InstanceState, known: KnownBucket): boolean {
  const { id, bucket: config, hits } = known;
  const now = nowOf(sim);
  instance.buckets ??= new Map();
  let bucket = instance.buckets.get(id);
  if (bucket === undefined) {
    bucket = [config.maxTokens, now];
    instance.buckets.set(id, bucket);
  }
  const tokens = tokensIn(sim, instance, known);
  bucket[1] = now;
  // To take nothing is refused, as Envoy does. A hair's breadth for sums of many refills that should make a whole token.
  const taken = tokens >= hits - hair && hits !== 0;
  bucket[0] = taken ? Math.min(config.maxTokens, tokens - hits) : tokens;
  return taken;
}
