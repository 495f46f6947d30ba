/** Packages for the reader's tests, good and bad, made byte by byte: nothing of the code under test takes part. */
import { crc32 } from "node:zlib";
import { strToU8, unzipSync, zipSync } from "fflate";
import type { Database } from "sql.js";
import {
  type ApkgRequest,
  createScheduler,
  defaultDeckOptions,
  exportApkg,
  firstEditionS,
  importPackage,
  type LogRow,
  localDayClock,
  type Note,
  newSchedule,
  type Rating,
  replay,
  type Schedule,
} from "#cards";
import { loadSqlite } from "../../../src/cards/apkg/sqlite.ts";

export const nowMs = Date.UTC(2026, 10, 21, 10);
export const dayMs = 86_400_000;
/** Moscow. */
export const clock = localDayClock(() => 180);
export const scheduler = createScheduler(defaultDeckOptions, clock);

export function note(slug: string, over: Partial<Note> = {}): Note {
  const content = {
    frontHtml: `<p>question ${slug}</p>`,
    backHtml: "<p>answer</p>",
    tags: ["retries"],
    changedAtS: firstEditionS,
  };
  return {
    slug,
    lang: slug.endsWith("ru") ? "ru" : "en",
    type: "basic",
    lesson: "why-mesh",
    module: "data-plane",
    ...content,
    ...over,
  };
}

/** The rows of a card answered with these ratings, each when it was due. */
export function history(slug: string, ord: number, ratings: readonly Rating[], fromMs = nowMs - 90 * dayMs): LogRow[] {
  let schedule = newSchedule();
  let atMs = fromMs;
  return ratings.map((rating): LogRow => {
    const { after, interval } = scheduler.answer(`${slug}#${ord}`, schedule, rating, atMs);
    const before = { stateBefore: schedule.state, ivlBefore: schedule.scheduledDays };
    const result = { ivlAfter: interval, sAfter: after.stability, dAfter: after.difficulty, durationMs: 4200 };
    const row: LogRow = { id: atMs, slug, ord, kind: "review", rating, ...before, ...result, source: "app" };
    schedule = after;
    atMs = Math.max(after.dueMs, atMs + 60_000);
    return row;
  });
}

export const notes = [
  note("why-mesh-definition-en"),
  note("why-mesh-both-en", { type: "reversed" }),
  note("why-mesh-gaps-ru", { type: "cloze", frontHtml: "<p>Порт {{c1::15001}}, узел {{c2::h::подсказка}}</p>", backHtml: "" }),
];
export const log = [
  ...history("why-mesh-definition-en", 0, [3, 3, 3, 1, 3]),
  ...history("why-mesh-both-en", 1, [4, 3], nowMs - 60 * dayMs),
  ...history("why-mesh-gaps-ru", 0, [3], nowMs - 300_000),
];

export function schedulesOf(rows: readonly LogRow[]): Map<string, Schedule> {
  const byCard = Map.groupBy(rows, ({ slug, ord }) => `${slug}#${ord}`);
  return new Map([...byCard].map(([id, of]) => [id, replay(id, of, scheduler)]));
}

export async function goodPackage(over: Partial<ApkgRequest> = {}): Promise<Uint8Array> {
  const request = { notes, schedules: schedulesOf(log), log, options: defaultDeckOptions, clock, nowMs, ...over };
  return (await exportApkg(request)).bytes;
}

export function read(file: Uint8Array) {
  return importPackage(file, { scheduler, nowMs });
}

/** The same package after SQL has been run on its collection. */
export async function withSql(...statements: string[]): Promise<Uint8Array> {
  const files = unzipSync(await goodPackage());
  return zip({ ...files, "collection.anki2": await edited(files["collection.anki2"]!, statements) });
}

export async function edited(collection: Uint8Array, statements: readonly string[]): Promise<Uint8Array> {
  const { Database } = await loadSqlite();
  const database = new Database(collection);
  for (const statement of statements) database.run(statement);
  const bytes = database.export();
  database.close();
  return bytes;
}

export function zip(files: Readonly<Record<string, Uint8Array | string>>): Uint8Array {
  return zipSync(
    Object.fromEntries(Object.entries(files).map(([name, data]) => [name, typeof data === "string" ? strToU8(data) : data])),
  );
}

/** A zip of stored entries whose headers say what they are told to, doubles and lies included. */
export function rawZip(
  entries: readonly { name: string; data: Uint8Array; claimed?: number; method?: number; crc?: number; flags?: number }[],
) {
  const parts: Uint8Array[] = [];
  const directory: Uint8Array[] = [];
  let offset = 0;
  for (const { name, data, claimed = data.length, method = 0, crc = crc32(data), flags = 0 } of entries) {
    const nameBytes = strToU8(name);
    const local = new DataView(new ArrayBuffer(30));
    local.setUint32(0, 0x04034b50, true);
    local.setUint16(26, nameBytes.length, true);
    const central = new DataView(new ArrayBuffer(46));
    central.setUint32(0, 0x02014b50, true);
    central.setUint16(8, flags, true);
    central.setUint16(10, method, true);
    central.setUint32(16, crc, true);
    central.setUint32(20, data.length, true);
    central.setUint32(24, claimed, true);
    central.setUint16(28, nameBytes.length, true);
    central.setUint32(42, offset, true);
    parts.push(new Uint8Array(local.buffer), nameBytes, data);
    directory.push(new Uint8Array(central.buffer), nameBytes);
    offset += 30 + nameBytes.length + data.length;
  }
  const end = new DataView(new ArrayBuffer(22));
  end.setUint32(0, 0x06054b50, true);
  end.setUint16(8, entries.length, true);
  end.setUint16(10, entries.length, true);
  end.setUint32(
    12,
    directory.reduce((sum, part) => sum + part.length, 0),
    true,
  );
  end.setUint32(16, offset, true);
  return new Uint8Array(Buffer.concat([...parts, ...directory, new Uint8Array(end.buffer)]));
}

/** A zstd frame of raw blocks (RFC 8878, 3.1.1.2.2): no encoder is needed. `window`: what its header asks for. */
export function zstd(data: Uint8Array, window?: number): Uint8Array {
  const parts: Uint8Array[] = [Uint8Array.of(0x28, 0xb5, 0x2f, 0xfd)];
  if (window === undefined) {
    const size = new DataView(new ArrayBuffer(4));
    size.setUint32(0, data.length, true);
    parts.push(Uint8Array.of(0xa0), new Uint8Array(size.buffer));
  } else {
    parts.push(Uint8Array.of(0x00, (Math.log2(window) - 10) << 3));
  }
  for (let at = 0; at === 0 || at < data.length; at += 100_000) {
    const block = data.subarray(at, at + 100_000);
    const header = (block.length << 3) | (at + 100_000 >= data.length ? 1 : 0);
    parts.push(Uint8Array.of(header & 255, (header >> 8) & 255, header >> 16), block);
  }
  return new Uint8Array(Buffer.concat(parts));
}

function protoBytes(number: number, value: Uint8Array | string): Uint8Array {
  const data = typeof value === "string" ? strToU8(value) : value;
  return new Uint8Array(Buffer.concat([Uint8Array.of((number << 3) | 2), varint(data.length), data]));
}

function varint(value: number): Uint8Array {
  const bytes: number[] = [];
  for (let rest = value; ; rest = Math.floor(rest / 128)) {
    if (rest < 128) return Uint8Array.of(...bytes, rest);
    bytes.push((rest % 128) | 128);
  }
}

/** The same notes in the current format: schema 18 with Anki's own collation, zstd, protobuf. */
export async function currentPackage(): Promise<Uint8Array> {
  const legacy = unzipSync(await goodPackage());
  const { Database } = await loadSqlite();
  const database = new Database(legacy["collection.anki2"]!);
  moveToTables(database);
  const collection = database.export();
  database.close();
  const media = protoBytes(1, Buffer.concat([protoBytes(1, "схема.png"), Uint8Array.of(0x10, 3)]));
  return zip({
    meta: Uint8Array.of(8, 3),
    "collection.anki21b": zstd(collection),
    "collection.anki2": legacy["collection.anki2"]!,
    media: zstd(media),
    0: zstd(Uint8Array.of(1, 2, 3)),
  });
}

function moveToTables(database: Database): void {
  const [models, decks] = database.exec("SELECT models, decks FROM col")[0]!.values[0]!.map((cell) => JSON.parse(String(cell)));
  const longId = Uint8Array.of(8, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 1);
  database.run("CREATE TABLE notetypes (id integer PRIMARY KEY, name text, mtime_secs integer, usn integer, config blob)");
  database.run("CREATE TABLE fields (ntid integer, ord integer, name text, config blob, PRIMARY KEY (ntid, ord)) without rowid");
  database.run(
    "CREATE TABLE templates (ntid integer, ord integer, name text, mtime_secs integer, usn integer, config blob, PRIMARY KEY (ntid, ord)) without rowid",
  );
  database.run("CREATE TABLE decks (id integer PRIMARY KEY, name text, mtime_secs integer, usn integer, common blob, kind blob)");
  for (const { id, name, type, flds, tmpls } of Object.values<{
    id: number;
    name: string;
    type: number;
    flds: { name: string }[];
    tmpls: { qfmt: string; afmt: string }[];
  }>(models)) {
    database.run("INSERT INTO notetypes VALUES (?,?,0,0,?)", [id, name, type === 1 ? Uint8Array.of(8, 1) : new Uint8Array(0)]);
    flds.forEach((field, ord) => void database.run("INSERT INTO fields VALUES (?,?,?,?)", [id, ord, field.name, longId]));
    tmpls.forEach(({ qfmt, afmt }, ord) => {
      const config = new Uint8Array(Buffer.concat([protoBytes(1, qfmt), protoBytes(2, afmt), longId]));
      database.run("INSERT INTO templates VALUES (?,?,?,0,0,?)", [id, ord, "x", config]);
    });
  }
  for (const { id, name } of Object.values<{ id: number; name: string }>(decks)) {
    database.run("INSERT INTO decks VALUES (?,?,0,0,x'',x'')", [id, name.replaceAll("::", "\u001f")]);
  }
  database.run("UPDATE col SET ver=18, models='', decks='', conf='', dconf='', tags=''");
  // As Anki writes it; SQLite itself does not know this collation.
  database.run("PRAGMA writable_schema=ON");
  database.run(
    "UPDATE sqlite_master SET sql=replace(sql,'name text','name text NOT NULL COLLATE unicase') WHERE name IN ('notetypes','fields','templates','decks')",
  );
}
