/**
 * A map from whole numbers ≥ 0 to whole numbers ≥ 0 in typed arrays, which a snapshot copies: small keys have a place of their own,
 * large ones are found by open addressing. Nothing is ever taken out.
 */
export interface IntMap {
  /** Value + 1 by key, for the keys below its length; 0 = not there. */
  direct: Int32Array;
  /** How many of the large keys there are. */
  size: number;
  /** Pairs of a large key + 1 (0 = an empty place) and its value. */
  pairs: Int32Array;
  /** Bits of a spread key that do not choose the place. */
  shift: number;
}

/** Keys from here on are large. */
const directKeys = 32_768;

export function createIntMap(): IntMap {
  return { direct: new Int32Array(64), size: 0, pairs: new Int32Array(64), shift: 27 };
}

/** @returns the value, or −1 */
export function lookUp(map: IntMap, key: number): number {
  const { direct } = map;
  return key < direct.length ? (direct[key]! - 1) | 0 : lookUpLarge(map, key);
}

function lookUpLarge(map: IntMap, key: number): number {
  const { pairs, shift } = map;
  if (key < directKeys) return -1;
  const mask = pairs.length - 1;
  for (let at = spread(key, shift) << 1; ; at = (at + 2) & mask) {
    const found = pairs[at]!;
    if (found === key + 1) return pairs[at | 1]!;
    if (found === 0) return -1;
  }
}

/** Adds a key that is not there yet. */
export function addKey(map: IntMap, key: number, value: number): void {
  if (key < directKeys) addSmall(map, key, value);
  else addLarge(map, key, value);
}

function addSmall(map: IntMap, key: number, value: number): void {
  if (key >= map.direct.length) {
    const larger = new Int32Array(1 << (32 - Math.clz32(key)));
    larger.set(map.direct);
    map.direct = larger;
  }
  map.direct[key] = value + 1;
}

function addLarge(map: IntMap, key: number, value: number): void {
  if (map.size * 4 >= map.pairs.length) grow(map);
  const { pairs, shift } = map;
  const mask = pairs.length - 1;
  let at = spread(key, shift) << 1;
  while (pairs[at] !== 0) at = (at + 2) & mask;
  pairs[at] = key + 1;
  pairs[at | 1] = value;
  map.size++;
}

/** Keys and values by rising key. */
export function entriesOf(map: IntMap): [number, number][] {
  const entries: [number, number][] = [];
  map.direct.forEach((value, key) => {
    if (value !== 0) entries.push([key, value - 1]);
  });
  for (let at = 0; at < map.pairs.length; at += 2)
    if (map.pairs[at] !== 0) entries.push([map.pairs[at]! - 1, map.pairs[at | 1]!]);
  return entries.sort(([a], [b]) => a - b);
}

/** Fibonacci hashing: neighbouring keys land far from each other. */
function spread(key: number, shift: number): number {
  return Math.imul(key, 0x9e3779b1) >>> shift;
}

function grow(map: IntMap): void {
  const { pairs } = map;
  map.size = 0;
  map.pairs = new Int32Array(pairs.length * 2);
  map.shift--;
  for (let at = 0; at < pairs.length; at += 2) if (pairs[at] !== 0) addLarge(map, pairs[at]! - 1, pairs[at | 1]!);
}
