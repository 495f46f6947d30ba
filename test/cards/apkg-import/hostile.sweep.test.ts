/** Bad packages: each is refused with its cause or loses only what is bad. Made here; those of the oracle too when they are at hand. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { deflateRawSync } from "node:zlib";
import { unzipSync } from "fflate";
import { describe, expect, test } from "vitest";
import { type ImportedDeck, type ImportFailureCode, importPackage } from "#cards";
import { loadSqlite } from "../../../src/cards/apkg/sqlite.ts";
import { importLimits } from "../../../src/cards/apkg-import/import-limits.ts";
import { readPackage } from "../../../src/cards/apkg-import/read-package.ts";
import {
  currentPackage,
  edited,
  goodPackage,
  log,
  nowMs,
  rawZip,
  read,
  scheduler,
  withSql,
  zip,
  zstd,
} from "./package-builder.ts";

const good = await goodPackage();
const files = unzipSync(good);
const collection = files["collection.anki2"]!;
const text = new TextEncoder();
const mebibyte = 1 << 20;

function withMedia(map: unknown, more: Record<string, Uint8Array> = {}): Uint8Array {
  return zip({ ...files, media: typeof map === "string" ? map : JSON.stringify(map), ...more });
}

function flipped(bytes: Uint8Array, at: number): Uint8Array {
  const copy = bytes.slice();
  copy[at]! ^= 0xff;
  return copy;
}

/** 300 MiB of zeros, deflated: made once, and quickly. */
const bomb = { size: 300 * mebibyte, deflated: new Uint8Array(deflateRawSync(new Uint8Array(300 * mebibyte), { level: 1 })) };
const bombNamed = (name: string, claimed = bomb.size) => ({ name, data: bomb.deflated, method: 8, claimed });

const refused: [what: string, code: ImportFailureCode, file: () => Uint8Array | Promise<Uint8Array>][] = [
  ["cut in half", "NotAPackage", () => good.slice(0, good.length >> 1)],
  ["cut by ten bytes", "NotAPackage", () => good.slice(0, -10)],
  ["text", "NotAPackage", () => text.encode("hello ".repeat(100))],
  ["empty", "NotAPackage", () => new Uint8Array(0)],
  ["a directory that points outside", "NotAPackage", () => flipped(good, good.length - 4)],
  ["a flipped byte in the data", "Damaged", () => flipped(good, 2000)],
  ["a wrong checksum", "Damaged", () => rawZip([{ name: "collection.anki2", data: collection, crc: 1 }])],
  ["an unknown compression", "Damaged", () => rawZip([{ name: "collection.anki2", data: collection, method: 9 }])],
  ["encrypted", "Encrypted", () => rawZip([{ name: "collection.anki2", data: collection, flags: 1 }])],
  ["no collection", "NoCollection", () => zip({ media: "{}" })],
  ["no entries", "NoCollection", () => zip({})],
  ["a collection that is no database", "NotADatabase", () => zip({ "collection.anki2": "x".repeat(5000), media: "{}" })],
  ["a database header and rubbish", "NotADatabase", () => zip({ "collection.anki2": `SQLite format 3\0${"x".repeat(5000)}` })],
  [
    "a database without Anki's tables",
    "NotAnki",
    async () => zip({ "collection.anki2": await edited(new Uint8Array(0), ["CREATE TABLE t(a)"]) }),
  ],
  ["schema 99", "TooNew", () => withSql("UPDATE col SET ver=99")],
  ["schema 1", "TooOld", () => withSql("UPDATE col SET ver=1")],
  ["a schema that is no number", "TooOld", () => withSql("UPDATE col SET ver='new'")],
  ["meta of version 99", "TooNew", () => zip({ ...files, meta: Uint8Array.of(8, 99) })],
  ["meta that is no message", "BadMeta", () => zip({ ...files, meta: Uint8Array.of(255, 255, 255) })],
  ["meta without a version", "BadMeta", () => zip({ ...files, meta: new Uint8Array(0) })],
  ["meta that promises the current format", "NoCollection", () => zip({ ...files, meta: Uint8Array.of(8, 3) })],
  [
    "meta of the current format over a bare database",
    "Damaged",
    () => zip({ meta: Uint8Array.of(8, 3), "collection.anki21b": collection }),
  ],
  [
    "the current format without meta",
    "BadMeta",
    async () => {
      const { meta: _meta, ...rest } = unzipSync(await currentPackage());
      return zip(rest);
    },
  ],
  ["zstd cut off", "Damaged", () => zip({ meta: Uint8Array.of(8, 3), "collection.anki21b": zstd(collection).slice(0, -200) })],
  [
    "zstd with a huge window",
    "TooLarge",
    () => zip({ meta: Uint8Array.of(8, 3), "collection.anki21b": zstd(collection, 2 ** 30) }),
  ],
  ["a media map that is no JSON", "BadMediaMap", () => withMedia("{nope")],
  ["a media map that is a list", "BadMediaMap", () => withMedia([])],
  ["a media map of numbers", "BadMediaMap", () => withMedia({ 0: 1 })],
  ...["../../evil.txt", "/etc/passwd", "..\\evil.txt", "C:\\evil.txt", "c:evil", "a/b.png", "x\u0000.png", ".", "..", ""].map(
    (name): (typeof refused)[number] => [`a media name ${JSON.stringify(name)}`, "BadMediaName", () => withMedia({ 0: name })],
  ),
  [
    "two entries of one name",
    "DuplicateEntry",
    () =>
      rawZip([
        { name: "collection.anki2", data: collection },
        { name: "collection.anki2", data: text.encode("junk") },
      ]),
  ],
  ["a collection of 300 MiB", "TooLarge", () => rawZip([bombNamed("collection.anki2")])],
  ["a collection that grows beyond what its header says", "Damaged", () => rawZip([bombNamed("collection.anki2", 1000)])],
  ["a media file of 300 MiB", "TooLarge", () => rawZip([{ name: "collection.anki2", data: collection }, bombNamed("0")])],
  [
    "a media file of 300 MiB that claims 1000 bytes",
    "Damaged",
    () => rawZip([{ name: "collection.anki2", data: collection }, bombNamed("0", 1000)]),
  ],
  [
    "70,000 entries",
    "TooManyEntries",
    () => rawZip(Array.from({ length: 65_535 }, (_, i) => ({ name: `x${i}`, data: new Uint8Array(0) }))),
  ],
  [
    "notes that are an endless view",
    "NotAnki",
    () =>
      withSql(
        "ALTER TABLE notes RENAME TO n2",
        "CREATE VIEW notes AS WITH RECURSIVE r(x) AS (SELECT 1 UNION ALL SELECT x+1 FROM r) SELECT x AS id, 'g'||x AS guid, 1 AS mid, 1 AS mod, '' AS tags, 'a' AS flds FROM r",
      ),
  ],
  [
    "notes with a computed column",
    "NotAnki",
    () =>
      withSql("ALTER TABLE notes RENAME COLUMN flds TO f2", "ALTER TABLE notes ADD COLUMN flds AS (hex(zeroblob(100000000)))"),
  ],
  ["notes without a column", "NotAnki", () => withSql("ALTER TABLE notes DROP COLUMN guid")],
  ["no row in col", "NotAnki", () => withSql("DELETE FROM col")],
  ["note types that are no JSON", "NotAnki", () => withSql("UPDATE col SET models='{broken'")],
];

describe("is refused, and the cause is named", () => {
  test.each(refused)("%s: %s", async (_what, code, make) => {
    const result = await read(await make());
    expect(result).toMatchObject({ ok: false, error: { code } });
  });

  test("more rows than the limit", async () => {
    const limits = { ...importLimits, reviews: log.length - 1 };
    const result = readPackage(await loadSqlite(), good, { scheduler, nowMs, limits });
    expect(result).toMatchObject({ ok: false, error: { code: "TooManyRows", values: { table: "revlog" } } });
  });

  test("a reading that takes too long", async () => {
    const many = await withSql(
      "INSERT INTO revlog WITH RECURSIVE r(x) AS (SELECT 1 UNION ALL SELECT x+1 FROM r LIMIT 3000) SELECT 1700000000000+x,1,0,3,1,1,0,0,1 FROM r",
    );
    const result = readPackage(await loadSqlite(), many, { scheduler, nowMs, limits: { ...importLimits, readMs: -1 } });
    expect(result).toMatchObject({ ok: false, error: { code: "TimedOut" } });
  });

  test("a file beyond the limit is not even looked at", async () => {
    const result = readPackage(await loadSqlite(), good, { scheduler, nowMs, limits: { ...importLimits, fileBytes: 100 } });
    expect(result).toMatchObject({ ok: false, error: { code: "FileTooLarge" } });
  });

  test("any single flipped byte is refused or read, never a crash", async () => {
    for (let at = 0; at < good.length; at += 37) {
      const result = await read(flipped(good, at));
      if (!result.ok) expect(result.error.code).not.toBe("Unexpected");
    }
  });
});

async function accepted(file: Uint8Array | Promise<Uint8Array>): Promise<ImportedDeck> {
  const result = await read(await file);
  if (!result.ok) throw new Error(JSON.stringify(result.error));
  return result.value;
}

const oneNote = "WHERE sfld='why-mesh-definition-en'";

describe("is read without its bad part", () => {
  test.each<[what: string, sql: string, code: string, count: number, notesLeft: number]>([
    ["a field of 20 MB", `UPDATE notes SET flds='x'||char(31)||hex(zeroblob(10000000)) ${oneNote}`, "FieldTooLong", 1, 2],
    ["too few fields", `UPDATE notes SET flds='only-one' ${oneNote}`, "WrongFieldCount", 1, 2],
    ["an unknown note type", `UPDATE notes SET mid=424242 ${oneNote}`, "UnknownNoteType", 1, 2],
    ["an unknown deck", "UPDATE cards SET did=424242", "UnknownDeck", 5, 3],
    ["one GUID three times", "UPDATE notes SET guid='same'", "DuplicateGuid", 2, 1],
    ["cards that point nowhere", "UPDATE cards SET nid=1", "OrphanCard", 5, 3],
    [
      "impossible numbers",
      "UPDATE cards SET ivl=2147483647, due=-2147483648, reps=-1, lapses=-9, queue=77, type=55",
      "AbsurdCard",
      5,
      3,
    ],
    ["impossible reviews", "UPDATE revlog SET ease=99, ivl=-99999999, time=-5", "AbsurdReview", log.length, 3],
    ["reviews without a card", "UPDATE revlog SET cid=1", "OrphanReview", log.length, 3],
    ["reviews in the future", `UPDATE revlog SET id=id+${400 * 86_400_000}`, "FutureReview", log.length, 3],
    ["absurd memory", `UPDATE cards SET data='{"s":1e999,"d":-5,"dr":7}'`, "MemoryOutOfRange", 5, 3],
  ])("%s", async (_what, sql, code, count, notesLeft) => {
    const deck = await accepted(withSql(sql));
    expect(deck.notices).toContainEqual({ code, count });
    expect(deck.notes).toHaveLength(notesLeft);
    for (const row of deck.log) {
      if (row.kind === "review")
        expect(row.id <= nowMs && row.rating >= 1 && row.rating <= 4 && row.ivlAfter <= 36_500).toBe(true);
    }
    for (const { memory } of deck.cards) {
      if (memory) expect(memory.stability <= 36_500 && memory.difficulty >= 1 && memory.difficulty <= 10).toBe(true);
    }
  });

  test.each([
    ["data that is no JSON", "UPDATE cards SET data='{broken'"],
    ["ids in the future", "UPDATE cards SET id=id+400000000000"],
    ["triggers and views", "CREATE TRIGGER t AFTER UPDATE ON notes BEGIN DELETE FROM notes; END"],
  ])("%s", async (_what, sql) => {
    expect((await accepted(withSql(sql))).notes).toHaveLength(3);
  });

  test("bytes that are no UTF-8", async () => {
    const bad = "cast(x'7768792d6d657368' || x'1f' || x'fffe' || x'1f1f1f1f1f1f' AS text)";
    const deck = await accepted(withSql(`UPDATE notes SET flds=${bad} ${oneNote}`));
    expect(deck.notes.find(({ slug }) => slug === "why-mesh-definition-en")!.frontHtml).toMatch(/^\ufffd+$/);
  });

  test.each(["con", "n".repeat(300), "<img onerror=alert(1)>.png", "a\u0007b.png", "end."])("a media name %j", async (name) => {
    const deck = await accepted(withMedia({ 0: name, 1: "ok.svg" }, { 0: Uint8Array.of(1), 1: Uint8Array.of(1) }));
    expect(deck.notices).toEqual([
      { code: "UnsafeMediaName", count: 1 },
      { code: "MediaLeftOut", count: 1 },
    ]);
  });

  test("media that are listed and missing, no media map, an entry outside the folder", async () => {
    expect((await accepted(withMedia({ 7: "ghost.png" }))).notices).toEqual([{ code: "MissingMedia", count: 1 }]);
    const { media: _media, ...rest } = files;
    expect((await accepted(zip(rest))).notices).toEqual([]);
    expect((await accepted(zip({ ...files, "../../../tmp/evil": "x" }))).notices).toEqual([]);
  });

  test("of two collections the newer format counts", async () => {
    const empty = await edited(collection, ["DELETE FROM notes"]);
    expect((await accepted(zip({ ...files, "collection.anki2": empty, "collection.anki21": collection }))).notes).toHaveLength(3);
  });

  test("markup in fields, tags, deck names and templates", async () => {
    const evil = "<script>1</script><img src=x onerror=alert(1)>";
    const deck = await accepted(
      withSql(
        `UPDATE notes SET flds=replace(flds,'<p>','${evil}<p onclick=x>'), tags=' <img/src=x/onerror=1> '`,
        `UPDATE col SET decks=replace(decks,'"Meshwise::EN::Data plane"','"<img src=x onerror=alert(1)>D"'), models=replace(models,'<hr','<script>alert(2)</script><hr')`,
      ),
    );
    for (const { frontHtml, backHtml, deck: name } of deck.notes) {
      expect(frontHtml + backHtml).not.toMatch(/script|onerror|onclick|<img/);
      expect(name).not.toContain("<");
    }
    expect(deck.notes.find(({ slug }) => slug === "why-mesh-definition-en")!.frontHtml).toContain("<p>question");
  });
});

const folder = process.env.MESHWISE_HOSTILE ?? join(process.env.MESHWISE_CONFORMANCE ?? "../shared/conformance", "anki/hostile");
const manifestFile = join(folder, "manifest.json");

describe("the oracle's inputs", () => {
  if (!existsSync(manifestFile)) {
    test("are not at hand: `anki_oracle.py make-hostile` makes them, MESHWISE_HOSTILE names their folder", () => {
      expect(existsSync(manifestFile)).toBe(false);
    });
    return;
  }
  const manifest: Record<string, { our_app_must: string }> = JSON.parse(readFileSync(manifestFile, "utf8"));
  test.each(readdirSync(folder).filter((name) => name in manifest))("%s", async (name) => {
    const wanted = manifest[name]!.our_app_must;
    const result = await importPackage(readFileSync(join(folder, name)), { scheduler, nowMs: Date.now() });
    const mayRefuse = /reject/.test(wanted) || /real tables/.test(wanted);
    const mustRefuse = /^(?:reject(?! or)|cap while|only real tables)/.test(wanted);
    if (result.ok) expect(mustRefuse).toBe(false);
    else {
      expect(mayRefuse || mustRefuse).toBe(true);
      expect(result.error.code).not.toBe("Unexpected");
    }
  });
});
