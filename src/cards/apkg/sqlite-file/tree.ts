/**
 * A b-tree filled in the order of its keys (sqlite.org/fileformat2.html, 1.6): every page is filled to the brim, and a full one
 * hands its parent a cell that points to it. Nothing is ever split or moved.
 */
import { assert } from "#base";
import { putUint16, putUint32, putVarint, varintLength } from "./bytes.ts";
import { fileHeaderBytes, type Page, type PageFile, pageSize } from "./page-file.ts";
import type { RecordPlace } from "./record.ts";

/** Of a table the rows lie on the leaves alone; of an index every page holds entries. */
type TreeKind = "table" | "index";

export interface Tree {
  /** A row by its rowid, or (rowid left out) an entry of an index; in ascending order. */
  add(record: RecordPlace, rowid?: number): void;
  /** @returns the number of the root page */
  finish(): number;
}

interface OpenPage extends Page {
  /** Where the page's own header stands: behind the file's on page 1. */
  at: number;
  cellCount: number;
  /** Cells are written from the end of the page to its beginning, their places from its beginning on. */
  contentAt: number;
}

const leafType = { table: 0x0d, index: 0x0a } as const;
const interiorType = { table: 0x05, index: 0x02 } as const;
const leafHeaderBytes = 8;
const childBytes = 4;

/** A payload longer than `most` leaves at least `least` bytes on the page; the rest goes to overflow pages. */
const least = Math.floor(((pageSize - 12) * 32) / 255) - 23;
const most = { table: pageSize - 35, index: Math.floor(((pageSize - 12) * 64) / 255) - 23 } as const;
const overflowBytes = pageSize - 4;

/** @param root an empty page that becomes the tree's root: everything must fit on it */
export function createTree(file: PageFile, kind: TreeKind, root?: Page): Tree {
  /** The leaf that is being filled, its parent, and so on. */
  const open: OpenPage[] = [openPage(root ?? file.add())];
  let lastRowid = -1;

  function add({ bytes, start, end }: RecordPlace, rowid?: number): void {
    const length = end - start;
    let from = start;
    if (rowid !== undefined) {
      assert(rowid > lastRowid, "rows come in the order of their ids");
      from -= varintLength(rowid);
      putVarint(bytes, from, rowid);
    }
    from -= varintLength(length);
    putVarint(bytes, from, length);
    const local = localLength(length, kind);
    if (local === length) put(0, bytes, from, end);
    else {
      const head = bytes.slice(from, start + local + 4);
      putUint32(head, head.length - 4, spill(file, bytes.subarray(start + local, end)));
      put(0, head, 0, head.length);
    }
    lastRowid = rowid ?? lastRowid;
  }

  /** The cell is what stands between `from` and `to`. */
  function put(depth: number, bytes: Uint8Array, from: number, to: number): void {
    open[depth] ??= openPage(file.add());
    let page = open[depth];
    if (!fits(page, depth, to - from)) {
      assert(root === undefined, "what is to lie on one page fits on it");
      const divider = kind === "table" && depth === 0 ? rowidCell(lastRowid) : takeLast(page, depth);
      closePage(page, depth, kind);
      const up = pointing(page.number, divider);
      put(depth + 1, up, 0, up.length);
      page = openPage(file.add());
      open[depth] = page;
    }
    page.contentAt -= to - from;
    copy(bytes, from, to, page.bytes, page.contentAt);
    putUint16(page.bytes, pointerAt(page, depth, page.cellCount), page.contentAt);
    page.cellCount++;
  }

  return {
    add,
    finish() {
      for (const [depth, page] of open.entries()) {
        closePage(page, depth, kind);
        const parent = open[depth + 1];
        if (parent) setRightChild(parent, page.number);
      }
      return open.at(-1)!.number;
    },
  };
}

function openPage({ number, bytes }: Page): OpenPage {
  return { number, bytes, at: number === 1 ? fileHeaderBytes : 0, cellCount: 0, contentAt: pageSize };
}

/** Where the place of a cell is written; interior pages have their right-most child in the header. */
function pointerAt({ at }: OpenPage, depth: number, cell: number): number {
  return at + leafHeaderBytes + (depth === 0 ? 0 : childBytes) + 2 * cell;
}

function fits(page: OpenPage, depth: number, length: number): boolean {
  return pointerAt(page, depth, page.cellCount + 1) + length <= page.contentAt;
}

/** A few bytes are quicker moved one by one than by a view made for them. */
function copy(source: Uint8Array, from: number, to: number, target: Uint8Array, at: number): void {
  if (to - from > 200) target.set(source.subarray(from, to), at);
  else for (let i = from; i < to; i++) target[at + i - from] = source[i] as number;
}

function closePage({ bytes, at, cellCount, contentAt }: OpenPage, depth: number, kind: TreeKind): void {
  bytes[at] = (depth === 0 ? leafType : interiorType)[kind];
  putUint16(bytes, at + 3, cellCount);
  putUint16(bytes, at + 5, contentAt);
}

function setRightChild({ bytes, at }: OpenPage, child: number): void {
  putUint32(bytes, at + leafHeaderBytes, child);
}

/**
 * The last cell of a full page goes up and divides it from the next one, which so is never empty. Of an interior page its child
 * stays, as the right-most. @returns the cell without a child
 */
function takeLast(page: OpenPage, depth: number): Uint8Array {
  page.cellCount--;
  const pointer = pointerAt(page, depth, page.cellCount);
  const { bytes, contentAt } = page;
  page.contentAt = page.cellCount === 0 ? pageSize : (bytes[pointer - 2]! << 8) | bytes[pointer - 1]!;
  const last = bytes.slice(contentAt, page.contentAt);
  bytes.fill(0, contentAt, page.contentAt);
  bytes.fill(0, pointer, pointer + 2);
  if (depth === 0) return last;
  bytes.set(last.subarray(0, childBytes), page.at + leafHeaderBytes);
  return last.subarray(childBytes);
}

function rowidCell(rowid: number): Uint8Array {
  const bytes = new Uint8Array(varintLength(rowid));
  putVarint(bytes, 0, rowid);
  return bytes;
}

function pointing(child: number, divider: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(childBytes + divider.length);
  putUint32(bytes, 0, child);
  bytes.set(divider, childBytes);
  return bytes;
}

function localLength(length: number, kind: TreeKind): number {
  if (length <= most[kind]) return length;
  const local = least + ((length - least) % overflowBytes);
  return local <= most[kind] ? local : least;
}

/** @returns the number of the first page of the chain; each begins with the number of the next one */
function spill(file: PageFile, rest: Uint8Array): number {
  const first = file.add();
  let page = first;
  for (let from = 0; ; ) {
    page.bytes.set(rest.subarray(from, from + overflowBytes), 4);
    from += overflowBytes;
    if (from >= rest.length) return first.number;
    const next = file.add();
    putUint32(page.bytes, 0, next.number);
    page = next;
  }
}
