/**
 * Logarithm, exponential and power from + − × ÷ and tables alone. `Math.log`, `exp` and `pow` are not bit-specified, so two
 * engines may disagree in the last bit and a simulation would drift apart; these agree everywhere. Never used for display.
 */
const ln2 = Math.LN2;
const ln2High = 0.6931471803691238;
const ln2Low = 1.9082149292705877e-10;
const tableSize = 256;

/** 1/c and ln(c) at the middle of each of 256 slices of [1, 2). */
const inverse = new Float64Array(tableSize);
const logarithm = new Float64Array(tableSize);
for (let i = 0; i < tableSize; i++) {
  const c = 1 + (i + 0.5) / tableSize;
  const z = (c - 1) / (c + 1);
  let sum = 0;
  for (let k = 61; k >= 1; k -= 2) sum = sum * z * z + 1 / k;
  inverse[i] = 1 / c;
  logarithm[i] = 2 * z * sum;
}

/** 2^-e for e = 0..31. */
const negativePower = new Float64Array(32);
for (let i = 0, p = 1; i < 32; i++, p /= 2) negativePower[i] = p;

const scratch = new Float64Array(1);
const words = new Uint32Array(scratch.buffer);

/** ln(1 + r) for |r| ≤ 1/512, error below 1e-16. Summed in pairs, of which none waits for another: a draw decides where its event goes. */
function logOnePlus(r: number): number {
  const square = r * r;
  const cube = square * r;
  return r - square * 0.5 + cube * (0.3333333333333333 - r * 0.25 + square * (0.2 - r * 0.16666666666666666));
}

/** Natural logarithm of a positive, normal number. */
export function ln(x: number): number {
  scratch[0] = x;
  const high = words[1] as number;
  const exponent = (high >>> 20) - 1023;
  words[1] = (high & 0xfffff) | 0x3ff00000;
  const m = scratch[0] as number;
  const i = ((m - 1) * tableSize) & (tableSize - 1);
  return exponent * ln2 + (logarithm[i] as number) + logOnePlus(m * (inverse[i] as number) - 1);
}

/** A draw from the exponential distribution with mean 1, from 32 random bits. */
export function exponentialFromBits(bits: number): number {
  if (bits < 2 * tableSize) return exponentialFromFew(bits);
  const zeros = Math.clz32(bits);
  // The bits behind the leading one: as many as the table has entries.
  const slice = ((bits << zeros) >>> 23) & (tableSize - 1);
  return exponentialOf(bits + 0.5, 31 - zeros, slice);
}

/** Of so few bits the half that is added to them is seen in the slice; the fewest are spread by one instead, so that none is zero. */
function exponentialFromFew(bits: number): number {
  const x = bits < 16 ? bits + 1 : bits + 0.5;
  const exponent = 31 - Math.clz32(x);
  return exponentialOf(x, exponent, Math.floor((x * negativePower[exponent]! - 1) * tableSize));
}

/** −ln(x / 2³²) of x in [2^exponent, 2^(exponent + 1)), in a slice of that range. */
function exponentialOf(x: number, exponent: number, slice: number): number {
  const m = x * negativePower[exponent]!;
  return 32 * ln2 - (exponent * ln2 + logarithm[slice]! + logOnePlus(m * inverse[slice]! - 1));
}

/** e^x; 0 below −700, saturates above 700. */
export function exp(x: number): number {
  if (x < -700) return 0;
  if (x > 700) return exp(700);
  const k = Math.floor(x / ln2 + 0.5);
  const r = x - k * ln2High - k * ln2Low;
  let sum = 1;
  for (let n = 14; n >= 1; n--) sum = 1 + (r / n) * sum;
  scratch[0] = 1;
  words[1] = (1023 + k) << 20;
  words[0] = 0;
  return sum * (scratch[0] as number);
}

/** base^exponent for base ≥ 0; 0^0 = 1. */
export function power(base: number, exponent: number): number {
  if (exponent === 1) return base;
  if (exponent === 0) return 1;
  if (base <= 0) return 0;
  return exp(exponent * ln(base));
}
