/** Numbers as SQLite's file format writes them: big-endian, and varints (sqlite.org/fileformat2.html, 1.6). */

export function putUint16(bytes: Uint8Array, at: number, value: number): void {
  bytes[at] = value >>> 8;
  bytes[at + 1] = value;
}

export function putUint32(bytes: Uint8Array, at: number, value: number): void {
  putUint16(bytes, at, value >>> 16);
  putUint16(bytes, at + 2, value);
}

/** Groups of seven bits, the highest first. @param value below 2^53 @returns the place behind it */
export function putVarint(bytes: Uint8Array, at: number, value: number): number {
  if (value < 128) {
    bytes[at] = value;
    return at + 1;
  }
  const end = at + varintLength(value);
  let left = value;
  for (let i = end - 1; i >= at; i--) {
    bytes[i] = i === end - 1 ? left & 0x7f : left | 0x80;
    left = Math.floor(left / 128);
  }
  return end;
}

export function varintLength(value: number): number {
  let length = 1;
  for (let bound = 128; value >= bound; bound *= 128) length++;
  return length;
}
