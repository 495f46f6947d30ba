/**
 * Copies and hashes of run state: a graph of plain objects, typed arrays, arrays and maps whose links stay links between the copies.
 * A frozen object is compiled configuration: it is shared by all copies and left out of the hash. Nothing recurses: a queue of a
 * hundred thousand requests is one chain of links.
 */
import { hashText } from "./random.ts";

export interface StateCopy<State> {
  readonly state: State;
  /** What it takes, roughly: it decides how often a copy is affordable. */
  readonly bytes: number;
}

export function copyState<State extends object>(source: State): StateCopy<State> {
  /** By original; a frozen object stands for itself. */
  const copies = new Map<object, object>();
  const unfinished: object[] = [];
  let bytes = 0;

  /** A copy whose own links still lead to originals. */
  function begin(original: object): object {
    if (ArrayBuffer.isView(original)) {
      bytes += original.byteLength;
      return (original as Float64Array).slice();
    }
    if (Object.isFrozen(original)) return original;
    // A spread keeps the hidden class, which property access by name needs to stay fast.
    const copy = Array.isArray(original) ? original.slice() : original instanceof Map ? new Map(original) : { ...original };
    unfinished.push(copy);
    return copy;
  }

  function copyOf(original: object): object {
    let copy = copies.get(original);
    if (copy === undefined) {
      copy = begin(original);
      copies.set(original, copy);
    }
    return copy;
  }

  function relink(copy: object): void {
    if (Array.isArray(copy)) {
      bytes += 16 + copy.length * 8;
      for (let i = 0; i < copy.length; i++) if (isObject(copy[i])) copy[i] = copyOf(copy[i]);
    } else if (copy instanceof Map) {
      bytes += 16 + copy.size * 16;
      for (const [key, item] of copy) if (isObject(item)) copy.set(key, copyOf(item));
    } else {
      const fields = copy as Record<string, unknown>;
      for (const key in fields) {
        bytes += 8;
        const item = fields[key];
        if (isObject(item)) fields[key] = copyOf(item);
      }
    }
  }

  const state = copyOf(source) as State;
  for (let copy = unfinished.pop(); copy !== undefined; copy = unfinished.pop()) relink(copy);
  return { state, bytes };
}

function isObject(value: unknown): value is object {
  return typeof value === "object" && value !== null;
}

const scratch = new Float64Array(1);
const scratchWords = new Uint32Array(scratch.buffer);

/** Mixes one number (all 64 bits) into a 32-bit hash. */
export function mixNumber(hash: number, value: number): number {
  scratch[0] = value;
  const h = Math.imul(hash ^ (scratchWords[0] as number), 0x9e3779b1);
  const g = Math.imul((h ^ (h >>> 15)) + (scratchWords[1] as number), 0x85ebca77);
  return g ^ (g >>> 13);
}

/** The same for two states of the same structure and values, whichever objects they are made of. */
export function hashState(source: object, seed: number): number {
  /** Objects are told apart by the order in which they are met. */
  const numbers = new Map<object, number>([[source, 0]]);
  const met: object[] = [source];
  let hash = seed;

  function mix(value: unknown): void {
    if (typeof value === "number") hash = mixNumber(hash, value);
    else if (typeof value === "string") hash = mixNumber(hash, hashText(value, 7));
    else if (typeof value === "boolean") hash = mixNumber(hash, value ? 1 : 2);
    else if (!isObject(value)) hash = mixNumber(hash, 3);
    else if (ArrayBuffer.isView(value) || !Object.isFrozen(value)) mixLink(value);
  }

  function mixLink(object: object): void {
    let number = numbers.get(object);
    if (number === undefined) {
      number = numbers.size;
      numbers.set(object, number);
      met.push(object);
    }
    hash = mixNumber(hash, number);
  }

  function mixContents(object: object): void {
    if (ArrayBuffer.isView(object)) for (const number of object as Float64Array) hash = mixNumber(hash, number);
    else if (Array.isArray(object)) for (const item of object) mix(item);
    else if (object instanceof Map) {
      for (const [key, item] of object) {
        mix(key);
        mix(item);
      }
    } else for (const item of Object.values(object)) mix(item);
  }

  for (let i = 0; i < met.length; i++) mixContents(met[i] as object);
  return hash;
}
