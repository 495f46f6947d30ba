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
/** Cells in use; those after them wait for further chunks. */
const usedAt = 5;
/** Place of the first number that a histogram keeps for its owner, and how many it may keep. */
export const ownerAt = 6;
const ownedCells = 45;
const directoryAt = ownerAt + ownedCells;

const firstExponent = -20;
const exponents = 64;
const slices = 128;
const chunkLength = slices * 2;

const scratch = new Float64Array(1);
const words = new Uint32Array(scratch.buffer);

export function createHistogram(): Histogram {
  const cells = new Float64Array(directoryAt + exponents);
  cells[minAt] = Infinity;
  cells[maxAt] = -Infinity;
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
  cells[countAt]!++;
  cells[sumAt]! += value;
  if (value < cells[minAt]!) cells[minAt] = value;
  if (value > cells[maxAt]!) cells[maxAt] = value;
  scratch[0] = value;
  const high = words[1]!;
  const power = (high >>> 20) - 1023 - firstExponent;
  if (value <= 0 || power < 0) {
    cells[zerosAt]!++;
    return;
  }
  const place = directoryAt + (power < exponents ? power : exponents - 1);
  let chunk = cells[place]! | 0;
  if (chunk === 0) {
    chunk = addChunk(histogram, place);
    cells = histogram.cells;
  }
  const at = (chunk + ((high >>> 12) & 254)) | 0;
  cells[at]!++;
  cells[(at + 1) | 0]! += value;
}

/** @param place of the chunk in the directory @returns where the new chunk begins */
function addChunk(histogram: Histogram, place: number): number {
  let { cells } = histogram;
  const chunk = cells[usedAt] as number;
  if (chunk + chunkLength > cells.length) {
    // Room for several: V8 marks its whole heap anew for every 64 MB of arrays, so thousands that grow by small steps are dear.
    const larger = new Float64Array(Math.max(chunk + 4 * chunkLength, chunk * 2));
    larger.set(cells);
    histogram.cells = larger;
    cells = larger;
  }
  cells[usedAt] = chunk + chunkLength;
  cells[place] = chunk;
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
    const chunk = cells[directoryAt + power] as number;
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

/** Counts of the slices that hold something, by the number of the slice; −1: zero and below what can be told apart. */
export function addSlots({ cells }: Histogram, slots: Map<number, number>): void {
  const zeros = cells[zerosAt] as number;
  if (zeros > 0) slots.set(-1, (slots.get(-1) ?? 0) + zeros);
  for (let power = 0; power < exponents; power++) {
    const chunk = cells[directoryAt + power] as number;
    if (chunk === 0) continue;
    for (let i = 0; i < slices; i++) {
      const n = cells[chunk + i * 2] as number;
      const slot = power * slices + i;
      if (n > 0) slots.set(slot, (slots.get(slot) ?? 0) + n);
    }
  }
}

/** The middle of a slice. */
export function slotMs(slot: number): number {
  if (slot < 0) return 0;
  return 2 ** (Math.floor(slot / slices) + firstExponent) * (1 + ((slot % slices) + 0.5) / slices);
}

/** Adds `from` into `into`; the owners' numbers stay as they are. */
export function mergeHistograms(into: Histogram, from: Histogram): void {
  for (const at of [countAt, sumAt, zerosAt]) into.cells[at] = (into.cells[at] as number) + (from.cells[at] as number);
  into.cells[minAt] = Math.min(into.cells[minAt] as number, from.cells[minAt] as number);
  into.cells[maxAt] = Math.max(into.cells[maxAt] as number, from.cells[maxAt] as number);
  for (let power = 0; power < exponents; power++) {
    const source = from.cells[directoryAt + power] as number;
    if (source === 0) continue;
    const known = into.cells[directoryAt + power] as number;
    const target = known === 0 ? addChunk(into, directoryAt + power) : known;
    for (let i = 0; i < chunkLength; i++) {
      into.cells[target + i] = (into.cells[target + i] as number) + (from.cells[source + i] as number);
    }
  }
}
