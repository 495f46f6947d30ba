/**
 * A whole SQLite database file from rows that are all known beforehand. SQLite itself takes longer: it cannot know that no row
 * will come between two others.
 */
import { createPageFile, type PageFile } from "./page-file.ts";
import { type Cell, encodeRecord } from "./record.ts";
import { createTree } from "./tree.ts";

export interface TableContent {
  name: string;
  /** CREATE TABLE …; where there are rows, the first column is an `integer primary key`. */
  sql: string;
  /** In the order of their ids. Values are stored as they are given: whole numbers for columns of integers. */
  rows: Iterable<readonly Cell[]>;
  indexes?: readonly IndexContent[];
}

/** An index over one column of whole numbers. */
export interface IndexContent {
  name: string;
  sql: string;
  /** Place of the column in a row. */
  column: number;
}

export function writeDatabase(tables: readonly TableContent[]): Uint8Array {
  const file = createPageFile();
  const schemaPage = file.add();
  const schema: Cell[][] = [];
  for (const { name, sql, rows, indexes = [] } of tables) {
    const keys = indexes.map((): number[] => []);
    const ids: number[] = [];
    schema.push(["table", name, name, writeTable(file, rows, indexes, { keys, ids }), sql]);
    for (const [i, index] of indexes.entries()) {
      schema.push(["index", index.name, name, writeIndex(file, keys[i]!, ids), index.sql]);
    }
  }
  const root = createTree(file, "table", schemaPage);
  for (const [i, row] of schema.entries()) root.add(encodeRecord(row, false), i + 1);
  root.finish();
  return file.close();
}

/** Of every row its id, and of every index the value of its column. */
interface IndexedRows {
  keys: readonly number[][];
  ids: number[];
}

function writeTable(
  file: PageFile,
  rows: TableContent["rows"],
  indexes: readonly IndexContent[],
  { keys, ids }: IndexedRows,
): number {
  const tree = createTree(file, "table");
  for (const row of rows) {
    const id = row[0] as number;
    tree.add(encodeRecord(row, true), id);
    ids.push(id);
    for (let i = 0; i < indexes.length; i++) keys[i]!.push(row[indexes[i]!.column] as number);
  }
  return tree.finish();
}

/** Entries by their value, those with one value by the ids of their rows, which already stand in order. */
function writeIndex(file: PageFile, keys: readonly number[], ids: readonly number[]): number {
  const tree = createTree(file, "index");
  const order = Uint32Array.from(keys.keys()).sort((a, b) => keys[a]! - keys[b]! || a - b);
  for (const i of order) tree.add(encodeRecord([keys[i]!, ids[i]!], false));
  return tree.finish();
}
