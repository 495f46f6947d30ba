/**
 * Named random streams (xoshiro128++): every component draws from its own, so that a change in one does not disturb another
 * and two configurations can be compared under the same luck. All states lie in one array, which a snapshot copies.
 */
import { exp, exponentialFromBits, ln } from "./math.ts";

export interface RandomStreams {
  seed: number;
  count: number;
  words: Uint32Array;
}

/** Offset of a stream's state in `words`: what the draws take. */
export type Stream = number;

export function createRandomStreams(seed: number): RandomStreams {
  // Of a seed beyond 32 bits the rest counts as well.
  const folded = seed ^ Math.imul(Math.floor(seed / 2 ** 32), 0x9e3779b1);
  return { seed: folded >>> 0, count: 0, words: new Uint32Array(256) };
}

/** A new stream; equal seed and name give equal draws, whatever was created before it. */
export function createStream(random: RandomStreams, name: string): Stream {
  const offset = random.count * 4;
  if (offset + 4 > random.words.length) {
    const larger = new Uint32Array(random.words.length * 2);
    larger.set(random.words);
    random.words = larger;
  }
  random.count++;
  let h = hashText(name, random.seed ^ 0x9e3779b9);
  for (let i = 0; i < 4; i++) {
    h = (h + 0x9e3779b9) | 0;
    let z = h ^ Math.imul(random.seed, 0x85ebca6b);
    z = Math.imul(z ^ (z >>> 16), 0x21f0aaad);
    z = Math.imul(z ^ (z >>> 15), 0x735a2d97);
    random.words[offset + i] = z ^ (z >>> 15);
  }
  random.words[offset] = (random.words[offset] as number) | 1;
  for (let i = 0; i < 8; i++) nextBits(random, offset);
  return offset;
}

/** 32 random bits as an unsigned number. A stream's offset is a multiple of 4, so that its words are `s | 1` to `s | 3`. */
export function nextBits(random: RandomStreams, s: Stream): number {
  const w = random.words;
  const second = s | 1;
  const third = s | 2;
  const fourth = s | 3;
  const s0 = w[s]!;
  const s1 = w[second]!;
  const s2 = w[third]! ^ s0;
  const last = w[fourth]!;
  const s3 = last ^ s1;
  const sum = (s0 + last) | 0;
  w[s] = s0 ^ s3;
  w[second] = s1 ^ s2;
  w[third] = s2 ^ (s1 << 9);
  w[fourth] = (s3 << 11) | (s3 >>> 21);
  return (((sum << 7) | (sum >>> 25)) + s0) >>> 0;
}

/** Uniform in [0, 1). */
export function nextUniform(random: RandomStreams, s: Stream): number {
  return nextBits(random, s) * 2.3283064365386963e-10;
}

/** Uniform integer in [0, n), n < 2³¹. */
export function nextBelow(random: RandomStreams, s: Stream, n: number): number {
  return (nextBits(random, s) * n * 2.3283064365386963e-10) | 0;
}

/** What `nextBelow` will answer; nothing is drawn. */
export function peekBelow({ words }: RandomStreams, s: Stream, n: number): number {
  const first = words[s]!;
  const sum = (first + words[s | 3]!) | 0;
  return (((((sum << 7) | (sum >>> 25)) + first) >>> 0) * n * 2.3283064365386963e-10) | 0;
}

/** Exponential with mean 1. */
export function nextExponential(random: RandomStreams, s: Stream): number {
  return exponentialFromBits(nextBits(random, s));
}

/** Lognormal by Marsaglia's polar method; `sigma` is the standard deviation of the logarithm. */
export function nextLognormal(random: RandomStreams, s: Stream, median: number, sigma: number): number {
  for (;;) {
    const u = 2 * nextUniform(random, s) - 1;
    const v = 2 * nextUniform(random, s) - 1;
    const q = u * u + v * v;
    if (q < 1 && q > 0) return median * exp(sigma * u * Math.sqrt((-2 * ln(q)) / q));
  }
}

/** FNV-1a over UTF-16 units, then mixed. */
export function hashText(text: string, seed: number): number {
  let h = (seed ^ 0x811c9dc5) | 0;
  for (let i = 0; i < text.length; i++) h = Math.imul(h ^ text.charCodeAt(i), 0x01000193);
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return h ^ (h >>> 16);
}
