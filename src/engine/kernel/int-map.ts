/**
 * A map from whole numbers ≥ 0 to whole numbers ≥ 0 in typed arrays, which a snapshot copies: small keys have a place of their own,
 * large ones are found by open addressing. Nothing is ever taken out.
 */
export interface IntMap {
  /** Value + 1 by key, for the keys below its length; 0 = not there. */
  direct: Int32Array;
  /** How many of the large keys there are. */
  size: number;
  /** Key + 1; 0 = an empty place. */
  keys: Int32Array;
  values: Int32Array;
  /** Bits of a spread key that do not choose the place. */
  shift: number;
}

/** Keys from here on are large. */
const directKeys = 32_768;

export function createIntMap(): IntMap {
  return { direct: new Int32Array(64), size: 0, keys: new Int32Array(32), values: new Int32Array(32), shift: 27 };
}

/** @returns the value, or −1 */
export function lookUp(map: IntMap, key: number): number {
  const { direct } = map;
  return key < direct.length ? (direct[key]! - 1) | 0 : lookUpLarge(map, key);
}

function lookUpLarge(map: IntMap, key: number): number {
  const { keys, shift } = map;
  if (key < directKeys) return -1;
  const mask = keys.length - 1;
  for (let at = spread(key, shift); ; at = (at + 1) & mask) {
    const found = keys[at]!;
    if (found === key + 1) return map.values[at]!;
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
  if (map.size * 2 >= map.keys.length) grow(map);
  const { keys, values, shift } = map;
  const mask = keys.length - 1;
  let at = spread(key, shift);
  while (keys[at] !== 0) at = (at + 1) & mask;
  keys[at] = key + 1;
  values[at] = value;
  map.size++;
}

/** Keys and values by rising key. */
export function entriesOf(map: IntMap): [number, number][] {
  const entries: [number, number][] = [];
  map.direct.forEach((value, key) => {
    if (value !== 0) entries.push([key, value - 1]);
  });
  map.keys.forEach((key, at) => {
    if (key !== 0) entries.push([key - 1, map.values[at]!]);
  });
  return entries.sort(([a], [b]) => a - b);
}

/** Fibonacci hashing: neighbouring keys land far from each other. */
function spread(key: number, shift: number): number {
  return Math.imul(key, 0x9e3779b1) >>> shift;
}

function grow(map: IntMap): void {
  const { keys, values } = map;
  map.size = 0;
  map.keys = new Int32Array(keys.length * 2);
  map.values = new Int32Array(values.length * 2);
  map.shift--;
  keys.forEach((key, at) => {
    if (key !== 0) addLarge(map, key - 1, values[at]!);
  });
}
