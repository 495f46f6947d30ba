/**
 * A run's numbers over time: one point a bucket of virtual time, taken from the simulation at the bucket's end, so that a seek, another
 * pace or a reload gives the same points. Bounded: when there are too many, two neighbours become one, exactly.
 */
import { type RunTotals, type Simulation, slotMs } from "#engine";

/** What happened within one bucket. */
export interface SeriesPoint {
  fromMs: number;
  toMs: number;
  requests: number;
  errors: number;
  flags: Readonly<Record<string, number>>;
  retries: number;
  ejections: number;
  arrivals: Readonly<Record<string, number>>;
  /** Of the requests that ended in it; null where there were none. */
  p50: number | null;
  p95: number | null;
  p99: number | null;
}

export interface SeriesRecorder {
  /** The end of the bucket that is being filled. */
  readonly nextMs: number;
  /** Closes the bucket that ends at `nextMs`; the simulation stands there. */
  take(): void;
  /** Forgets what was recorded from a moment on: the run becomes another there. */
  cut(fromMs: number): void;
  /** At most `maxPoints`, oldest first; neighbours are joined where there are more. */
  points(maxPoints: number): SeriesPoint[];
}

type Bucket = Omit<SeriesPoint, "p50" | "p95" | "p99"> & { latency: ReadonlyMap<number, number> };

const firstBucketMs = 100;
const mostBuckets = 1200;

export function createSeriesRecorder(simulation: Simulation, counts: (traffic: number) => boolean): SeriesRecorder {
  let bucketMs = firstBucketMs;
  let buckets: Bucket[] = [];

  /** Sums up to the last bucket's end. */
  let before: Bucket = emptyBucket;

  const endMs = (): number => buckets.at(-1)?.toMs ?? 0;

  return {
    get nextMs() {
      return endMs() + bucketMs;
    },
    take() {
      const now = simulation.telemetry.totals(counts);
      const fromMs = endMs();
      const bucket = { ...difference(now, before), fromMs, toMs: fromMs + bucketMs };
      buckets.push(bucket);
      before = { ...now, fromMs: 0, toMs: bucket.toMs };
      // Joined in place, on even bounds only, so that the bounds do not depend on when it was looked.
      if (buckets.length >= mostBuckets) {
        buckets = joined(buckets, 2);
        bucketMs *= 2;
      }
    },
    cut(fromMs) {
      if (endMs() < fromMs) return;
      buckets = buckets.filter(({ toMs }) => toMs < fromMs);
      before = buckets.reduce(joinTwo, emptyBucket);
    },
    points(maxPoints) {
      const by = Math.max(1, Math.ceil(buckets.length / maxPoints));
      return joined(buckets, by).map(({ latency, ...point }) => {
        const [p50, p95, p99] = percentiles(latency, point.requests, [0.5, 0.95, 0.99]);
        return { ...point, p50: p50 ?? null, p95: p95 ?? null, p99: p99 ?? null };
      });
    },
  };
}

const emptyBucket: Bucket = {
  fromMs: 0,
  toMs: 0,
  requests: 0,
  errors: 0,
  flags: {},
  retries: 0,
  ejections: 0,
  arrivals: {},
  latency: new Map(),
};

function difference(now: RunTotals, before: RunTotals): RunTotals {
  const latency = new Map<number, number>();
  for (const [slot, n] of now.latency) {
    const more = n - (before.latency.get(slot) ?? 0);
    if (more > 0) latency.set(slot, more);
  }
  return {
    requests: now.requests - before.requests,
    errors: now.errors - before.errors,
    flags: minus(now.flags, before.flags),
    retries: now.retries - before.retries,
    ejections: now.ejections - before.ejections,
    arrivals: minus(now.arrivals, before.arrivals),
    latency,
  };
}

function joined(buckets: readonly Bucket[], by: number): Bucket[] {
  if (by === 1) return [...buckets];
  const groups: Bucket[] = [];
  for (let i = 0; i < buckets.length; i += by) {
    const [first, ...rest] = buckets.slice(i, i + by);
    if (first) groups.push(rest.reduce(joinTwo, first));
  }
  return groups;
}

function joinTwo(left: Bucket, right: Bucket): Bucket {
  const latency = new Map(left.latency);
  for (const [slot, n] of right.latency) latency.set(slot, (latency.get(slot) ?? 0) + n);
  return {
    fromMs: left.fromMs,
    toMs: right.toMs,
    requests: left.requests + right.requests,
    errors: left.errors + right.errors,
    flags: plus(left.flags, right.flags),
    retries: left.retries + right.retries,
    ejections: left.ejections + right.ejections,
    arrivals: plus(left.arrivals, right.arrivals),
    latency,
  };
}

/** Nearest rank, as everywhere in the engine. */
function percentiles(latency: ReadonlyMap<number, number>, count: number, shares: readonly number[]): number[] {
  if (count === 0) return [];
  const slots = [...latency].sort(([a], [b]) => a - b);
  return shares.map((share) => {
    const rank = Math.max(1, Math.ceil(share * count - 1e-9));
    let seen = 0;
    for (const [slot, n] of slots) {
      seen += n;
      if (seen >= rank) return slotMs(slot);
    }
    return slotMs(slots.at(-1)?.[0] ?? -1);
  });
}

function minus(now: Readonly<Record<string, number>>, before: Readonly<Record<string, number>>): Record<string, number> {
  const result: Record<string, number> = {};
  for (const [key, n] of Object.entries(now)) {
    const more = n - (before[key] ?? 0);
    if (more !== 0) result[key] = more;
  }
  return result;
}

function plus(some: Readonly<Record<string, number>>, more: Readonly<Record<string, number>>): Record<string, number> {
  const result: Record<string, number> = { ...some };
  for (const [key, n] of Object.entries(more)) result[key] = (result[key] ?? 0) + n;
  return result;
}
