/**
 * Values → SQLite's record format (sqlite.org/fileformat2.html, 2.1): a header of serial types, then the values. Numbers that are
 * whole become integers of the fewest bytes, texts UTF-8. Tens of thousands are made for a package, so that none of them is an
 * object of its own: there is one, and it is overwritten.
 */
import { assert } from "#base";
import { putUint16, putUint32, putVarint, varintLength } from "./bytes.ts";

export type Cell = string | number | null;

/** `bytes` from `start` to `end`, until the next record is made; before it there is room for the head of a cell. */
export interface RecordPlace {
  bytes: Uint8Array;
  start: number;
  end: number;
}

const utf8 = new TextEncoder();
const shortText = 100;
const longestVarint = 9;
const cellHeadBytes = 2 * longestVarint;
const place: RecordPlace = { bytes: new Uint8Array(65_536), start: 0, end: 0 };
const types: number[] = [];

/**
 * @param values in the order of the columns
 * @param isRow the first value is the rowid, which stands beside the record and not in it
 */
export function encodeRecord(values: readonly Cell[], isRow: boolean): RecordPlace {
  const bodyAt = cellHeadBytes + longestVarint * (values.length + 1);
  place.end = bodyAt;
  let typesLength = 0;
  for (let column = 0; column < values.length; column++) {
    const value = values[column] as Cell;
    let type = 0;
    if (typeof value === "string") type = putText(value);
    else if (value !== null && !(isRow && column === 0)) type = putNumber(value);
    types[column] = type;
    typesLength += varintLength(type);
  }
  // The length of the header counts itself.
  const headerLength = typesLength + (typesLength + 1 < 128 ? 1 : 2);
  place.start = bodyAt - headerLength;
  let at = putVarint(place.bytes, place.start, headerLength);
  for (let column = 0; column < values.length; column++) at = putVarint(place.bytes, at, types[column] as number);
  return place;
}

/** @returns the serial type */
function putText(text: string): number {
  reserve(text.length * 3);
  const isPut = text.length <= shortText && putAscii(text);
  const written = isPut ? text.length : utf8.encodeInto(text, place.bytes.subarray(place.end)).written;
  place.end += written;
  return 13 + 2 * written;
}

/** For a few letters the platform's encoder takes longer to begin than to write. @returns false when there is another letter */
function putAscii(text: string): boolean {
  const { bytes, end } = place;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code >= 0x80) return false;
    bytes[end + i] = code;
  }
  return true;
}

/** @returns the serial type */
function putNumber(value: number): number {
  // 0 and 1 are types of their own and take no bytes.
  if (value === 0 || value === 1) return 8 + value;
  reserve(8);
  if ((value | 0) === value) {
    const length = value >= -0x80 && value < 0x80 ? 1 : value >= -0x8000 && value < 0x8000 ? 2 : 4;
    for (let shift = 8 * (length - 1); shift >= 0; shift -= 8) place.bytes[place.end++] = value >> shift;
    return length;
  }
  if (Number.isSafeInteger(value)) {
    const high = Math.floor(value / 0x1_0000_0000);
    const isShort = high >= -0x8000 && high < 0x8000;
    if (!isShort) {
      place.bytes[place.end++] = high >> 24;
      place.bytes[place.end++] = high >> 16;
    }
    putUint16(place.bytes, place.end, high);
    putUint32(place.bytes, place.end + 2, value);
    place.end += 6;
    return isShort ? 5 : 6;
  }
  assert(Number.isFinite(value) && !Number.isInteger(value), "SQLite keeps numbers that are exact, and no NaN");
  new DataView(place.bytes.buffer).setFloat64(place.end, value);
  place.end += 8;
  return 7;
}

function reserve(length: number): void {
  if (place.end + length <= place.bytes.length) return;
  const larger = new Uint8Array((place.end + length) * 2);
  larger.set(place.bytes);
  place.bytes = larger;
}
