/**
 * Log-linear histogram over positive numbers: 128 slices per power of two (0.8 % wide) with the sum of each slice, so that values
 * that are all equal come back exactly. All of it lies in one array, since thousands of histograms are met in random order and every
 * array more is another miss of the processor's cache. Slices are added by power of two, when first needed.
 */
export interface Histogram {
  /** Head, then the owner's own numbers, then the directory of chunks, then chunks: counts at even places, sums at odd ones. */
  cells: Float64Array;
}

const countAt = 0;
const sumAt = 1;
const minAt = 2;
const maxAt = 3;
const zerosAt = 4;
const directoryAt = 5;
/** Cells in use; those after them wait for further chunks. */
const usedAt = 6;
/** Place of the first number that a histogram keeps for its owner. */
export const ownerAt = 7;

const firstExponent = -20;
const exponents = 64;
const slices = 128;
const chunkLength = slices * 2;

const scratch = new Float64Array(1);
const words = new Uint32Array(scratch.buffer);

/** @param owned how many numbers of its own the owner keeps from `ownerAt` on */
export function createHistogram(owned = 0): Histogram {
  const cells = new Float64Array(ownerAt + owned + exponents);
  cells[minAt] = Infinity;
  cells[maxAt] = -Infinity;
  cells[directoryAt] = ownerAt + owned;
  cells[usedAt] = cells.length;
  return { cells };
}

export function countOf({ cells }: Histogram): number {
  return cells[countAt] as number;
}

/** Sum, smallest and largest value; the extremes of an empty histogram are infinite. */
export function totalsOf({ cells }: Histogram): { sum: number; min: number; max: number } {
  return { sum: cells[sumAt] as number, min: cells[minAt] as number, max: cells[maxAt] as number };
}

export function observe(histogram: Histogram, value: number): void {
  let { cells } = histogram;
  cells[countAt] = (cells[countAt] as number) + 1;
  cells[sumAt] = (cells[sumAt] as number) + value;
  if (value < (cells[minAt] as number)) cells[minAt] = value;
  if (value > (cells[maxAt] as number)) cells[maxAt] = value;
  scratch[0] = value;
  const high = words[1] as number;
  const exponent = (high >>> 20) - 1023 - firstExponent;
  if (value <= 0 || exponent < 0) {
    cells[zerosAt] = (cells[zerosAt] as number) + 1;
    return;
  }
  const power = exponent < exponents ? exponent : exponents - 1;
  let chunk = cells[(cells[directoryAt] as number) + power] as number;
  if (chunk === 0) {
    chunk = addChunk(histogram, power);
    cells = histogram.cells;
  }
  const at = chunk + ((high >>> 13) & 127) * 2;
  cells[at] = (cells[at] as number) + 1;
  cells[at + 1] = (cells[at + 1] as number) + value;
}

/** @returns where the new chunk begins. */
function addChunk(histogram: Histogram, power: number): number {
  let { cells } = histogram;
  const chunk = cells[usedAt] as number;
  if (chunk + chunkLength > cells.length) {
    const larger = new Float64Array(Math.max(chunk + chunkLength, Math.floor(chunk * 1.5)));
    larger.set(cells);
    histogram.cells = larger;
    cells = larger;
  }
  cells[usedAt] = chunk + chunkLength;
  cells[(cells[directoryAt] as number) + power] = chunk;
  return chunk;
}

/** Nearest rank: the smallest value that at least `share` of all are not above; 0 when empty. */
export function quantile({ cells }: Histogram, share: number): number {
  const count = cells[countAt] as number;
  const min = cells[minAt] as number;
  const max = cells[maxAt] as number;
  if (count === 0) return 0;
  const rank = Math.max(1, Math.ceil(share * count - 1e-9));
  let seen = cells[zerosAt] as number;
  if (seen >= rank) return Math.max(0, min);
  for (let power = 0; power < exponents; power++) {
    const chunk = cells[(cells[directoryAt] as number) + power] as number;
    if (chunk === 0) continue;
    for (let i = chunk; i < chunk + chunkLength; i += 2) {
      const n = cells[i] as number;
      if (n === 0) continue;
      seen += n;
      if (seen >= rank) return Math.min(max, Math.max(min, (cells[i + 1] as number) / n));
    }
  }
  return max;
}

/** Adds `from` into `into`; the owners' numbers stay as they are. */
export function mergeHistograms(into: Histogram, from: Histogram): void {
  for (const at of [countAt, sumAt, zerosAt]) into.cells[at] = (into.cells[at] as number) + (from.cells[at] as number);
  into.cells[minAt] = Math.min(into.cells[minAt] as number, from.cells[minAt] as number);
  into.cells[maxAt] = Math.max(into.cells[maxAt] as number, from.cells[maxAt] as number);
  for (let power = 0; power < exponents; power++) {
    const source = from.cells[(from.cells[directoryAt] as number) + power] as number;
    if (source === 0) continue;
    const known = into.cells[(into.cells[directoryAt] as number) + power] as number;
    const target = known === 0 ? addChunk(into, power) : known;
    for (let i = 0; i < chunkLength; i++) {
      into.cells[target + i] = (into.cells[target + i] as number) + (from.cells[source + i] as number);
    }
  }
}
