/** Pictures and sounds of other people's notes: from a package into the store, shown, into a backup and into a package again. */
import "fake-indexeddb/auto";
import { IDBFactory, IDBKeyRange } from "fake-indexeddb";
import { strFromU8, strToU8, unzipSync, zipSync } from "fflate";
import { describe, expect, test } from "vitest";
import {
  exportApkg,
  forEditor,
  fromEditor,
  type ImportedDeck,
  importPackage,
  type MediaFile,
  mediaNamesIn,
  mediaTypeOf,
  mergeBackups,
  openCardStore,
  readBackup,
  sanitiseHtml,
  sanitiseNote,
  showMedia,
  writeBackup,
} from "#cards";
import { importLimits } from "../../../src/cards/apkg-import/import-limits.ts";
import { note, nowMs, scheduler } from "./package-builder.ts";

const png = Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 1, 2, 3);
const mp3 = strToU8("ID3 a sound");
const svg = strToU8('<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>');
const front = '<img src="a%20схема.png" alt=""> and [sound:слово.mp3]';
const foreign = note("anki-0123456789abcdef", {
  frontHtml: front,
  backHtml: '<img src="b.svg" alt="a &#60;mesh&#62;">',
  deck: "Mine",
  ankiGuid: "guid",
  lesson: "",
});
const files = new Map([
  ["a схема.png", png],
  ["слово.mp3", mp3],
  ["b.svg", svg],
]);

async function packed(media: ReadonlyMap<string, Uint8Array>, of = [foreign]): Promise<Uint8Array> {
  const request = { notes: of, schedules: new Map(), log: [], options: scheduler.options, clock: scheduler.clock, nowMs, media };
  return (await exportApkg(request)).bytes;
}

async function read(bytes: Uint8Array, limits = importLimits): Promise<ImportedDeck> {
  const deck = await importPackage(bytes, { scheduler, nowMs, limits });
  if (!deck.ok) throw new Error(JSON.stringify(deck.error));
  return deck.value;
}

const bytesOf = (media: readonly MediaFile[]) => new Map(media.map(({ name, bytes }) => [name, bytes]));

describe("a package", () => {
  test("brings what its notes show, and gives it out again", async () => {
    const deck = await read(await packed(files));
    expect(bytesOf(deck.media)).toEqual(files);
    expect(deck.notices).toEqual([]);
    const [back] = deck.notes;
    expect(back!.frontHtml).toBe('<img src="a схема.png" alt=""> and [sound:слово.mp3]');
    expect(mediaNamesIn(back!.frontHtml + back!.backHtml)).toEqual(["a схема.png", "b.svg", "слово.mp3"]);
    expect(sanitiseNote(back!)).toEqual(back);
    const again = await read(await packed(bytesOf(deck.media), [{ ...back!, ankiGuid: "guid" }]));
    expect(bytesOf(again.media)).toEqual(files);
  });

  test("brings nothing that no note shows, that is no picture or sound, or that is too large, and says so", async () => {
    const others = new Map([...files, ["unused.png", png], ["b.svg", strToU8("<html>")], ["слово.mp3", new Uint8Array(2000)]]);
    const limits = { ...importLimits, keptMediaFileBytes: 1000 };
    const deck = await read(await packed(others), limits);
    expect(deck.media.map(({ name }) => name)).toEqual(["a схема.png"]);
    expect(deck.notices).toEqual([
      { code: "MediaLeftOut", count: 1 },
      { code: "MediaOfOtherKind", count: 1 },
      { code: "MediaTooLarge", count: 1 },
    ]);
    const scarce = { ...importLimits, keptMediaBytes: png.length };
    expect((await read(await packed(files), scarce)).media).toHaveLength(1);
  });

  test("of the current format brings them out of their zstd", async () => {
    const legacy = unzipSync(await packed(files));
    const map = JSON.parse(strFromU8(legacy.media!)) as Record<string, string>;
    expect(Object.values(map)).toEqual([...files.keys()]);
    // A name that points elsewhere ends the import, kept or not.
    const evil = zipSync({ ...legacy, media: strToU8(JSON.stringify({ 0: "../a.png" })) });
    expect(await importPackage(evil, { scheduler, nowMs })).toMatchObject({ ok: false, error: { code: "BadMediaName" } });
  });
});

test("HTML keeps only files of the media folder, cut out of everything else", () => {
  const kept = (html: string) => sanitiseHtml(html, { media: true });
  expect(kept('<img src="x.png" onerror="a()" style="x">')).toBe('<img src="x.png" alt="">');
  expect(kept('<img src="https://e.example/x.png">')).toBe("");
  expect(kept('<img src="../x.png"><img src="javascript:a()"><img src="data:image/png;base64,AA"><img src="//e/x">')).toBe("");
  expect(kept('<img src="a%22b.png" alt="q"> [sound:../x.mp3][sound:ok.mp3]')).toBe("[q] [sound:ok.mp3]");
  expect(kept(`<img src='{{c1::x}}.png' alt='">{{c1::y}}[sound:z.mp3]'>`)).not.toMatch(/\{\{|[<>"]{2}/);
  for (const html of [front, foreign.backHtml, kept("<img src='100%&[1]{2}.png'>")]) expect(kept(kept(html))).toBe(kept(html));
  expect(mediaNamesIn(kept("<img src='100%&[1]{2}.png'>"))).toEqual(["100%&[1]{2}.png"]);
});

test("what is shown has addresses of files that are there; of others the name stands", () => {
  const urls = new Map([
    ["a схема.png", "blob:1"],
    ["слово.mp3", "blob:2"],
  ]);
  expect(showMedia(sanitiseHtml(front, { media: true }), urls)).toBe(
    '<img src="blob:1" alt=""> and <audio controls preload="none" src="blob:2" aria-label="слово.mp3"></audio>',
  );
  expect(showMedia(sanitiseHtml(front, { media: true }), new Map())).toBe("[a схема.png] and [♪ слово.mp3]");
  for (const known of [urls, new Map<string, string>()]) {
    const clean = sanitiseHtml(front, { media: true });
    expect(sanitiseHtml(fromEditor(forEditor(clean, known), known), { media: true })).toBe(clean);
    expect(forEditor(clean, known)).not.toMatch(/src="(?!blob:|data:,)/);
  }
});

test("a file is what its bytes say", () => {
  const type = (name: string, bytes: Uint8Array) => mediaTypeOf({ name, bytes });
  expect(type("x", png)).toBe("image/png");
  expect(type("x.png", mp3)).toBe("audio/mpeg");
  expect(type("x.png", svg)).toBe("image/svg+xml");
  expect(type("x.png", strToU8("<html><svg>"))).toBeUndefined();
  expect(type("x.js", strToU8("alert(1)"))).toBeUndefined();
  expect(type("empty.png", new Uint8Array())).toBeUndefined();
});

describe("the store and the backup", () => {
  const freshStore = () => openCardStore({ scheduler, factory: { indexedDB: new IDBFactory(), IDBKeyRange } });
  const media = [...files].map(([name, bytes]) => ({ name, bytes }));

  test("keep the files of the notes, once, and another file of one name under a name of its own", async () => {
    const store = await freshStore();
    const part = { notes: [sanitiseNote(foreign)], log: [], ownSlugs: new Set<string>(), media };
    expect(await store.merge(part)).toMatchObject({ ok: true, value: { newMedia: 3 } });
    expect(await store.previewMerge(part)).toMatchObject({ ok: true, value: { newMedia: 0 } });
    const other = { ...sanitiseNote(foreign), slug: "anki-fedcba9876543210", ankiGuid: "other" };
    const changed = [{ name: "b.svg", bytes: strToU8("<svg>other</svg>") }];
    expect(await store.merge({ ...part, notes: [other], media: changed })).toMatchObject({ value: { newMedia: 1 } });
    const [all, notes] = [await store.media(), await store.notes()];
    if (!all.ok || !notes.ok) throw new Error("store");
    const renamed = notes.value.find(({ slug }) => slug === other.slug)!;
    const [name] = mediaNamesIn(renamed.backHtml);
    expect(name).toMatch(/^b-[0-9a-f]{10}\.svg$/);
    expect(all.value.find((file) => file.name === name)?.bytes).toEqual(changed[0]!.bytes);
    expect(bytesOf(all.value).get("b.svg")).toEqual(svg);
    store.close();
  });

  test("come back from a backup as they went; what is no picture and no sound does not", async () => {
    const text = await writeBackup({ notes: [sanitiseNote(foreign)], log: [], media });
    const back = await readBackup(text, nowMs);
    expect(back.ok && bytesOf(back.value.media)).toEqual(files);
    expect(back.ok && back.value.notes[0]).toEqual(sanitiseNote(foreign));
    const evil = text
      .replace(Buffer.from(svg).toString("base64"), Buffer.from("<html>").toString("base64"))
      .replace('"слово.mp3"', '"../x"');
    const cleaned = await readBackup(evil, nowMs);
    expect(cleaned.ok && cleaned.value.media.map(({ name }) => name)).toEqual(["a схема.png"]);
    expect(cleaned.ok && cleaned.value.notices).toEqual([{ code: "MediaOfOtherKind", count: 2 }]);
    const twice = mergeBackups(mergeBackups({ notes: [], log: [] }, { notes: [foreign], log: [], media }), {
      notes: [foreign],
      log: [],
      media,
    });
    expect(bytesOf(twice.media ?? [])).toEqual(files);
    expect(JSON.parse(text).version).toBe(3);
  });
});
