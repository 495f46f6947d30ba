/**
 * Log-linear histograms over positive numbers: 128 slices per power of two (0.8 % wide) with the sum of each slice, so that values
 * that are all equal come back exactly. All that belong together share their memory, since thousands of them are met in random order:
 * a row of numbers each (head, the owner's own numbers, directory of chunks), and chunks of slices in pages, added by power of two when
 * first needed. An array of its own for each would be another miss of the processor's cache, and set off garbage collection as it grows.
 */
export interface Histograms {
  /** How many there are; they are told apart by number. */
  count: number;
  /** `rowLength` numbers each. */
  rows: Float64Array;
  /** Chunks in use. */
  chunks: number;
  /** Chunks, `pageChunks` to a page (the last one may be shorter): counts at even places, sums at odd ones. */
  pages: Float64Array[];
}

const countAt = 0;
const sumAt = 1;
const minAt = 2;
const maxAt = 3;
/** Places in a row of the numbers that a histogram keeps for its owner: 12 beside its head, met together, and 38 that are met seldom. */
export const ownerAt = 4;
const directoryAt = 16;
const exponents = 64;
const zerosAt = directoryAt + exponents;
export const ownerMoreAt = zerosAt + 1;
/** Whole lines of a cache. */
export const rowLength = 120;

const firstExponent = -20;
const slices = 128;
const chunkLength = slices * 2;
const pageBits = 9;
const pageChunks = 1 << pageBits;

const scratch = new Float64Array(1);
const words = new Uint32Array(scratch.buffer);

export function createHistograms(): Histograms {
  return { count: 0, rows: new Float64Array(rowLength), chunks: 0, pages: [] };
}

/** One by itself: number 0. */
export function createHistogram(): Histograms {
  const histograms = createHistograms();
  addHistogram(histograms);
  return histograms;
}

/** @returns its number */
export function addHistogram(histograms: Histograms): number {
  const number = histograms.count++;
  if (histograms.count * rowLength > histograms.rows.length) histograms.rows = lengthened(histograms.rows, rowLength * 8);
  const at = number * rowLength;
  histograms.rows[at + minAt] = Infinity;
  histograms.rows[at + maxAt] = -Infinity;
  return number;
}

/** Longer by a quarter: copies of the state hold the room that is left as well. */
function lengthened(array: Float64Array, least: number): Float64Array {
  const more = Math.max(least, Math.ceil(array.length / 4 / least) * least);
  const larger = new Float64Array(array.length + more);
  larger.set(array);
  return larger;
}

export function countOf({ rows }: Histograms, number = 0): number {
  return rows[number * rowLength + countAt] as number;
}

/** Sum, smallest and largest value; the extremes of an empty histogram are infinite. */
export function totalsOf({ rows }: Histograms, number = 0): { sum: number; min: number; max: number } {
  const at = number * rowLength;
  return { sum: rows[at + sumAt] as number, min: rows[at + minAt] as number, max: rows[at + maxAt] as number };
}

export function observe(histograms: Histograms, number: number, value: number): void {
  const { rows } = histograms;
  const row = Math.imul(number, rowLength);
  rows[row]!++;
  rows[(row + sumAt) | 0]! += value;
  if (value < rows[(row + minAt) | 0]!) rows[(row + minAt) | 0] = value;
  if (value > rows[(row + maxAt) | 0]!) rows[(row + maxAt) | 0] = value;
  scratch[0] = value;
  const high = words[1]!;
  const power = (high >>> 20) - 1023 - firstExponent;
  if (value <= 0 || power < 0) {
    rows[(row + zerosAt) | 0]!++;
    return;
  }
  const place = (row + directoryAt + (power < exponents ? power : exponents - 1)) | 0;
  // Chunks are counted from 1.
  let chunk = (rows[place]! - 1) | 0;
  if (chunk < 0) chunk = addChunk(histograms, place);
  const page = histograms.pages[chunk >> pageBits]!;
  const at = (((chunk & (pageChunks - 1)) * chunkLength) | 0) + ((high >>> 12) & 254);
  page[at]!++;
  page[(at + 1) | 0]! += value;
}

/** @param place in the rows of the chunk's number @returns the chunk */
function addChunk(histograms: Histograms, place: number): number {
  const { pages } = histograms;
  const chunk = histograms.chunks++;
  const last = chunk >> pageBits;
  const needed = ((chunk & (pageChunks - 1)) + 1) * chunkLength;
  if (last === pages.length) pages.push(new Float64Array(last === 0 ? 4 * chunkLength : pageChunks * chunkLength));
  else if ((pages[last] as Float64Array).length < needed) pages[last] = lengthened(pages[last] as Float64Array, 4 * chunkLength);
  histograms.rows[place] = chunk + 1;
  return chunk;
}

/** A chunk's counts and sums. */
function chunkAt({ pages }: Histograms, chunk: number): Float64Array {
  const start = (chunk & (pageChunks - 1)) * chunkLength;
  return (pages[chunk >> pageBits] as Float64Array).subarray(start, start + chunkLength);
}

/** Of one power of two; undefined: nothing fell there. */
function chunkOf(histograms: Histograms, number: number, power: number): Float64Array | undefined {
  const chunk = (histograms.rows[number * rowLength + directoryAt + power] as number) - 1;
  return chunk < 0 ? undefined : chunkAt(histograms, chunk);
}

/** Nearest rank: the smallest value that at least `share` of all are not above; 0 when empty. */
export function quantile(histograms: Histograms, number: number, share: number): number {
  const { rows } = histograms;
  const row = number * rowLength;
  const count = rows[row + countAt] as number;
  const min = rows[row + minAt] as number;
  const max = rows[row + maxAt] as number;
  if (count === 0) return 0;
  const rank = Math.max(1, Math.ceil(share * count - 1e-9));
  let seen = rows[row + zerosAt] as number;
  if (seen >= rank) return Math.max(0, min);
  for (let power = 0; power < exponents; power++) {
    const chunk = chunkOf(histograms, number, power);
    if (chunk === undefined) continue;
    for (let i = 0; i < chunkLength; i += 2) {
      const n = chunk[i] as number;
      if (n === 0) continue;
      seen += n;
      if (seen >= rank) return Math.min(max, Math.max(min, (chunk[i + 1] as number) / n));
    }
  }
  return max;
}

/** Counts of the slices that hold something, by the number of the slice; −1: zero and below what can be told apart. */
export function addSlots(histograms: Histograms, number: number, slots: Map<number, number>): void {
  const zeros = histograms.rows[number * rowLength + zerosAt] as number;
  if (zeros > 0) slots.set(-1, (slots.get(-1) ?? 0) + zeros);
  for (let power = 0; power < exponents; power++) {
    const chunk = chunkOf(histograms, number, power);
    if (chunk === undefined) continue;
    for (let i = 0; i < slices; i++) {
      const n = chunk[i * 2] as number;
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

/** Adds one of `from` to the first of `into`; the owners' numbers stay as they are. */
export function mergeHistogram(into: Histograms, from: Histograms, number = 0): void {
  const row = number * rowLength;
  for (const at of [countAt, sumAt, zerosAt]) into.rows[at] = (into.rows[at] as number) + (from.rows[row + at] as number);
  into.rows[minAt] = Math.min(into.rows[minAt] as number, from.rows[row + minAt] as number);
  into.rows[maxAt] = Math.max(into.rows[maxAt] as number, from.rows[row + maxAt] as number);
  for (let power = 0; power < exponents; power++) {
    const source = chunkOf(from, number, power);
    if (source === undefined) continue;
    const target = chunkOf(into, 0, power) ?? chunkAt(into, addChunk(into, directoryAt + power));
    for (let i = 0; i < chunkLength; i++) target[i] = (target[i] as number) + (source[i] as number);
  }
}
