/** The pages of a database file, and the header on its first one (sqlite.org/fileformat2.html, 1.2 and 1.3). */
import { assert } from "#base";
import { putUint16, putUint32 } from "./bytes.ts";

export const pageSize = 4096;
export const fileHeaderBytes = 100;

export interface Page {
  /** The first one is 1. */
  number: number;
  bytes: Uint8Array;
}

export interface PageFile {
  add(): Page;
  /** The bytes of the file. */
  close(): Uint8Array;
}

/** SQLite keeps a page at this place of a large file for its locks and puts nothing on it. */
const lockByte = 0x4000_0000;
/** Memory is taken for that many pages at once. */
const pagesOfBlock = 64;

export function createPageFile(): PageFile {
  const blocks: Uint8Array[] = [];
  let count = 0;
  return {
    add() {
      const place = count % pagesOfBlock;
      if (place === 0) blocks.push(new Uint8Array(pagesOfBlock * pageSize));
      count++;
      assert(count * pageSize <= lockByte, "a collection stays below a gigabyte");
      return { number: count, bytes: blocks.at(-1)!.subarray(place * pageSize, (place + 1) * pageSize) };
    },
    close() {
      const file = new Uint8Array(count * pageSize);
      for (const [i, block] of blocks.entries()) {
        const left = file.length - i * block.length;
        file.set(left < block.length ? block.subarray(0, left) : block, i * block.length);
      }
      writeFileHeader(file, count);
      return file;
    },
  };
}

function writeFileHeader(file: Uint8Array, pageCount: number): void {
  file.set(new TextEncoder().encode("SQLite format 3\0"));
  putUint16(file, 16, pageSize);
  // Rollback journal, no room kept free on pages, three fractions that never change.
  file.set([1, 1, 0, 64, 32, 32], 18);
  const changes = 1;
  putUint32(file, 24, changes);
  putUint32(file, 28, pageCount);
  const [schemaVersion, schemaFormat, utf8] = [1, 4, 1];
  putUint32(file, 40, schemaVersion);
  putUint32(file, 44, schemaFormat);
  putUint32(file, 56, utf8);
  putUint32(file, 92, changes);
  // Whose format this is: SQLite 3.46.
  putUint32(file, 96, 3_046_000);
}
