/** MurmurHash2 for 64-bit machines (Austin Appleby; std::hash of GNU's library), Envoy's other choice for the points of a ring. */
import { encodeUtf8, read64 } from "./xxhash64.ts";

const mask = 0xffffffffffffffffn;
const multiplier = 0xc6a4a7935bd1e995n;
/** GNU's std::hash starts with this seed. */
const seed = 0xc70f6907n;

export function murmurHash2(text: string): bigint {
  const bytes = encodeUtf8(text);
  const { length } = bytes;
  let hash = (seed ^ (BigInt(length) * multiplier)) & mask;
  let at = 0;
  for (; at + 8 <= length; at += 8) {
    const word = mixed((read64(bytes, at) * multiplier) & mask);
    hash = ((hash ^ ((word * multiplier) & mask)) * multiplier) & mask;
  }
  if (at < length) {
    let rest = 0n;
    for (let i = length - 1; i >= at; i--) rest = (rest << 8n) | BigInt(bytes[i] as number);
    hash = ((hash ^ rest) * multiplier) & mask;
  }
  return mixed((mixed(hash) * multiplier) & mask);
}

function mixed(value: bigint): bigint {
  return value ^ (value >> 47n);
}
