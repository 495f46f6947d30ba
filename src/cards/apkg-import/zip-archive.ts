/**
 * Reads single entries of a zip by its central directory (PKWARE APPNOTE 4.3). Believes no size: an entry is inflated in
 * pieces and given up when it grows beyond its limit or its own header, and its CRC must agree. Entry names are keys to
 * compare with, never paths. Zip64 and encryption are refused.
 */
import { Inflate } from "fflate";
import { ImportRefusal } from "./import-failure.ts";

export interface ZipEntry {
  name: string;
  method: number;
  encrypted: boolean;
  crc: number;
  packedBytes: number;
  /** As the directory claims. */
  claimedBytes: number;
  headerOffset: number;
}

const endSignature = 0x06054b50;
const directorySignature = 0x02014b50;
const localSignature = 0x04034b50;

/** @throws ImportRefusal NotAPackage, TooManyEntries, DuplicateEntry, Damaged */
export function listEntries(zip: Uint8Array, maxEntries: number): Map<string, ZipEntry> {
  const view = new DataView(zip.buffer, zip.byteOffset, zip.byteLength);
  const end = findEnd(view);
  const count = view.getUint16(end + 10, true);
  const directoryOffset = view.getUint32(end + 16, true);
  if (count === 0xffff || count > maxEntries) throw new ImportRefusal("TooManyEntries", { limit: maxEntries });
  const decoder = new TextDecoder();
  const entries = new Map<string, ZipEntry>();
  let at = directoryOffset;
  for (let i = 0; i < count; i++) {
    if (at + 46 > end || view.getUint32(at, true) !== directorySignature) throw new ImportRefusal("NotAPackage");
    const nameLength = view.getUint16(at + 28, true);
    const next = at + 46 + nameLength + view.getUint16(at + 30, true) + view.getUint16(at + 32, true);
    if (next > end) throw new ImportRefusal("NotAPackage");
    const name = decoder.decode(zip.subarray(at + 46, at + 46 + nameLength));
    if (entries.has(name)) throw new ImportRefusal("DuplicateEntry", { name: name.slice(0, 60) });
    entries.set(name, {
      name,
      encrypted: (view.getUint16(at + 8, true) & 1) === 1,
      method: view.getUint16(at + 10, true),
      crc: view.getUint32(at + 16, true),
      packedBytes: view.getUint32(at + 20, true),
      claimedBytes: view.getUint32(at + 24, true),
      headerOffset: view.getUint32(at + 42, true),
    });
    at = next;
  }
  return entries;
}

/** The end record stands in the last 64 KiB and its comment reaches exactly to the end of the file. */
function findEnd(view: DataView): number {
  const lowest = Math.max(0, view.byteLength - 22 - 0xffff);
  for (let at = view.byteLength - 22; at >= lowest; at--) {
    if (view.getUint32(at, true) === endSignature && at + 22 + view.getUint16(at + 20, true) === view.byteLength) return at;
  }
  throw new ImportRefusal("NotAPackage");
}

/** @throws ImportRefusal TooLarge, Damaged, Encrypted */
export function readEntry(zip: Uint8Array, entry: ZipEntry, maxBytes: number): Uint8Array {
  const chunks: Uint8Array[] = [];
  streamEntry(zip, entry, maxBytes, (chunk) => chunks.push(chunk));
  return joinChunks(chunks);
}

/** Unpacks without keeping anything: throws what `readEntry` would. */
export function checkEntry(zip: Uint8Array, entry: ZipEntry, maxBytes: number): void {
  streamEntry(zip, entry, maxBytes, () => undefined);
}

/** Deflate cannot grow more than this, so that small entries need not be unpacked to know that they stay small. */
export const highestDeflateRatio = 1032;

function streamEntry(zip: Uint8Array, entry: ZipEntry, maxBytes: number, take: (chunk: Uint8Array) => void): void {
  const { name, method, claimedBytes } = entry;
  if (entry.encrypted) throw new ImportRefusal("Encrypted", { name });
  const tooLarge = () => new ImportRefusal("TooLarge", { name, limitMiB: Math.floor(maxBytes / (1 << 20)) });
  const damaged = () => new ImportRefusal("Damaged", { name });
  if (claimedBytes > maxBytes) throw tooLarge();
  const packed = packedData(zip, entry);
  let size = 0;
  let crc = -1;
  let finished = false;
  const receive = (chunk: Uint8Array, final: boolean) => {
    size += chunk.length;
    if (size > maxBytes) throw tooLarge();
    if (size > claimedBytes) throw damaged();
    crc = addToCrc(crc, chunk);
    take(chunk);
    finished ||= final;
  };
  if (method === 0) {
    receive(packed, true);
  } else if (method === 8) {
    const inflate = new Inflate(receive);
    const stepBytes = 1 << 14;
    try {
      for (let at = 0; at === 0 || at < packed.length; at += stepBytes) {
        inflate.push(packed.subarray(at, at + stepBytes), at + stepBytes >= packed.length);
      }
    } catch (thrown) {
      throw thrown instanceof ImportRefusal ? thrown : damaged();
    }
  } else {
    throw damaged();
  }
  if (!finished || size !== claimedBytes || ~crc >>> 0 !== entry.crc) throw damaged();
}

function packedData(zip: Uint8Array, { headerOffset, packedBytes, name }: ZipEntry): Uint8Array {
  const view = new DataView(zip.buffer, zip.byteOffset, zip.byteLength);
  if (headerOffset + 30 > zip.length || view.getUint32(headerOffset, true) !== localSignature) {
    throw new ImportRefusal("Damaged", { name });
  }
  const start = headerOffset + 30 + view.getUint16(headerOffset + 26, true) + view.getUint16(headerOffset + 28, true);
  if (start + packedBytes > zip.length) throw new ImportRefusal("Damaged", { name });
  return zip.subarray(start, start + packedBytes);
}

export function joinChunks(chunks: readonly Uint8Array[]): Uint8Array {
  const [only] = chunks;
  if (only && chunks.length === 1) return only;
  const joined = new Uint8Array(chunks.reduce((sum, chunk) => sum + chunk.length, 0));
  let at = 0;
  for (const chunk of chunks) {
    joined.set(chunk, at);
    at += chunk.length;
  }
  return joined;
}

const crcTable = Uint32Array.from({ length: 256 }, (_, byte) => {
  let value = byte;
  for (let bit = 0; bit < 8; bit++) value = value & 1 ? (value >>> 1) ^ 0xedb88320 : value >>> 1;
  return value;
});

function addToCrc(crc: number, bytes: Uint8Array): number {
  let value = crc;
  for (let i = 0; i < bytes.length; i++) value = crcTable[(value ^ bytes[i]!) & 0xff]! ^ (value >>> 8);
  return value;
}
