/**
 * SHA-1 (FIPS 180-4), synchronous and the same in Node, page and worker. Anki's duplicate check (`notes.csum`) is made
 * of it, and ids and content hashes come from it. Never used where an attacker chooses the text. The buffers are shared
 * between calls: a package asks for thousands of hashes of short texts.
 */

const encoder = new TextEncoder();
const words = new Int32Array(80);
const state = new Int32Array(5);
let buffer = new Uint8Array(256);

/** @returns 40 lower-case hex digits of the SHA-1 of the text's UTF-8 bytes. */
export function sha1Hex(text: string): string {
  digest(text);
  let hex = "";
  for (const word of state) hex += (word >>> 0).toString(16).padStart(8, "0");
  return hex;
}

/** The first 32 and the first 36 bits of the same hash, as numbers. */
export function sha1Head(text: string): { bits32: number; bits36: number } {
  digest(text);
  const bits32 = state[0]! >>> 0;
  return { bits32, bits36: bits32 * 16 + (state[1]! >>> 28) };
}

function digest(text: string): void {
  const length = pad(text);
  const message = new DataView(buffer.buffer);
  state[0] = 0x67452301;
  state[1] = 0xefcdab89;
  state[2] = 0x98badcfe;
  state[3] = 0x10325476;
  state[4] = 0xc3d2e1f0;
  for (let offset = 0; offset < length; offset += 64) addBlock(message, offset);
}

/** Puts the text, the mark and the length in bits into the buffer; the number of bytes, a multiple of 64. */
function pad(text: string): number {
  if (buffer.length < text.length * 3 + 72) buffer = new Uint8Array(text.length * 6 + 128);
  const size = encoder.encodeInto(text, buffer).written;
  const length = (((size + 8) >> 6) + 1) * 64;
  buffer.fill(0, size, length);
  buffer[size] = 0x80;
  const view = new DataView(buffer.buffer);
  view.setUint32(length - 8, Math.floor(size / 2 ** 29));
  view.setUint32(length - 4, (size << 3) >>> 0);
  return length;
}

function addBlock(message: DataView, offset: number): void {
  for (let i = 0; i < 16; i++) words[i] = message.getInt32(offset + 4 * i);
  for (let i = 16; i < 80; i++) {
    const mixed = words[i - 3]! ^ words[i - 8]! ^ words[i - 14]! ^ words[i - 16]!;
    words[i] = (mixed << 1) | (mixed >>> 31);
  }
  let a = state[0]!;
  let b = state[1]!;
  let c = state[2]!;
  let d = state[3]!;
  let e = state[4]!;
  for (let i = 0; i < 80; i++) {
    let f: number;
    if (i < 20) f = ((b & c) | (~b & d)) + 0x5a827999;
    else if (i < 40) f = (b ^ c ^ d) + 0x6ed9eba1;
    else if (i < 60) f = ((b & c) | (b & d) | (c & d)) + 0x8f1bbcdc;
    else f = (b ^ c ^ d) + 0xca62c1d6;
    const next = (((a << 5) | (a >>> 27)) + f + e + words[i]!) | 0;
    e = d;
    d = c;
    c = (b << 30) | (b >>> 2);
    b = a;
    a = next;
  }
  state[0] = state[0]! + a;
  state[1] = state[1]! + b;
  state[2] = state[2]! + c;
  state[3] = state[3]! + d;
  state[4] = state[4]! + e;
}
