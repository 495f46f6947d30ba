/**
 * Log-linear histogram over positive numbers: 128 slices per power of two (0.8 % wide) with the sum of each slice, so that values
 * that are all equal come back exactly. Slices are allocated by power of two, when first needed.
 */
export interface Histogram {
  count: number;
  sum: number;
  min: number;
  max: number;
  zeros: number;
  /** Per power of two: counts at even places, sums at odd ones. */
  chunks: (Float64Array | null)[];
}

const firstExponent = -20;
const exponents = 64;
const slices = 128;

const scratch = new Float64Array(1);
const words = new Uint32Array(scratch.buffer);

export function createHistogram(): Histogram {
  return { count: 0, sum: 0, min: Infinity, max: -Infinity, zeros: 0, chunks: [] };
}

export function observe(histogram: Histogram, value: number): void {
  histogram.count++;
  histogram.sum += value;
  if (value < histogram.min) histogram.min = value;
  if (value > histogram.max) histogram.max = value;
  scratch[0] = value;
  const high = words[1] as number;
  const exponent = (high >>> 20) - 1023 - firstExponent;
  if (value <= 0 || exponent < 0) {
    histogram.zeros++;
    return;
  }
  const power = exponent < exponents ? exponent : exponents - 1;
  while (histogram.chunks.length <= power) histogram.chunks.push(null);
  let chunk = histogram.chunks[power] as Float64Array | null;
  if (chunk === null) {
    chunk = new Float64Array(slices * 2);
    histogram.chunks[power] = chunk;
  }
  const at = ((high >>> 13) & 127) * 2;
  chunk[at] = (chunk[at] as number) + 1;
  chunk[at + 1] = (chunk[at + 1] as number) + value;
}

/** Nearest rank: the smallest value that at least `share` of all are not above; 0 when empty. */
export function quantile(histogram: Histogram, share: number): number {
  const { count, chunks, zeros, min, max } = histogram;
  if (count === 0) return 0;
  const rank = Math.max(1, Math.ceil(share * count - 1e-9));
  let seen = zeros;
  if (seen >= rank) return Math.max(0, min);
  for (const chunk of chunks) {
    if (chunk === null) continue;
    for (let i = 0; i < slices * 2; i += 2) {
      const n = chunk[i] as number;
      if (n === 0) continue;
      seen += n;
      if (seen >= rank) return Math.min(max, Math.max(min, (chunk[i + 1] as number) / n));
    }
  }
  return max;
}

/** Adds `from` into `into`. */
export function mergeHistograms(into: Histogram, from: Histogram): void {
  into.count += from.count;
  into.sum += from.sum;
  into.min = Math.min(into.min, from.min);
  into.max = Math.max(into.max, from.max);
  into.zeros += from.zeros;
  from.chunks.forEach((chunk, power) => {
    while (into.chunks.length <= power) into.chunks.push(null);
    if (chunk === null) return;
    const own = into.chunks[power] as Float64Array | null;
    if (own === null) into.chunks[power] = chunk.slice();
    else for (let i = 0; i < chunk.length; i++) own[i] = (own[i] as number) + (chunk[i] as number);
  });
}
