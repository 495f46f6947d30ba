/**
 * The random numbers of Rust's `StdRng` (crate rand 0.10: ChaCha with 12 rounds, a 64-bit counter and no nonce) and its
 * shuffle: fsrs-rs takes its batches in that order, and with another order training ends at other parameters.
 */

const blockWords = 16;
const rounds = 12;
/** "expand 32-byte k" (RFC 8439, section 2.3). */
const constants = [0x61707865, 0x3320646e, 0x79622d32, 0x6b206574] as const;
/** The quarter rounds of a double round: columns, then diagonals. */
const quarters = [
  [0, 4, 8, 12],
  [1, 5, 9, 13],
  [2, 6, 10, 14],
  [3, 7, 11, 15],
  [0, 5, 10, 15],
  [1, 6, 11, 12],
  [2, 7, 8, 13],
  [3, 4, 9, 14],
] as const;

/** A source of uniform 32-bit numbers. */
export type WordSource = () => number;

/** As `StdRng::seed_from_u64`. */
export function chachaRandom(seed: number): WordSource {
  const input = new Uint32Array(blockWords);
  input.set([...constants, ...seedWords(seed)]);
  const block = new Uint32Array(blockWords);
  let at = blockWords;
  return () => {
    if (at === blockWords) {
      at = 0;
      fillBlock(block, input);
      input[12]!++;
      if (input[12] === 0) input[13]!++;
    }
    return block[at++]!;
  };
}

/** A key of 256 bits out of one number (rand_core, `SeedableRng::seed_from_u64`: the PCG32 generator). */
function seedWords(seed: number): number[] {
  let state = BigInt(seed);
  return Array.from({ length: 8 }, () => {
    state = BigInt.asUintN(64, state * 0x5851_f42d_4c95_7f2dn + 0xa176_54e4_6fbe_17f3n);
    const mixed = Number(BigInt.asUintN(32, ((state >> 18n) ^ state) >> 27n));
    const turn = Number(state >> 59n);
    return ((mixed >>> turn) | (mixed << (-turn & 31))) >>> 0;
  });
}

function fillBlock(block: Uint32Array, input: Uint32Array): void {
  block.set(input);
  const rotated = (value: number, bits: number) => (value << bits) | (value >>> (32 - bits));
  for (let round = 0; round < rounds; round += 2) {
    for (const [a, b, c, d] of quarters) {
      block[a]! += block[b]!;
      block[d] = rotated(block[d]! ^ block[a]!, 16);
      block[c]! += block[d]!;
      block[b] = rotated(block[b]! ^ block[c]!, 12);
      block[a]! += block[b]!;
      block[d] = rotated(block[d]! ^ block[a]!, 8);
      block[c]! += block[d]!;
      block[b] = rotated(block[b]! ^ block[c]!, 7);
    }
  }
  for (let i = 0; i < blockWords; i++) block[i]! += input[i]!;
}

/** The numbers below `length` in the order of rand's `SliceRandom::shuffle`, which draws once for several swaps. */
export function shuffledOrder(length: number, next: WordSource): number[] {
  const order = Array.from({ length }, (_, i) => i);
  let chunk = 0;
  let left = 1;
  for (let i = 0; i < length; i++) {
    if (left === 0) {
      const { bound, count } = boundFrom(i + 1);
      chunk = below(bound, next);
      left = count;
    }
    left--;
    const other = left === 0 ? chunk : chunk % (i + 1);
    chunk = Math.floor(chunk / (i + 1));
    [order[i], order[other]] = [order[other]!, order[i]!];
  }
  return order;
}

/** As many factors first · (first + 1) · … as fit into 32 bits. */
function boundFrom(first: number): { bound: number; count: number } {
  let bound = first;
  let count = 1;
  while (bound * (first + count) < 2 ** 32) bound *= first + count++;
  return { bound, count };
}

/** Canon's method, as rand's `sample_single`: the high half of a product, and one more draw where that would be uneven. */
function below(bound: number, next: WordSource): number {
  const wide = BigInt(next()) * BigInt(bound);
  const low = BigInt.asUintN(32, wide);
  let result = Number(wide >> 32n);
  if (low > BigInt(2 ** 32 - bound)) {
    const more = (BigInt(next()) * BigInt(bound)) >> 32n;
    if (low + more >= 2n ** 32n) result++;
  }
  return result;
}
