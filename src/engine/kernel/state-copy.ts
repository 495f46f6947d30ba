/**
 * Copies and hashes of run state: plain data, typed arrays, arrays, maps and objects, each owned by one place. A frozen object
 * is compiled configuration: it is shared by all copies and left out of the hash.
 */
import { hashText } from "./random.ts";

export function copyState<Value>(value: Value): Value {
  return copy(value) as Value;
}

function copy(value: unknown): unknown {
  if (typeof value !== "object" || value === null) return value;
  if (ArrayBuffer.isView(value)) return (value as Float64Array).slice();
  if (Array.isArray(value)) return value.map(copy);
  if (value instanceof Map) {
    const result = new Map();
    for (const [key, item] of value) result.set(key, copy(item));
    return result;
  }
  if (Object.isFrozen(value)) return value;
  const source = value as Record<string, unknown>;
  // A spread keeps the hidden class, which property access by name needs to stay fast.
  const result: Record<string, unknown> = { ...source };
  for (const key in source) {
    const item = source[key];
    if (typeof item === "object" && item !== null) result[key] = copy(item);
  }
  return result;
}

/** Bytes a copy would take, roughly: it decides how often one is affordable. */
export function sizeOfState(value: unknown): number {
  if (typeof value !== "object" || value === null) return 8;
  if (ArrayBuffer.isView(value)) return value.byteLength;
  let total = 16;
  if (Array.isArray(value)) for (const item of value) total += sizeOfState(item);
  else if (value instanceof Map) for (const item of value.values()) total += sizeOfState(item);
  else if (!Object.isFrozen(value)) for (const item of Object.values(value)) total += sizeOfState(item);
  return total;
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

export function hashState(value: unknown, hash: number): number {
  if (typeof value === "number") return mixNumber(hash, value);
  if (typeof value === "string") return mixNumber(hash, hashText(value, 7));
  if (typeof value === "boolean") return mixNumber(hash, value ? 1 : 2);
  if (typeof value !== "object" || value === null) return mixNumber(hash, 3);
  if (ArrayBuffer.isView(value)) {
    const numbers = value as Float64Array;
    for (let i = 0; i < numbers.length; i++) hash = mixNumber(hash, numbers[i] as number);
    return hash;
  }
  if (Array.isArray(value)) {
    for (const item of value) hash = hashState(item, hash);
    return hash;
  }
  if (value instanceof Map) {
    for (const [key, item] of value) hash = hashState(item, hashState(key, hash));
    return hash;
  }
  if (Object.isFrozen(value)) return hash;
  for (const item of Object.values(value)) hash = hashState(item, hash);
  return hash;
}
