import { unzipSync } from "fflate";
import { describe, expect, test } from "vitest";
import { cardIdOf, type ImportedDeck, ordinalsOf, showCloze, trainingHistories } from "#cards";
import { madeLogs } from "../optimizer/made-logs.ts";
import {
  clock,
  currentPackage,
  dayMs,
  edited,
  goodPackage,
  history,
  log,
  note,
  notes,
  nowMs,
  read,
  schedulesOf,
  withSql,
  zip,
} from "./package-builder.ts";

async function accepted(file: Uint8Array): Promise<ImportedDeck> {
  const result = await read(file);
  if (!result.ok) throw new Error(JSON.stringify(result.error));
  return result.value;
}

describe.each([
  ["legacy", () => goodPackage()],
  ["current (schema 18, zstd, protobuf)", currentPackage],
])("a package of ours, %s", (_format, make) => {
  test("gives back the notes as they went", async () => {
    const deck = await accepted(await make());
    const bySlug = new Map(deck.notes.map((one) => [one.slug, one]));
    expect([...bySlug.keys()].sort()).toEqual(notes.map(({ slug }) => slug).sort());
    for (const { slug, lang, type, frontHtml, backHtml, tags, changedAtS, lesson } of notes) {
      expect(bySlug.get(slug)).toMatchObject({ lang, type, frontHtml, backHtml, tags, changedAtS, lesson });
    }
    expect(bySlug.get("why-mesh-gaps-ru")!.deck).toBe("Meshwise::RU::Data plane");
  });

  test("gives back every review, and replaying them gives the schedules that went", async () => {
    const deck = await accepted(await make());
    const essence = deck.log.map(
      (row) => row.kind === "review" && [row.id, row.slug, row.ord, row.rating, row.ivlAfter, row.stateBefore],
    );
    const sent = log.map(
      (row) => row.kind === "review" && [row.id, row.slug, row.ord, row.rating, row.ivlAfter, row.stateBefore],
    );
    expect(new Set(essence.map(String))).toEqual(new Set(sent.map(String)));
    const before = schedulesOf(log);
    const after = schedulesOf(deck.log);
    expect(after.size).toBe(before.size);
    for (const [id, schedule] of before) {
      expect(after.get(id)).toEqual(schedule);
    }
    for (const { slug, ord, memory, state } of deck.cards) {
      const schedule = before.get(`${slug}#${ord}`);
      expect(state).toBe(schedule?.state ?? "new");
      if (schedule) expect(memory!.stability).toBeCloseTo(schedule.stability, 3);
    }
  });
});

test("a deck name's levels and a media map are read from the current format", async () => {
  const deck = await accepted(await currentPackage());
  expect(deck.notes.map(({ deck }) => deck)).toContain("Meshwise::EN::Data plane");
  expect(deck.notices).toEqual([{ code: "MediaLeftOut", count: 1 }]);
});

describe("cards without reviews", () => {
  test("start from the state that Anki keeps", async () => {
    const before = schedulesOf(log);
    const deck = await accepted(await withSql("DELETE FROM revlog"));
    expect(new Set(deck.log.map(({ kind }) => kind))).toEqual(new Set(["state"]));
    const after = schedulesOf(deck.log);
    for (const [id, { state, dueMs, scheduledDays, reps, lapses, stability, lastReviewMs }] of before) {
      expect(after.get(id)).toMatchObject({ state, scheduledDays, reps, lapses });
      expect(Math.abs(after.get(id)!.dueMs - dueMs)).toBeLessThan(1000);
      expect(Math.abs(after.get(id)!.lastReviewMs! - lastReviewMs!)).toBeLessThan(1000);
      expect(after.get(id)!.stability).toBeCloseTo(stability, 3);
    }
  });

  test("that never knew FSRS get a memory from interval and ease", async () => {
    const sql = "UPDATE cards SET data='', type=2, queue=2, ivl=30, due=5, factor=2500, reps=7 WHERE type=2";
    const deck = await accepted(await withSql("DELETE FROM revlog", sql));
    const row = deck.log.find((one) => one.kind === "state" && one.schedule.state === "review");
    if (row?.kind !== "state") throw new Error("no review card");
    // fsrs-rs: with a retention of 0.9 the stability is the interval.
    expect(row.schedule).toMatchObject({ stability: 30, scheduledDays: 30, reps: 7 });
    expect(row.schedule.difficulty).toBeGreaterThanOrEqual(1);
    expect(row.schedule.difficulty).toBeLessThanOrEqual(10);
    expect(row.schedule.dueMs).toBe(clock.startOf(clock.dayOf(nowMs) + 5));
  });

  test("a card in a filtered deck keeps its home deck and due day", async () => {
    const deck = await accepted(
      await withSql("DELETE FROM revlog", "UPDATE cards SET odid=did, did=77, odue=9, due=-100000 WHERE type=2"),
    );
    const due = deck.log.flatMap((row) => (row.kind === "state" && row.schedule.state === "review" ? [row.schedule.dueMs] : []));
    expect(new Set(due)).toEqual(new Set([clock.startOf(clock.dayOf(nowMs) + 9)]));
    expect(deck.notes.map(({ deck }) => deck)).not.toContain("Default");
  });
});

describe("what Anki's log holds besides ratings", () => {
  const slug = "why-mesh-definition-en";
  const cardId = `(SELECT c.id FROM cards c JOIN notes n ON n.id=c.nid WHERE n.sfld='${slug}')`;
  const at = nowMs - dayMs;

  test("a reset makes the card new again", async () => {
    const deck = await accepted(await withSql(`INSERT INTO revlog VALUES (${at},${cardId},-1,0,0,0,0,0,4)`));
    expect(schedulesOf(deck.log).get(`${slug}#0`)!.state).toBe("new");
    expect(deck.log.filter((row) => row.slug === slug)).toHaveLength(6);
  });

  test("cramming, a new due date and rescheduling change nothing and are kept", async () => {
    const rows = [
      `(${at},${cardId},-1,3,1,1,0,900,3)`,
      `(${at + 1},${cardId},-1,0,9,1,2500,0,4)`,
      `(${at + 2},${cardId},-1,0,8,1,500,0,5)`,
    ];
    const deck = await accepted(await withSql(`INSERT INTO revlog VALUES ${rows.join(",")}`));
    expect(schedulesOf(deck.log).get(`${slug}#0`)).toEqual(schedulesOf(log).get(`${slug}#0`));
    expect(deck.log.flatMap((row) => (row.kind === "manual" ? [row.change] : []))).toEqual(["cram", "due", "rescheduled"]);
  });

  test("and it goes to Anki and back", async () => {
    const manual = { id: at, slug, ord: 0, kind: "manual", change: "reset", ivlBefore: 3, ivlAfter: 0, source: "anki" } as const;
    const deck = await accepted(await goodPackage({ log: [...log, manual] }));
    expect(deck.log).toContainEqual(manual);
  });
});

describe("notes of other authors", () => {
  const basic = {
    id: 9,
    name: "Basic",
    type: 0,
    flds: [
      { name: "Front", ord: 0 },
      { name: "Back", ord: 1 },
      { name: "Extra", ord: 2 },
    ],
  };
  const template = { qfmt: "<b>{{Front}}</b>", afmt: "{{FrontSide}}<hr>{{Back}}<script>window.x=1</script>", ord: 0 };
  async function foreign(model: object, fields: string[], cards = 1, guid = "Ab#9"): Promise<ImportedDeck> {
    const files = unzipSync(await goodPackage());
    const text = fields.join("\u001f").replaceAll("'", "''");
    const collection = await edited(files["collection.anki2"]!, [
      "DELETE FROM notes",
      "DELETE FROM cards",
      "DELETE FROM revlog",
      `UPDATE col SET models='${JSON.stringify({ 9: model }).replaceAll("'", "''")}'`,
      `INSERT INTO notes VALUES (5,'${guid}',9,1700000000,0,' a b ','${text}','x',0,0,'')`,
      ...Array.from(
        { length: cards },
        (_, ord) => `INSERT INTO cards VALUES (${50 + ord},5,1,${ord},0,0,0,0,1,0,0,0,0,0,0,0,0,'')`,
      ),
    ]);
    return accepted(zip({ ...files, "collection.anki2": collection }));
  }

  test("basic: fields stand where the template puts them; nothing of the template runs", async () => {
    const qfmt = "<style>b{position:fixed}</style><b onclick=alert(1)>{{Front}}</b><script>window.y=1</script>";
    const { notes, cards } = await foreign({ ...basic, tmpls: [{ ...template, qfmt }] }, ["What?", "<i>That</i>", "unused"]);
    expect(notes).toMatchObject([
      {
        type: "basic",
        lang: "en",
        frontHtml: "<b>What?</b>",
        backHtml: "<i>That</i>",
        tags: ["a", "b"],
        ankiGuid: "Ab#9",
        deck: "Default",
      },
    ]);
    expect(cards).toMatchObject([{ ord: 0, state: "new" }]);
    expect(JSON.stringify(notes)).not.toContain("script");
  });

  test("the question is what its template says: text around the fields, conditions, the answer typed or hinted at left out", async () => {
    const qfmt =
      "What is the capital of {{text:Front}}?{{#Extra}}<br>({{Extra}}){{/Extra}}{{^Extra}} No hint.{{/Extra}}<hr>{{type:Back}}";
    const tmpls = [{ qfmt, afmt: "{{FrontSide}}<hr id=answer>{{type:Back}}", ord: 0 }];
    const [plain] = (await foreign({ ...basic, tmpls }, ["France", "Paris", "<br>"])).notes;
    expect(plain).toMatchObject({ frontHtml: "What is the capital of France? No hint.", backHtml: "Paris" });
    const [hinted] = (await foreign({ ...basic, tmpls }, ["France", "Paris", "P…"])).notes;
    expect(hinted).toMatchObject({ frontHtml: "What is the capital of France?<br>(P…)", backHtml: "Paris" });
    const asked = [{ qfmt: "{{Front}} {{hint:Extra}} {{tts en_US:Front}}", afmt: "{{FrontSide}}", ord: 0 }];
    const [onDemand] = (await foreign({ ...basic, tmpls: asked }, ["F", "B", "E"])).notes;
    expect(onDemand).toMatchObject({ frontHtml: "F", backHtml: "E" });
  });

  test("a first field that says nothing is no fault where the question has other fields", async () => {
    const tmpls = [{ qfmt: "{{Back}}", afmt: "{{Extra}}", ord: 0 }];
    const numbered = await foreign({ ...basic, tmpls }, [" ", "Q", "A"]);
    expect(numbered.notes).toMatchObject([{ frontHtml: "Q", backHtml: "A" }]);
    const blank = await foreign({ ...basic, tmpls: [template] }, ["<br> ", "b", ""]);
    expect(blank.notices).toContainEqual({ code: "EmptyNote", count: 1 });
  });

  test("names of characters that are old in HTML; a player of a file is a sound", async () => {
    const back = '<audio controls src="a b.mp3">no</audio><audio src="https://x.org/a.mp3"></audio> &foo;';
    const { notes } = await foreign({ ...basic, tmpls: [template] }, ["C&ocirc;te d&rsquo;Ivoire &frac12; &lt;b&gt;", back, ""]);
    expect(notes).toMatchObject([{ frontHtml: "<b>Côte d’Ivoire ½ &lt;b&gt;</b>", backHtml: "[sound:a b.mp3] &amp;foo;" }]);
  });

  test("image occlusion is left out and counted", async () => {
    const tmpls = [{ qfmt: "{{cloze:Front}}{{Back}}", afmt: "{{cloze:Front}}", ord: 0 }];
    const occluded = "{{c1::image-occlusion:rect:left=.1:top=.1:width=.2:height=.2:oi=1}}";
    const { notes, notices } = await foreign({ ...basic, type: 1, tmpls }, [occluded, '<img src="map.png">', ""]);
    expect(notes).toEqual([]);
    expect(notices).toContainEqual({ code: "ImageOcclusion", count: 1 });
  });

  test("a deletion of several cards, and text around the cloze", async () => {
    const tmpls = [{ qfmt: "<h1>{{Back}}</h1>{{type:cloze:Front}}", afmt: "{{cloze:Front}}", ord: 0 }];
    const { notes } = await foreign({ ...basic, type: 1, tmpls }, ["{{c1,3::a}} and {{c2::b}}", "Title", ""], 3);
    expect(notes).toMatchObject([{ frontHtml: "<h1>Title</h1>{{c1,3::a}} and {{c2::b}}" }]);
    expect(ordinalsOf(notes[0]!)).toEqual([0, 1, 2]);
    const shown = [0, 1, 2].map((ord) => showCloze(notes[0]!.frontHtml, ord, "question").replace(/<[^>]*>/g, ""));
    expect(shown).toEqual(["Title[…] and b", "Titlea and […]", "Title[…] and b"]);
  });

  test("identity comes from the GUID, not from the text", async () => {
    const one = await foreign({ ...basic, tmpls: [template] }, ["a", "b", ""]);
    const reworded = await foreign({ ...basic, tmpls: [template] }, ["Что?", "Вот", ""]);
    const other = await foreign({ ...basic, tmpls: [template] }, ["a", "b", ""], 1, "other");
    expect(reworded.notes[0]!.slug).toBe(one.notes[0]!.slug);
    expect(reworded.notes[0]!.lang).toBe("ru");
    expect(other.notes[0]!.slug).not.toBe(one.notes[0]!.slug);
  });

  test("basic and reversed", async () => {
    const tmpls = [template, { qfmt: "{{Back}}", afmt: "{{Front}}", ord: 1 }];
    const { notes, cards } = await foreign({ ...basic, tmpls }, ["a", "b", ""], 2);
    expect(notes[0]).toMatchObject({ type: "reversed", frontHtml: "a", backHtml: "b" });
    expect(cards.map(({ ord }) => ord)).toEqual([0, 1]);
  });

  test("cloze keeps its deletions", async () => {
    const tmpls = [{ qfmt: "{{cloze:Front}}", afmt: "{{cloze:Front}}<br>{{Back}}", ord: 0 }];
    const { notes } = await foreign({ ...basic, type: 1, tmpls }, ["Port {{c1::15001}} {{c2::b::hint}} {{x}}", "more", ""], 2);
    expect(notes[0]).toMatchObject({ type: "cloze", backHtml: "more" });
    expect(notes[0]!.frontHtml).toBe("Port {{c1::15001}} {{c2::b::hint}} {<!-- -->{x}<!-- -->}");
    expect(ordinalsOf(notes[0]!)).toEqual([0, 1]);
  });

  test("cards of further templates are left out and counted", async () => {
    const tmpls = [template, { qfmt: "{{Extra}}", afmt: "{{Front}}", ord: 1 }];
    const { notes, notices } = await foreign({ ...basic, tmpls }, ["a", "b", "c"], 2);
    expect(notes[0]!.type).toBe("basic");
    expect(notices).toContainEqual({ code: "OtherTemplate", count: 1 });
  });
});

test("a note of ours that Anki gave a GUID of its own keeps its slug and that GUID", async () => {
  const deck = await accepted(
    await goodPackage({
      notes: [note("why-mesh-definition-en", { ankiGuid: "Q#x9" })],
      log: history("why-mesh-definition-en", 0, [3]),
    }),
  );
  expect(deck.notes).toMatchObject([{ slug: "why-mesh-definition-en", ankiGuid: "Q#x9" }]);
});

test("a .colpkg is read the same way", async () => {
  const files = unzipSync(await goodPackage());
  const { "collection.anki2": collection, ...rest } = files;
  expect((await accepted(zip({ ...rest, "collection.anki21": collection! }))).notes).toHaveLength(3);
});

test("training learns the same from a package as from the log it was made of, a lost beginning included", async () => {
  const made = madeLogs["learning missing, resets, cramming, due dates by hand"]!().log.map((row) => ({ ...row }));
  const given = [...new Set(made.map(({ slug }) => slug))].map((slug) => note(slug));
  const deck = await accepted(await goodPackage({ notes: given, log: made }));
  const ankiCardIds = new Map(deck.cards.map((card) => [cardIdOf(card), card.ankiCardId]));
  const learnt = trainingHistories({ log: made, clock, nowMs });
  expect(learnt.length).toBeLessThan(given.length);
  expect(trainingHistories({ log: deck.log, clock, nowMs, ankiCardIds })).toEqual(learnt);
});
