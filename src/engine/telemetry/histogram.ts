/**
 * Log-linear histograms over positive numbers: 128 slices per power of two (0.8 % wide) with the sum of each slice, so that values
 * that are all equal come back exactly. All that belong together share their memory, since thousands of them are met in random order:
 * a row of numbers each (head, the owner's own numbers, directory of chunks), and chunks of slices in pages, added by power of two when
 * first needed. An array of its own for each would be another miss of the processor's cache, and set off garbage collection as it grows;
 * so does room for slices that nothing falls into, so a chunk begins as a small table of the slices that were met.
 */
export interface Histograms {
  /** How many there are; they are told apart by number. */
  count: number;
  /** `rowLength` numbers each. */
  rows: Float64Array;
  /** Units in use. */
  units: number;
  /** A unit that a table left, +1; the next one stands in its first cell. 0 = none. */
  freeUnit: number;
  /** Units, `pageUnits` to a page (the last one may be shorter). */
  pages: Float64Array[];
}

const countAt = 0;
const sumAt = 1;
const minAt = 2;
const maxAt = 3;
/** Places in a row of the numbers that a histogram keeps for its owner: 12 beside its head, met together, and 41 that are met seldom. */
export const ownerAt = 4;
const directoryAt = 16;
const exponents = 62;
const zerosAt = directoryAt + exponents;
export const ownerMoreAt = zerosAt + 1;
/** Whole lines of a cache. */
export const rowLength = 120;

const firstExponent = -20;
const slices = 128;
/** A whole chunk: counts at even places, sums at odd ones. Its first unit + 1 stands in the directory. */
const chunkLength = slices * 2;
/** A table: pairs of count · 128 + slice (0 = empty) and sum. Its unit + 1 stands in the directory, as a negative number. */
const tableLength = 64;
const tableMask = tableLength - 2;
/** Pairs that are looked at before a table becomes a chunk. */
const longestSearch = 8;
const largestCount = 1 << 23;
const chunkUnits = chunkLength / tableLength;
const pageBits = 11;
const pageUnits = 1 << pageBits;

const scratch = new Float64Array(1);
const words = new Uint32Array(scratch.buffer);

export function createHistograms(): Histograms {
  return { count: 0, rows: new Float64Array(rowLength), units: 0, freeUnit: 0, pages: [] };
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
  const link = rows[place]!;
  if (link <= 0) {
    observeInTable(histograms, place, (high >>> 13) & (slices - 1), value);
    return;
  }
  const unit = (link - 1) | 0;
  const page = histograms.pages[unit >> pageBits]!;
  const at = (startOf(unit) + ((high >>> 12) & 254)) | 0;
  page[at]!++;
  page[(at + 1) | 0]! += value;
}

/** Where a unit begins in its page. */
function startOf(unit: number): number {
  return ((unit & (pageUnits - 1)) * tableLength) | 0;
}

/** @param place in the rows, where the table's unit stands */
function observeInTable(histograms: Histograms, place: number, slice: number, value: number): void {
  if (histograms.rows[place] === 0) histograms.rows[place] = -1 - takeUnit(histograms);
  const unit = (-1 - histograms.rows[place]!) | 0;
  const page = histograms.pages[unit >> pageBits]!;
  const start = startOf(unit);
  let pair = slice << 1;
  for (let left = longestSearch; left > 0; left--) {
    const at = (start + (pair & tableMask)) | 0;
    const counted = page[at]!;
    if (counted === 0) {
      page[at] = slices + slice;
      page[(at + 1) | 0] = value;
      return;
    }
    if ((counted & (slices - 1)) === slice && counted < largestCount * slices) {
      page[at] = counted + slices;
      page[(at + 1) | 0]! += value;
      return;
    }
    pair += 2;
  }
  const chunk = widen(histograms, place);
  chunk[slice * 2]!++;
  chunk[slice * 2 + 1]! += value;
}

/** Room for a table. */
function takeUnit(histograms: Histograms): number {
  if (histograms.freeUnit === 0) return takeUnits(histograms, 1);
  const unit = histograms.freeUnit - 1;
  const table = cellsAt(histograms, unit, tableLength);
  histograms.freeUnit = table[0] as number;
  table[0] = 0;
  return unit;
}

/** @returns the first of so many new ones, all in one page */
function takeUnits(histograms: Histograms, count: number): number {
  const { pages } = histograms;
  const left = pageUnits - (histograms.units & (pageUnits - 1));
  // What is left of a page is used by tables.
  for (let i = left; i < count && i > 0; i--) freeUnit(histograms, takeUnits(histograms, 1));
  const unit = histograms.units;
  histograms.units += count;
  const last = unit >> pageBits;
  const needed = startOf(unit) + count * tableLength;
  if (last === pages.length) pages.push(new Float64Array(last === 0 ? 4 * chunkLength : pageUnits * tableLength));
  else if ((pages[last] as Float64Array).length < needed) pages[last] = lengthened(pages[last] as Float64Array, 4 * chunkLength);
  return unit;
}

function freeUnit(histograms: Histograms, unit: number): void {
  const table = cellsAt(histograms, unit, tableLength).fill(0);
  table[0] = histograms.freeUnit;
  histograms.freeUnit = unit + 1;
}

/** Makes a whole chunk of what is there. @returns its counts and sums */
function widen(histograms: Histograms, place: number): Float64Array {
  const { rows } = histograms;
  const link = rows[place] as number;
  const unit = takeUnits(histograms, chunkUnits);
  const chunk = cellsAt(histograms, unit, chunkLength);
  rows[place] = unit + 1;
  if (link < 0) {
    spread(cellsAt(histograms, -1 - link, tableLength), chunk);
    freeUnit(histograms, -1 - link);
  }
  return chunk;
}

/** Adds what a table holds to counts and sums in the places of a chunk. */
function spread(table: Float64Array, chunk: Float64Array): void {
  for (let at = 0; at < tableLength; at += 2) {
    const counted = table[at] as number;
    const slice = counted & (slices - 1);
    if (counted === 0) continue;
    chunk[slice * 2] = (chunk[slice * 2] as number) + Math.floor(counted / slices);
    chunk[slice * 2 + 1] = (chunk[slice * 2 + 1] as number) + (table[at + 1] as number);
  }
}

function cellsAt({ pages }: Histograms, unit: number, length: number): Float64Array {
  return (pages[unit >> pageBits] as Float64Array).subarray(startOf(unit), startOf(unit) + length);
}

const spreadTable = new Float64Array(chunkLength);

/** Counts and sums of one power of two, until the next such question; undefined: nothing fell there. */
function chunkOf(histograms: Histograms, number: number, power: number): Float64Array | undefined {
  const link = histograms.rows[number * rowLength + directoryAt + power] as number;
  if (link === 0) return undefined;
  if (link > 0) return cellsAt(histograms, link - 1, chunkLength);
  spreadTable.fill(0);
  spread(cellsAt(histograms, -1 - link, tableLength), spreadTable);
  return spreadTable;
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
    const isWhole = (into.rows[directoryAt + power] as number) > 0;
    const target = isWhole ? (chunkOf(into, 0, power) as Float64Array) : widen(into, directoryAt + power);
    for (let i = 0; i < chunkLength; i++) target[i] = (target[i] as number) + (source[i] as number);
  }
}
