/** A map from whole numbers ≥ 0 to whole numbers ≥ 0 by open addressing: two typed arrays, which a snapshot copies. Nothing is ever taken out. */
export interface IntMap {
  size: number;
  /** Key + 1; 0 = an empty place. */
  keys: Int32Array;
  values: Int32Array;
}

export function createIntMap(): IntMap {
  return { size: 0, keys: new Int32Array(32), values: new Int32Array(32) };
}

/** @returns the value, or −1 */
export function lookUp(map: IntMap, key: number): number {
  const { keys } = map;
  const mask = keys.length - 1;
  for (let at = spread(key) & mask; ; at = (at + 1) & mask) {
    const found = keys[at];
    if (found === key + 1) return map.values[at]!;
    if (found === 0) return -1;
  }
}

/** Adds a key that is not there yet. */
export function addKey(map: IntMap, key: number, value: number): void {
  if (map.size * 2 >= map.keys.length) grow(map);
  const { keys, values } = map;
  const mask = keys.length - 1;
  let at = spread(key) & mask;
  while (keys[at] !== 0) at = (at + 1) & mask;
  keys[at] = key + 1;
  values[at] = value;
  map.size++;
}

/** Keys and values by rising key. */
export function entriesOf(map: IntMap): [number, number][] {
  const entries: [number, number][] = [];
  map.keys.forEach((key, at) => {
    if (key !== 0) entries.push([key - 1, map.values[at]!]);
  });
  return entries.sort(([a], [b]) => a - b);
}

/** Neighbouring keys land far from each other. */
function spread(key: number): number {
  const h = Math.imul(key, 0x9e3779b1);
  return h ^ (h >>> 15);
}

function grow(map: IntMap): void {
  const { keys, values } = map;
  map.size = 0;
  map.keys = new Int32Array(keys.length * 2);
  map.values = new Int32Array(values.length * 2);
  keys.forEach((key, at) => {
    if (key !== 0) addKey(map, key - 1, values[at]!);
  });
}
