import { readFileSync } from "node:fs";
import { strFromU8, unzipSync } from "fflate";
import type { SqlValue } from "sql.js";
import { describe, expect, test } from "vitest";
import {
  type ApkgRequest,
  createScheduler,
  defaultDeckOptions,
  exportApkg,
  firstEditionS,
  importPackage,
  type LogRow,
  localDayClock,
  type MarkChange,
  type Note,
  newSchedule,
  type Rating,
  type Schedule,
} from "#cards";
import { pictureColours } from "../../../src/cards/apkg/picture-file.ts";
import { loadSqlite } from "../../../src/cards/apkg/sqlite.ts";

const nowMs = Date.UTC(2026, 10, 21, 10);
const dayMs = 86_400_000;
/** Moscow: the day turns at 01:00 UTC. */
const clock = localDayClock(() => 180);
const scheduler = createScheduler({ ...defaultDeckOptions, fuzz: false }, clock);

function note(slug: string, over: Partial<Note> = {}): Note {
  const content = { frontHtml: "<p>f</p>", backHtml: "<p>b</p>", tags: ["retries"], changedAtS: firstEditionS };
  return { slug, lang: "en", type: "basic", lesson: "why-mesh", module: "data-plane", ...content, ...over };
}

type Row = Record<string, SqlValue>;

async function read(
  bytes: Uint8Array,
): Promise<{ files: string[]; table(name: string): Row[]; col: Record<string, Row & string> }> {
  const files = unzipSync(bytes);
  const { Database } = await loadSqlite();
  const database = new Database(files["collection.anki2"]!);
  const table = (name: string) => {
    const [result] = database.exec(`SELECT * FROM ${name} ORDER BY rowid`);
    return (result?.values ?? []).map((row) => Object.fromEntries(row.map((cell, i) => [result!.columns[i]!, cell])));
  };
  return { files: Object.keys(files).sort(), table, col: table("col")[0] as Record<string, Row & string> };
}

async function write(notes: readonly Note[], over: Partial<ApkgRequest> = {}) {
  const nothing = { schedules: new Map<string, Schedule>(), log: [] };
  return (await exportApkg({ notes, ...nothing, options: defaultDeckOptions, clock, nowMs, ...over })).bytes;
}

/** A card answered with these ratings, the last one `ago` before the export; each before it when it was due. */
function practised(ratings: readonly Rating[], agoMs: number) {
  let schedule = newSchedule();
  let atMs = nowMs - 200 * dayMs;
  for (const [i, rating] of ratings.entries()) {
    if (i === ratings.length - 1) atMs = nowMs - agoMs;
    schedule = scheduler.answer("x", schedule, rating, atMs).after;
    atMs = schedule.dueMs;
  }
  return schedule;
}

describe("identity", () => {
  test("is frozen: ids, names and fields of the note types", async () => {
    const { col } = await read(await write([note("a-en")]));
    const models = Object.values(JSON.parse(col.models!)) as {
      id: number;
      name: string;
      type: number;
      flds: { name: string }[];
      tmpls: object[];
    }[];
    expect(models.map(({ id, name, type, tmpls }) => [id, name, type, tmpls.length]).sort()).toEqual([
      [1720000000001, "Meshwise Basic", 0, 1],
      [1720000000002, "Meshwise Cloze", 1, 1],
      [1720000000003, "Meshwise Basic and reversed", 0, 2],
    ]);
    for (const { flds } of models) {
      expect(flds.map(({ name }) => name)).toEqual(["Key", "Front", "Back", "Source", "Lang", "Extra1", "Extra2", "Extra3"]);
    }
    expect(col.ver).toBe(11);
  });

  test("is the slug, or what Anki calls the note", async () => {
    const { table } = await read(await write([note("a-en"), note("b-en", { ankiGuid: "q[,x", ankiId: 1769160585274 })]));
    expect(table("notes").map(({ id, guid, sfld }) => [guid, sfld, id === 1769160585274])).toEqual([
      ["mesh:a-en", "a-en", false],
      ["q[,x", "b-en", true],
    ]);
  });

  test("stays when texts, order and neighbours change", async () => {
    const first = await read(await write([note("a-en"), note("b-en")]));
    const second = await read(await write([note("c-en"), note("b-en", { frontHtml: "<p>new</p>" }), note("a-en")]));
    const ids = (rows: Row[]) => new Map(rows.map(({ id, guid }) => [guid, id]));
    expect(ids(second.table("notes")).get("mesh:a-en")).toBe(ids(first.table("notes")).get("mesh:a-en"));
    expect(second.table("cards").map(({ id }) => id)).toEqual(expect.arrayContaining(first.table("cards").map(({ id }) => id)));
  });

  test("the time of a note is that of its content, whenever it is exported", async () => {
    const notes = [note("a-en", { changedAtS: 1_800_000_000 })];
    const [today, later] = await Promise.all([read(await write(notes)), read(await write(notes, { nowMs: nowMs + 90 * dayMs }))]);
    expect(today.table("notes")).toEqual(later.table("notes"));
    expect(today.table("notes")[0]!.mod).toBe(1_800_000_000);
  });

  test("the same content at the same moment is the same package, byte for byte", async () => {
    expect(await write([note("a-en")])).toEqual(await write([note("a-en")]));
  });
});

describe("content", () => {
  test("fields, tags, decks by language and module", async () => {
    const notes = [
      note("a-en", { source: { title: "A & B", url: "https://istio.io/?a=1&b=2" } }),
      note("a-ru", { lang: "ru", source: { title: "C" } }),
    ];
    const { table, col, files } = await read(await write(notes));
    const [en, ru] = table("notes").sort((a, b) => String(a.sfld).localeCompare(String(b.sfld)));
    expect(String(en!.flds).split("\x1f")).toEqual([
      "a-en",
      "<p>f</p>",
      "<p>b</p>",
      '<a href="https://istio.io/?a=1&amp;b=2">A &amp; B</a>',
      "en",
      "",
      "",
      "",
    ]);
    expect(String(ru!.flds).split("\x1f")[3]).toBe("C");
    expect(en!.tags).toBe(" meshwise lang::en lesson::why-mesh topic::retries ");
    const decks = Object.values(JSON.parse(col.decks!)) as { id: number; name: string }[];
    expect(decks.map(({ name }) => name).sort()).toEqual([
      "Default",
      "Meshwise",
      "Meshwise::EN",
      "Meshwise::EN::Data plane",
      "Meshwise::RU",
      "Meshwise::RU::Data plane",
    ]);
    const inDeck = decks.find(({ id }) => id === table("cards").find(({ nid }) => nid === ru!.id)!.did);
    expect(inDeck?.name).toBe("Meshwise::RU::Data plane");
    expect(files).toEqual(["collection.anki2", "media"]);
    expect(strFromU8(unzipSync(await write(notes)).media!)).toBe("{}");
  });

  test("one card a template, one a deletion", async () => {
    const notes = [
      note("r-en", { type: "reversed" }),
      note("c-en", { type: "cloze", frontHtml: "{{c1::a}} {{c3::b}} {{c1::c}}" }),
    ];
    const { table } = await read(await write(notes));
    const cards = table("cards").sort((a, b) => Number(a.due) - Number(b.due));
    expect(cards.map(({ ord }) => ord)).toEqual([0, 1, 0, 2]);
    expect(cards.map(({ due, type, queue, data }) => [due, type, queue, data])).toEqual(
      [1, 2, 3, 4].map((due) => [due, 0, 0, "{}"]),
    );
  });
});

describe("progress", () => {
  async function card(schedule: Schedule): Promise<Row & { data: object }> {
    const { table, col } = await read(await write([note("a-en")], { schedules: new Map([["a-en#0", schedule]]) }));
    return { ...table("cards")[0]!, crt: Number(col.crt), data: JSON.parse(String(table("cards")[0]!.data)) };
  }

  test("days count from today's turn, where the learner is", async () => {
    const schedule = practised([4], 3 * dayMs);
    const { crt, due, ivl } = await card(schedule);
    expect(crt).toBe(Date.UTC(2026, 10, 21, 1) / 1000);
    // 8 days after a review three days ago
    expect([due, ivl]).toEqual([5, 8]);
    expect((await card(practised([4], 20 * dayMs))).due).toBe(-12);
  });

  test("a review card", async () => {
    const schedule = practised([4, 3], 2 * dayMs);
    const row = await card(schedule);
    expect(row).toMatchObject({ type: 2, queue: 2, reps: 2, lapses: 0, left: 0, factor: 2500 });
    expect(row.data).toEqual({
      pos: 1,
      s: Number(schedule.stability.toFixed(4)),
      d: Number(schedule.difficulty.toFixed(3)),
      dr: 0.9,
      decay: 0.154,
      lrt: Math.round((nowMs - 2 * dayMs) / 1000),
    });
  });

  test("learning: the moment, and how many steps are left", async () => {
    expect(await card(practised([3], 60_000))).toMatchObject({
      type: 1,
      queue: 1,
      due: (nowMs + 9 * 60_000) / 1000,
      ivl: 0,
      left: 1,
    });
    expect(await card(practised([1], 30_000))).toMatchObject({ type: 1, queue: 1, due: nowMs / 1000 + 30, left: 2 });
  });

  test("relearning keeps the interval to come", async () => {
    const schedule = practised([4, 1], 60_000);
    expect(await card(schedule)).toMatchObject({ type: 3, queue: 1, lapses: 1, left: 1, due: (nowMs + 9 * 60_000) / 1000 });
    expect((await card(schedule)).ivl).toBeGreaterThanOrEqual(1);
  });

  test("the log goes along, without what was taken back and without other cards", async () => {
    const review = (id: number, slug: string, over: object = {}): LogRow => ({
      id,
      slug,
      ord: 0,
      kind: "review",
      rating: 3,
      stateBefore: "review",
      ivlBefore: 4,
      ivlAfter: 9,
      sAfter: 9.5,
      dAfter: 5.5,
      durationMs: 4321,
      source: "app",
      ...over,
    });
    const log = [
      review(1000, "a-en"),
      review(2000, "a-en", { rating: 1, stateBefore: "new", ivlBefore: 0, ivlAfter: -60, dAfter: 1 }),
      review(3000, "a-en", { stateBefore: "relearning" }),
      review(4000, "a-en"),
      { id: 4001, slug: "a-en", ord: 0, kind: "undo", undoes: 4000, source: "app" } as const,
      review(5000, "other-en"),
    ];
    const { table } = await read(await write([note("a-en")], { log }));
    const cid = table("cards")[0]!.id;
    // factor = (d − 1) / 9 · 1000 + 100
    expect(table("revlog")).toEqual([
      { id: 1000, cid, usn: -1, ease: 3, ivl: 9, lastIvl: 4, factor: 600, time: 4321, type: 1 },
      { id: 2000, cid, usn: -1, ease: 1, ivl: -60, lastIvl: 0, factor: 100, time: 4321, type: 0 },
      { id: 3000, cid, usn: -1, ease: 3, ivl: 9, lastIvl: 4, factor: 600, time: 4321, type: 2 },
    ]);
  });
});

describe("besides cards", () => {
  test("marks go as Anki keeps them: a suspended card's queue, a flag's number", async () => {
    const mark = (id: number, slug: string, change: MarkChange): LogRow => ({
      id,
      slug,
      ord: 0,
      kind: "mark",
      change,
      source: "app",
    });
    const log = [
      mark(1, "a-en", { suspended: true }),
      mark(2, "a-en", { flag: 3 }),
      mark(3, "b-en", { suspended: true, flag: 7 }),
      mark(4, "b-en", { suspended: false }),
    ];
    const { table } = await read(await write([note("a-en"), note("b-en"), note("c-en")], { log }));
    // By position: rows stand in the order of their ids.
    const cards = table("cards").sort((a, b) => Number(a.due) - Number(b.due));
    expect(cards.map(({ type, queue, flags }) => [type, queue, flags])).toEqual([
      [0, -1, 3],
      [0, 0, 7],
      [0, 0, 0],
    ]);
  });

  test("pictures go as media files, named above the text of their side, and stay out of it on the way back", async () => {
    const svg = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="4 4 20 10"><path class="dg-f-data-soft dg-s-none"/></svg>';
    const whole = { svg, description: 'a "b" <c> {{d}}', edges: [] };
    const hidden = { svg: svg.replace("path", "g"), description: "", edges: [] };
    const bytes = await write([note("a-en", { pictures: { front: hidden, back: whole } }), note("b-en")]);
    const files = unzipSync(bytes);
    const names = Object.values(JSON.parse(strFromU8(files.media!)) as Record<string, string>);
    expect(names).toHaveLength(2);
    expect(names.every((name) => /^mesh-[0-9a-f]{16}\.svg$/.test(name))).toBe(true);
    expect(strFromU8(files["1"]!)).toBe(
      '<svg xmlns="http://www.w3.org/2000/svg" viewBox="4 4 20 10"><style>svg{font-family:Arial,"Liberation Sans",Helvetica,sans-serif}' +
        '.dg-f-data-soft{fill:#e1edfd}.dg-s-none{stroke:none}</style><rect x="4" y="4" width="20" height="10" fill="#ffffff"/>' +
        '<path class="dg-f-data-soft dg-s-none"/></svg>',
    );
    const sides = (await read(bytes)).table("notes").map(({ flds }) => String(flds).split("\u001f").slice(1, 3));
    expect(sides.sort()).toEqual([
      [
        `<img src="${names[0]}" alt=""><p>f</p>`,
        `<img src="${names[1]}" alt="a &#34;b&#34; &#60;c&#62; &#123;&#123;d&#125;&#125;"><p>b</p>`,
      ],
      ["<p>f</p>", "<p>b</p>"],
    ]);
    const back = await importPackage(bytes, { scheduler, nowMs });
    expect(back.ok && back.value.notes.map(({ frontHtml, backHtml }) => [frontHtml, backHtml])).toEqual([
      ["<p>f</p>", "<p>b</p>"],
      ["<p>f</p>", "<p>b</p>"],
    ]);
  });

  test("pictures have the colours of the light theme, one for every role that a diagram is drawn in", () => {
    const light = readFileSync("src/ui/shared/tokens.css", "utf8").split('[data-theme="light"]')[1]!;
    const classes = readFileSync("src/ui/lesson/diagram.css", "utf8");
    const colours = [...classes.matchAll(/\.dg-[fs]-([a-z-]+) \{\s*(?:fill|stroke): var\((--[a-z-]+)\)/g)].map(
      ([, role, token]) => {
        return [role!, new RegExp(`${token}: (#\\w+);`).exec(light)?.[1]];
      },
    );
    expect(pictureColours).toEqual(Object.fromEntries(colours));
  });
});
