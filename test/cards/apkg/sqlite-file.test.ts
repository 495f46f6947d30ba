/** What `writeDatabase` writes, judged by SQLite itself: its integrity check, every row read back, and more rows put in afterwards. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { loadSqlite } from "../../../src/cards/apkg/sqlite.ts";
import type { Cell } from "../../../src/cards/apkg/sqlite-file/record.ts";
import { type TableContent, writeDatabase } from "../../../src/cards/apkg/sqlite-file/write-database.ts";
import { whileWorking } from "../../support/speed.ts";

const { Database } = await loadSqlite();

const index = { name: "ix_key", sql: "CREATE INDEX ix_key ON rows (key)", column: 1 };

/** Id, an indexed number, and a value of any kind. */
function table(rows: readonly (readonly Cell[])[]): TableContent {
  return { name: "rows", sql: "CREATE TABLE rows (id integer primary key, key integer not null, value)", rows, indexes: [index] };
}

function checkRows(rows: readonly (readonly Cell[])[]): void {
  const database = new Database(writeDatabase([table(rows)]));
  try {
    expect(database.exec("PRAGMA integrity_check")[0]!.values).toEqual([["ok"]]);
    expect(database.exec("SELECT * FROM rows")[0]?.values ?? []).toEqual(rows);
    const keys = rows.map(([id, key]) => [key as number, id as number]).sort(([a, b], [c, d]) => a! - c! || b! - d!);
    // Out of the index alone, backwards too.
    expect(database.exec("SELECT key, id FROM rows INDEXED BY ix_key ORDER BY key, id")[0]?.values ?? []).toEqual(keys);
    const last = database.exec("SELECT key, id FROM rows ORDER BY key DESC, id DESC LIMIT 1")[0]?.values[0];
    expect(last).toEqual(keys.at(-1));
    database.run("INSERT INTO rows (key, value) SELECT key, value FROM rows LIMIT 3");
    database.run("DELETE FROM rows WHERE id % 3 = 0");
    expect(database.exec("PRAGMA integrity_check")[0]!.values).toEqual([["ok"]]);
  } finally {
    database.close();
  }
}

test("rows of every shape come back as they were", () => {
  const whole = fc.oneof(fc.integer({ min: -200, max: 200 }), fc.maxSafeInteger());
  const text = fc.oneof(
    fc.string({ unit: "binary", maxLength: 40 }).filter((one) => one.isWellFormed()),
    fc.tuple(fc.constantFrom("a", "я", "漢", "😀", "{{c1::"), fc.nat(6000)).map(([one, count]) => one.repeat(count)),
  );
  const real = fc.double({ noNaN: true, noDefaultInfinity: true }).filter((one) => !Number.isInteger(one));
  const value = fc.oneof(whole, text, real, fc.constant(null));
  const row = fc.tuple(fc.oneof(fc.nat(300), fc.nat(2 ** 46)), whole, value);
  const rows = fc.uniqueArray(row, { selector: ([id]) => id, maxLength: 200 });
  fc.assert(
    fc.property(rows, (some) => checkRows(some.sort(([a], [b]) => a - b))),
    { numRuns: whileWorking(6, 30) },
  );
});

test("numbers at every border between their lengths", () => {
  const borders = [0, 1, 2 ** 7, 2 ** 15, 2 ** 23, 2 ** 31, 2 ** 32, 2 ** 39, 2 ** 47, 2 ** 48, 2 ** 53 - 2];
  const around = [...new Set(borders.flatMap((one) => [one - 1, one, one + 1]).flatMap((one) => [one, -one || 0]))];
  checkRows(around.map((one, i) => [i + 1, one, one]));
  const ids = around.filter((one) => one >= 0 && one < 2 ** 52).sort((a, b) => a - b);
  checkRows(ids.map((id) => [id, id % 3, null]));
});

test("texts at every border: what fits on a page, what fits with an overflow page, and whole pages of it", () => {
  const lengths = [4040, 4092, 8184].flatMap((border) => Array.from({ length: 160 }, (_, i) => border - 110 + i));
  checkRows(
    [0, 1, 57, 58, 99, 100, 101, 482, 489, ...lengths, 300_000].map((length, i) => [i + 1, 7 - length, "x".repeat(length)]),
  );
});

describe("trees of several levels", () => {
  test("tens of thousands of rows with many of one value", () => {
    checkRows(Array.from({ length: 20_000 }, (_, i) => [1_650_000_000_000 + i * 7, (i * 7919) % 61, `row ${i}`]));
  });

  test("every number of rows around a full page", () => {
    for (const [few, length] of [
      [355, 2],
      [8, 480],
      [1, 4055],
    ] as const) {
      for (let count = Math.max(0, few - 6); count < few + 6; count++) {
        checkRows(Array.from({ length: count }, (_, i) => [i + 1, 1_700_000_000_000 - i, "y".repeat(length)]));
      }
    }
  });

  test("every number of pages around a full interior page", () => {
    for (let count = 336; count < 348; count++) {
      checkRows(Array.from({ length: count }, (_, i) => [1_650_000_000_000 + i, i, "z".repeat(4040)]));
    }
  });
});

test("tables side by side, an empty one among them", () => {
  const empty = { name: "graves", sql: "CREATE TABLE graves (usn integer not null)", rows: [] };
  const database = new Database(writeDatabase([empty, table([[5, 1, "a"]])]));
  expect(database.exec("PRAGMA integrity_check")[0]!.values).toEqual([["ok"]]);
  expect(database.exec("SELECT count(*) FROM graves")[0]!.values).toEqual([[0]]);
  expect(database.exec("SELECT sql FROM sqlite_schema WHERE type = 'index'")[0]!.values).toEqual([[index.sql]]);
  database.close();
});

test("what would not be SQLite's stops the export instead of being written", () => {
  const write = (rows: readonly (readonly Cell[])[]) => () => writeDatabase([table(rows)]);
  expect(write([[2, 0, ""], [1, 0, ""]])).toThrow("order of their ids"); // biome-ignore format: one case a line
  expect(write([[1, 0, ""], [1, 0, ""]])).toThrow("order of their ids"); // biome-ignore format: one case a line
  expect(write([[1, 0, Number.NaN]])).toThrow("NaN");
  expect(write([[1, 0, 2 ** 53]])).toThrow("exact");
  const wide = { name: "wide", sql: `CREATE TABLE wide (${"x".repeat(5000)} text)`, rows: [] };
  expect(() => writeDatabase([wide])).not.toThrow();
  expect(() => writeDatabase([wide, { ...wide, name: "other" }, ...Array.from({ length: 9 }, () => wide)])).toThrow("one page");
});
