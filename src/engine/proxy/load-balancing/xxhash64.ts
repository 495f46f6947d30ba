/** xxHash64 (Yann Collet's specification, 64-bit variant) of UTF-8 text: what Envoy's consistent load balancers hash with. */
const mask = 0xffffffffffffffffn;
const p1 = 0x9e3779b185ebca87n;
const p2 = 0xc2b2ae3d27d4eb4fn;
const p3 = 0x165667b19e3779f9n;
const p4 = 0x85ebca77c2b2ae63n;
const p5 = 0x27d4eb2f165667c5n;

export function xxHash64(text: string, seed: bigint): bigint {
  const bytes = encodeUtf8(text);
  const length = bytes.length;
  let at = 0;
  let hash: bigint;
  if (length >= 32) {
    let v1 = (seed + p1 + p2) & mask;
    let v2 = (seed + p2) & mask;
    let v3 = seed & mask;
    let v4 = (seed - p1) & mask;
    for (; at + 32 <= length; at += 32) {
      v1 = round(v1, read64(bytes, at));
      v2 = round(v2, read64(bytes, at + 8));
      v3 = round(v3, read64(bytes, at + 16));
      v4 = round(v4, read64(bytes, at + 24));
    }
    hash = (rotate(v1, 1n) + rotate(v2, 7n) + rotate(v3, 12n) + rotate(v4, 18n)) & mask;
    for (const v of [v1, v2, v3, v4]) hash = ((hash ^ round(0n, v)) * p1 + p4) & mask;
  } else {
    hash = (seed + p5) & mask;
  }
  hash = (hash + BigInt(length)) & mask;
  for (; at + 8 <= length; at += 8) hash = (rotate(hash ^ round(0n, read64(bytes, at)), 27n) * p1 + p4) & mask;
  if (at + 4 <= length) {
    hash = (rotate(hash ^ ((read32(bytes, at) * p1) & mask), 23n) * p2 + p3) & mask;
    at += 4;
  }
  for (; at < length; at++) hash = (rotate(hash ^ ((BigInt(bytes[at] as number) * p5) & mask), 11n) * p1) & mask;
  hash = ((hash ^ (hash >> 33n)) * p2) & mask;
  hash = ((hash ^ (hash >> 29n)) * p3) & mask;
  return hash ^ (hash >> 32n);
}

function round(accumulator: bigint, input: bigint): bigint {
  return (rotate((accumulator + input * p2) & mask, 31n) * p1) & mask;
}

function rotate(x: bigint, n: bigint): bigint {
  return ((x << n) | (x >> (64n - n))) & mask;
}

function read32(bytes: readonly number[], at: number): bigint {
  const value =
    (bytes[at] as number) |
    ((bytes[at + 1] as number) << 8) |
    ((bytes[at + 2] as number) << 16) |
    ((bytes[at + 3] as number) << 24);
  return BigInt(value >>> 0);
}

export function read64(bytes: readonly number[], at: number): bigint {
  return read32(bytes, at) | (read32(bytes, at + 4) << 32n);
}

export function encodeUtf8(text: string): number[] {
  const bytes: number[] = [];
  for (const character of text) {
    const c = character.codePointAt(0) as number;
    if (c < 0x80) bytes.push(c);
    else if (c < 0x800) bytes.push(0xc0 | (c >> 6), 0x80 | (c & 63));
    else if (c < 0x10000) bytes.push(0xe0 | (c >> 12), 0x80 | ((c >> 6) & 63), 0x80 | (c & 63));
    else bytes.push(0xf0 | (c >> 18), 0x80 | ((c >> 12) & 63), 0x80 | ((c >> 6) & 63), 0x80 | (c & 63));
  }
  return bytes;
}
