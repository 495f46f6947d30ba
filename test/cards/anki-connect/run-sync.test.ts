import { describe, expect, test } from "vitest";
import { AnkiRefusal, type MarkChange, makeOwnNote, marksOf, type Note, type NoteEdit } from "#cards";
import { pullFileName, pushFileName } from "../../../src/cards/anki-connect/temporary-media.ts";
import { copyCollection, mediaFolder } from "../../support/fake-anki/collection.ts";
import { whileWorking } from "../../support/speed.ts";
import {
  cardThere,
  createWorld,
  dayMs,
  differencesBetween,
  minuteMs,
  noteOf,
  noteThere,
  reviewHere,
  reviewsThere,
  reviewThere,
  rowsOf,
  sync,
  trySync,
  undoHere,
  type World,
} from "./sync-world.ts";

const slugs = ["mesh-a-en", "mesh-b-en", "mesh-c-ru"];

async function syncedWorld(settings = {}): Promise<World> {
  const world = await createWorld(
    slugs.map((slug) => noteOf(slug)),
    settings,
  );
  reviewHere(world, "mesh-a-en", 3);
  world.nowMs += 10 * minuteMs;
  reviewHere(world, "mesh-a-en", 3);
  await sync(world);
  world.nowMs += dayMs;
  return world;
}

/** What changes Anki; the files of the pull are taken away again. */
const writes =
  /^(?:storeMediaFile|importPackage|addNotes?|update|addTags|suspend|delete(?!MediaFile)|insertReviews|set|forget|change|unsuspend)/;

function writesOf({ anki }: World): string[] {
  return anki.calls.filter((call) => writes.test(call));
}

describe("a first sync", () => {
  test("adds the notes under their GUIDs, in their decks, with their progress", async () => {
    const world = await createWorld([...slugs.map((slug) => noteOf(slug)), noteOf("mesh-d-en", { type: "reversed" })]);
    reviewHere(world, "mesh-d-en", 3, 1);
    const report = await sync(world);
    expect(report).toMatchObject({ created: 4, reviewsToAnki: 0, ankiWeb: "notLoggedIn" });
    const { notes, decks, cards, files } = world.anki.collection;
    expect([...notes.values()].map(({ guid }) => guid).sort()).toEqual([
      "mesh:mesh-a-en",
      "mesh:mesh-b-en",
      "mesh:mesh-c-ru",
      "mesh:mesh-d-en",
    ]);
    expect(cards.size).toBe(5);
    expect(decks.get(cardThere(world, "mesh-c-ru").did)).toBe("Meshwise::RU::Foundations");
    expect(reviewsThere(world, "mesh-d-en", 1)).toHaveLength(1);
    expect(files.size).toBe(0);
    expect(await differencesBetween(world)).toEqual([]);
    expect(world.links.get("mesh-a-en")).toMatchObject({ ankiGuid: "mesh:mesh-a-en", ankiId: noteThere(world, "mesh-a-en")!.id });
  });

  test("and the second one changes nothing on either side", async () => {
    const world = await syncedWorld();
    const before = structuredClone({ links: world.links, log: world.log });
    const there = copyCollection(world.anki.collection);
    world.anki.calls.length = 0;
    await sync(world);
    expect(writesOf(world)).toEqual([]);
    expect({ links: world.links, log: world.log }).toEqual(before);
    expect({ ...world.anki.collection, now: 0, newId: 0 }).toEqual({ ...there, now: 0, newId: 0 });
  });

  test("as a dry run writes nothing, here or there", async () => {
    const world = await createWorld(
      slugs.map((slug) => noteOf(slug)),
      { ankiWeb: "ok" },
    );
    const { plan } = await sync(world, { dryRun: true });
    expect(plan.content.create.map(({ slug }) => slug)).toEqual(slugs);
    expect(writesOf(world)).toEqual([]);
    expect(world.anki.calls).not.toContain("sync");
    expect(world.links.size + world.log!.length).toBe(0);
  });
});

describe("reviews", () => {
  test("made here go to Anki, with the state that follows from them", async () => {
    const world = await syncedWorld();
    reviewHere(world, "mesh-b-en", 4);
    world.nowMs += 3 * dayMs;
    reviewHere(world, "mesh-a-en", 1);
    expect(await sync(world)).toMatchObject({ reviewsToAnki: 2, statesToAnki: 2 });
    expect(await differencesBetween(world)).toEqual([]);
    expect([...world.anki.collection.revlog.values()].every(({ usn }) => usn === -1)).toBe(true);
  });

  test("made in Anki come here, and Anki's own state is left alone", async () => {
    const world = await syncedWorld();
    reviewThere(world, "mesh-a-en", 2);
    reviewThere(world, "mesh-c-ru", 3);
    world.anki.calls.length = 0;
    expect(await sync(world)).toMatchObject({ reviewsFromAnki: 2, reviewsToAnki: 0, statesToAnki: 0 });
    expect(writesOf(world)).toEqual([]);
    expect(rowsOf(world, "mesh-c-ru")).toMatchObject([{ source: "anki", rating: 3, kind: "review" }]);
    expect(await differencesBetween(world)).toEqual([]);
  });

  test("of one card on both sides become one history", async () => {
    const world = await syncedWorld();
    world.nowMs += 2 * dayMs;
    reviewHere(world, "mesh-a-en", 3);
    world.nowMs += 5 * minuteMs;
    reviewThere(world, "mesh-a-en", 1);
    world.nowMs += 5 * minuteMs;
    await sync(world);
    expect(reviewsThere(world, "mesh-a-en").map(({ ease }) => ease)).toEqual([3, 3, 3, 1]);
    expect(await differencesBetween(world)).toEqual([]);
  });

  test("taken back here after Anki had them no longer count there", async () => {
    const world = await syncedWorld();
    world.nowMs += 2 * dayMs;
    const review = reviewHere(world, "mesh-a-en", 1);
    const first = reviewHere(world, "mesh-b-en", 3);
    await sync(world);
    undoHere(world, review);
    undoHere(world, first);
    expect(await sync(world)).toMatchObject({ statesToAnki: 2, reviewsToAnki: 0 });
    expect(cardThere(world, "mesh-a-en")).toMatchObject({ type: 2, reps: 2, lapses: 0 });
    expect(cardThere(world, "mesh-b-en")).toMatchObject({ type: 0, reps: 0 });
    world.anki.calls.length = 0;
    await sync(world);
    expect(writesOf(world)).toEqual([]);
  });

  test("whose moment another card's review has in Anki are moved by a millisecond, once", async () => {
    const world = await syncedWorld();
    const { id } = reviewHere(world, "mesh-b-en", 3);
    const other = { ease: 3, ivl: 1, lastIvl: 0, factor: 0, time: 0, type: 0, usn: -1 };
    world.anki.collection.revlog.set(id, { id, cid: 42, ...other });
    await sync(world);
    expect(reviewsThere(world, "mesh-b-en")).toEqual([{ id: id + 1, ease: 3 }]);
    await sync(world);
    expect(rowsOf(world, "mesh-b-en")).toHaveLength(1);
    expect(reviewsThere(world, "mesh-b-en")).toHaveLength(1);
  });

  test("given in Anki while the sync runs make that card start over", async () => {
    const world = await syncedWorld();
    world.nowMs += 2 * dayMs;
    reviewHere(world, "mesh-a-en", 3);
    world.nowMs += minuteMs;
    let answered = false;
    world.transport = async (body, ...rest) => {
      if (!answered && body.includes("getReviewsOfCards")) {
        answered = true;
        reviewThere(world, "mesh-a-en", 4);
      }
      return world.anki.transport(body, ...rest);
    };
    expect(await sync(world)).toMatchObject({ startedOver: 1, reviewsFromAnki: 1, reviewsToAnki: 1 });
    expect(await differencesBetween(world)).toEqual([]);
  });

  test("leave a suspended card suspended and a card in a filtered deck alone", async () => {
    const world = await syncedWorld();
    world.nowMs += 2 * dayMs;
    world.anki.act("suspend", { cards: [cardThere(world, "mesh-a-en").id] });
    Object.assign(cardThere(world, "mesh-b-en"), { odid: cardThere(world, "mesh-b-en").did, did: 77, odue: 2 });
    world.anki.collection.decks.set(77, "Meshwise::Cram");
    reviewHere(world, "mesh-a-en", 3);
    reviewHere(world, "mesh-b-en", 3);
    const { plan } = await sync(world);
    expect(cardThere(world, "mesh-a-en")).toMatchObject({ queue: -1, type: 2, reps: 3 });
    expect(plan.progress.inFilteredDeck).toEqual(["mesh-b-en#0"]);
    expect(reviewsThere(world, "mesh-b-en")).toEqual([]);
  });

  test("without a history on this side are not touched in Anki", async () => {
    const world = await syncedWorld();
    reviewThere(world, "mesh-b-en", 3);
    world.log = undefined;
    world.anki.calls.length = 0;
    expect(await sync(world)).toMatchObject({ reviewsFromAnki: 0 });
    expect(writesOf(world)).toEqual([]);
    expect(world.log).toBeUndefined();
  });
});

describe("texts", () => {
  const edit = (world: World, slug: string, backHtml: string) => {
    world.notes = world.notes.map((note) => (note.slug === slug ? { ...note, backHtml, changedAtS: note.changedAtS + 5 } : note));
  };
  const editThere = (world: World, slug: string, Back: string) =>
    world.anki.act("updateNoteFields", { note: { id: noteThere(world, slug)!.id, fields: { Back } } });

  test("changed here only go to Anki; the learner's own tags stay", async () => {
    const world = await syncedWorld();
    world.anki.act("addTags", { notes: [noteThere(world, "mesh-a-en")!.id], tags: "exam leech" });
    edit(world, "mesh-a-en", "<p>new</p>");
    expect(await sync(world)).toMatchObject({ updated: 1, created: 0 });
    expect(noteThere(world, "mesh-a-en")).toMatchObject({ tags: expect.arrayContaining(["exam", "leech", "topic::retries"]) });
    expect(noteThere(world, "mesh-a-en")!.fields[2]).toBe("<p>new</p>");
    world.anki.calls.length = 0;
    await sync(world);
    expect(writesOf(world)).toEqual([]);
  });

  test("changed in Anki only become the learner's own wording here, and go back when that is taken back", async () => {
    const world = await syncedWorld();
    editThere(world, "mesh-a-en", "<p>mine</p>");
    const { plan, updated, textsFromAnki } = await sync(world);
    expect(plan.content.incoming.map(({ differences }) => differences)).toEqual([
      [{ field: "back", here: "The answer of mesh-a-en", there: "mine" }],
    ]);
    expect([updated, textsFromAnki]).toEqual([0, 1]);
    expect(noteThere(world, "mesh-a-en")!.fields[2]).toBe("<p>mine</p>");
    expect(world.edits).toMatchObject([{ slug: "mesh-a-en", backHtml: "<p>mine</p>", tags: ["retries"] }]);
    world.anki.calls.length = 0;
    expect((await sync(world)).plan.content).toMatchObject({ incoming: [], update: [], conflicts: [] });
    expect(writesOf(world)).toEqual([]);
    world.edits = [];
    expect(await sync(world)).toMatchObject({ updated: 1 });
    expect(noteThere(world, "mesh-a-en")!.fields[2]).toBe("<p>The answer of mesh-a-en</p>");
  });

  test("changed in Anki only stay there and are shown, where no own wording can be kept, or where the source differs", async () => {
    const world = await syncedWorld();
    world.keepsEdits = false;
    editThere(world, "mesh-a-en", "<p>mine</p>");
    expect(await sync(world)).toMatchObject({ updated: 0, textsFromAnki: 0 });
    world.keepsEdits = true;
    const id = noteThere(world, "mesh-b-en")!.id;
    world.anki.act("updateNoteFields", { note: { id, fields: { Back: "<p>x</p>", Source: "elsewhere" } } });
    expect(await sync(world)).toMatchObject({ updated: 0, textsFromAnki: 1 });
    const { plan } = await sync(world);
    expect(plan.content.incoming.map(({ note }) => note.slug)).toEqual(["mesh-b-en"]);
    expect(world.edits.map(({ slug }) => slug)).toEqual(["mesh-a-en"]);
  });

  test("of an imported note changed in Anki are taken from there", async () => {
    const world = await createWorld([]);
    world.imported = [noteOf("anki-0123456789abcdef", { deck: "Meshwise::Mine", ankiGuid: "guid1", lesson: "", tags: [] })];
    await sync(world);
    const there = [...world.anki.collection.notes.values()][0]!;
    world.nowMs += dayMs;
    world.anki.act("updateNoteFields", { note: { id: there.id, fields: { Back: "<p>better</p>" } } });
    // The slug is made from the GUID: the same note here and there.
    await sync(world);
    expect(world.imported.map(({ backHtml }) => backHtml)).toContain("<p>better</p>");
  });

  test("of the learner's own notes go both ways, tags too, with own wording as without", async () => {
    const world = await createWorld([]);
    const own = noteOf("anki-0123456789abcdef", { deck: "Meshwise::Mine", ankiGuid: "guid1", lesson: "", tags: ["a", "b"] });
    world.imported = [own];
    await sync(world);
    const there = [...world.anki.collection.notes.values()][0]!;
    world.anki.act("addTags", { notes: [there.id], tags: "leech" });
    world.imported = [{ ...own, backHtml: "<p>rewritten</p>", tags: ["b"], changedAtS: own.changedAtS + 9 }];
    expect(await sync(world)).toMatchObject({ updated: 1 });
    expect([there.fields[2], there.tags]).toEqual(["<p>rewritten</p>", ["b", "leech"]]);
    const edit: NoteEdit = {
      slug: own.slug,
      frontHtml: own.frontHtml,
      backHtml: "<p>worded</p>",
      tags: ["b"],
      editedAtMs: 5,
      baseChangedAtS: 1,
    };
    world.edits = [edit];
    expect(await sync(world)).toMatchObject({ updated: 1 });
    world.nowMs += dayMs;
    world.anki.act("updateNoteFields", { note: { id: there.id, fields: { Back: "<p>there</p>" } } });
    expect(await sync(world)).toMatchObject({ textsFromAnki: 1, notesFromAnki: 0 });
    expect(world.edits).toMatchObject([{ backHtml: "<p>there</p>" }]);
    world.anki.calls.length = 0;
    await sync(world);
    expect(writesOf(world)).toEqual([]);
  });

  test("changed on both sides are a conflict: both stay, until one is chosen", async () => {
    const world = await syncedWorld();
    edit(world, "mesh-a-en", "<p>ours</p>");
    editThere(world, "mesh-a-en", "<p>theirs</p>");
    const first = await sync(world);
    expect(first.plan.content.conflicts.map(({ note }) => note.slug)).toEqual(["mesh-a-en"]);
    expect(noteThere(world, "mesh-a-en")!.fields[2]).toBe("<p>theirs</p>");
    expect(world.notes[0]!.backHtml).toBe("<p>ours</p>");
    expect(await sync(world, { overwrite: new Set(["mesh-a-en"]) })).toMatchObject({ updated: 1 });
    expect(noteThere(world, "mesh-a-en")!.fields[2]).toBe("<p>ours</p>");
    expect((await sync(world)).plan.content.conflicts).toEqual([]);
  });

  test("changed on both sides come here when Anki's is chosen", async () => {
    const world = await syncedWorld();
    edit(world, "mesh-a-en", "<p>ours</p>");
    editThere(world, "mesh-a-en", "<p>theirs</p>");
    await sync(world);
    expect(world.edits).toEqual([]);
    expect(await sync(world, { take: new Set(["mesh-a-en"]) })).toMatchObject({ updated: 0, textsFromAnki: 1 });
    expect(world.edits).toMatchObject([{ slug: "mesh-a-en", backHtml: "<p>theirs</p>" }]);
    expect((await sync(world)).plan.content).toMatchObject({ conflicts: [], incoming: [] });
    expect(noteThere(world, "mesh-a-en")!.fields[2]).toBe("<p>theirs</p>");
  });

  test("that differ without a common state are a conflict, unless Anki has our first edition", async () => {
    const world = await syncedWorld();
    world.links.clear();
    edit(world, "mesh-a-en", "<p>second edition</p>");
    edit(world, "mesh-b-en", "<p>second edition</p>");
    editThere(world, "mesh-b-en", "<p>mine</p>");
    const { plan, updated } = await sync(world);
    expect(updated).toBe(1);
    expect(plan.content.conflicts.map(({ note }) => note.slug)).toEqual(["mesh-b-en"]);
    expect(noteThere(world, "mesh-b-en")!.fields[2]).toBe("<p>mine</p>");
  });
});

describe("deletions", () => {
  test("in Anki are asked about, not undone", async () => {
    const world = await syncedWorld();
    world.anki.act("deleteNotes", { notes: [noteThere(world, "mesh-a-en")!.id] });
    const { plan, created } = await sync(world);
    expect(created).toBe(0);
    expect(plan.content.missing.map(({ slug }) => slug)).toEqual(["mesh-a-en"]);
    expect(await sync(world, { recreate: true })).toMatchObject({ created: 1 });
    expect(reviewsThere(world, "mesh-a-en")).toHaveLength(2);
    expect(await differencesBetween(world)).toEqual([]);
  });

  test("here suspend and tag first, and delete only what is tagged, in the number that was said", async () => {
    const world = await syncedWorld();
    world.notes = world.notes.filter(({ slug }) => slug !== "mesh-a-en");
    world.allSlugs!.delete("mesh-a-en");
    expect((await sync(world)).plan.content.removed.map(({ slug }) => slug)).toEqual(["mesh-a-en"]);
    expect(cardThere(world, "mesh-a-en").queue).not.toBe(-1);
    expect(await sync(world, { removed: "delete", removedCount: 1 })).toMatchObject({ suspended: 1, deleted: 0 });
    expect(cardThere(world, "mesh-a-en").queue).toBe(-1);
    expect(noteThere(world, "mesh-a-en")!.tags).toContain("mesh::removed");
    expect(await trySync(world, { removed: "delete", removedCount: 2 })).toEqual({
      failure: { code: "CountDiffers", values: { count: 1, given: 2 } },
    });
    expect(noteThere(world, "mesh-a-en")).toBeDefined();
    expect(await sync(world, { removed: "delete", removedCount: 1 })).toMatchObject({ deleted: 1 });
    expect(noteThere(world, "mesh-a-en")).toBeUndefined();
  });

  test.each([
    ["empty", new Set<string>()],
    ["incomplete", undefined],
  ])("a scan that is %s removes nothing", async (_, allSlugs) => {
    const world = await syncedWorld();
    world.notes = [];
    world.allSlugs = allSlugs;
    expect((await sync(world)).plan.content.removed).toEqual([]);
    const before = copyCollection(world.anki.collection);
    expect(await trySync(world, { removed: "suspend" })).toMatchObject({ failure: { code: "NothingScanned" } });
    expect(world.anki.collection.cards).toEqual(before.cards);
  });
});

describe("notes that other tools made in Anki", () => {
  function authorsNote(world: World, fields: Record<string, string>) {
    const names = Object.keys(fields);
    const template = { Name: "Card 1", Front: `{{${names[1]}}}`, Back: `{{${names[2]}}}` };
    world.anki.act("createModel", { modelName: "Author's", inOrderFields: names, cardTemplates: [template] });
    world.anki.act("createDeck", { deck: "Vault" });
    return world.anki.act("addNote", { note: { deckName: "Vault", modelName: "Author's", fields, tags: ["mine"] } }) as number;
  }

  test("are found by their key and updated, not doubled; their GUID is kept", async () => {
    const world = await createWorld([noteOf("sysdes-054-0-en", { backHtml: "<p>new</p>" })]);
    const fields = { Key: "sysdes-054-0-en", Front: "<p>What is sysdes-054-0-en?</p>", Back: "<p>old</p>", Source: "" };
    const id = authorsNote(world, fields);
    reviewThere(world, "sysdes-054-0-en", 3);
    const first = await sync(world);
    expect(first.plan.content.conflicts).toHaveLength(1);
    expect(first.created).toBe(0);
    expect(first.reviewsFromAnki).toBe(1);
    await sync(world, { overwrite: "all" });
    expect(world.anki.collection.notes.size).toBe(1);
    expect(noteThere(world, "sysdes-054-0-en")!.fields[2]).toBe("<p>new</p>");
    expect(world.links.get("sysdes-054-0-en")).toMatchObject({ ankiId: id, ankiGuid: `fake${id}` });
    world.nowMs += dayMs;
    reviewHere(world, "sysdes-054-0-en", 4);
    await sync(world);
    expect(reviewsThere(world, "sysdes-054-0-en").map(({ ease }) => ease)).toEqual([3, 4]);
  });

  test("are found by the id in the card file where nothing else names them; fields of other names are left alone", async () => {
    const world = await createWorld([noteOf("sysdes-054-0-en")]);
    const id = authorsNote(world, { ID: "7", Question: "What?", Answer: "That" });
    world.links.set("sysdes-054-0-en", { ankiId: id, syncedAt: "2026-01-23T13:49:17.855223" });
    const { plan, created } = await sync(world, { overwrite: "all" });
    expect([created, plan.content.missing.length, plan.content.conflicts.length]).toEqual([0, 0, 1]);
    expect(world.anki.collection.notes.get(id)!.fields).toEqual(["7", "What?", "That"]);
    reviewHere(world, "sysdes-054-0-en", 3);
    expect(await sync(world)).toMatchObject({ reviewsToAnki: 1, created: 0 });
  });

  test("several with one key stop the sync before anything is written", async () => {
    const world = await syncedWorld();
    const id = authorsNote(world, { Key: "mesh-a-en", Front: "x", Back: "y" });
    reviewHere(world, "mesh-b-en", 3);
    world.anki.calls.length = 0;
    const done = await trySync(world);
    expect(done).toMatchObject({ failure: { code: "SeveralNotes", values: { slug: "mesh-a-en" } } });
    expect(JSON.stringify(done)).toContain(String(id));
    expect(writesOf(world)).toEqual([]);
  });

  test("are looked for in one search; key by key only what no note is known to have", async () => {
    const world = await createWorld([...slugs, "mesh-d-en"].map((slug) => noteOf(slug)));
    const searches = () => world.anki.calls.filter((call) => call === "findNotes").length;
    await sync(world, { dryRun: true });
    const [anyKey, ofTypes] = [1, 3];
    expect(searches()).toBe(anyKey + ofTypes + world.notes.length);
    await sync(world);
    world.notes.push(noteOf("mesh-e-en"));
    world.anki.calls.length = 0;
    await sync(world, { dryRun: true });
    expect(searches()).toBe(anyKey + ofTypes + 1);
  });

  test.each([
    ["Anki does not understand the search for any key", 0],
    ["thousands of other notes have a field of that name", 501],
  ])("are found key by key where %s", async (_, others) => {
    const world = await syncedWorld();
    const id = authorsNote(world, { Key: "mesh-a-en", Front: "x", Back: "y" });
    for (let i = 0; i < others; i++) {
      world.anki.act("addNote", {
        note: { deckName: "Vault", modelName: "Author's", fields: { Key: `k${i}`, Front: "x", Back: "y" } },
      });
    }
    if (others === 0) world.transport = (body, ...rest) => world.anki.transport(body.replaceAll("Key:_*", "Key:"), ...rest);
    const done = await trySync(world);
    expect(done).toMatchObject({ failure: { code: "SeveralNotes", values: { slug: "mesh-a-en" } } });
    expect(JSON.stringify(done)).toContain(String(id));
  });

  test("and ours that the learner moved to another deck are found there", async () => {
    const world = await syncedWorld();
    world.anki.act("changeDeck", { cards: [cardThere(world, "mesh-a-en").id], deck: "Elsewhere" });
    world.nowMs += dayMs;
    reviewHere(world, "mesh-a-en", 3);
    expect(await sync(world)).toMatchObject({ created: 0, reviewsToAnki: 1 });
    expect(world.anki.collection.decks.get(cardThere(world, "mesh-a-en").did)).toBe("Elsewhere");
  });
});

function ownNote({ nowMs }: World, deck: string): Note {
  const lang = deck.includes("::RU") ? "ru" : "en";
  const draft = { type: "basic", lang, frontHtml: "Mine?", backHtml: "Mine.", accept: [], tags: [], deck } as const;
  const note = makeOwnNote(draft, new Uint8Array(12), nowMs);
  if (typeof note === "string") throw new Error(note);
  return note;
}

test("a note of a language that is not synced now is left alone on both sides", async () => {
  const world = await syncedWorld();
  const foreign = ownNote(world, "Meshwise::RU::My notes");
  world.imported.push(foreign);
  await sync(world);
  const before = copyCollection(world.anki.collection);
  world.imported = [];
  world.unsynced = new Set([foreign.slug]);
  expect(await sync(world)).toMatchObject({ created: 0, notesFromAnki: 0, suspended: 0, reviewsFromAnki: 0 });
  expect(world.anki.collection.notes).toEqual(before.notes);
});

describe("a note that was deleted here", () => {
  test("is not brought back by Anki; there it stays until its removal is asked for", async () => {
    const world = await syncedWorld();
    const own = ownNote(world, "Meshwise::EN::My notes");
    world.imported.push(own);
    await sync(world);
    const there = () => [...world.anki.collection.notes.values()].find(({ guid }) => guid === own.ankiGuid);
    expect(there()).toBeDefined();
    world.imported = [];
    world.log!.push({ id: world.nowMs + 1, slug: own.slug, ord: 0, kind: "mark", change: { deleted: true }, source: "app" });
    world.nowMs += dayMs;
    const { plan, notesFromAnki } = await sync(world);
    expect([notesFromAnki, plan.content.adopted, plan.content.removed.map(({ slug }) => slug)]).toEqual([0, [], [own.slug]]);
    expect(world.imported).toEqual([]);
    expect(await sync(world, { removed: "suspend" })).toMatchObject({ suspended: 1 });
    expect(await sync(world, { removed: "delete", removedCount: 1 })).toMatchObject({ deleted: 1 });
    expect(there()).toBeUndefined();
  });
});

describe("AnkiWeb", () => {
  test("is synced by Anki before anything is compared, and again after something was written", async () => {
    const world = await createWorld([noteOf("mesh-a-en")], { ankiWeb: "ok" });
    expect(await sync(world)).toMatchObject({ ankiWeb: "synced" });
    const first = world.anki.calls.indexOf("sync");
    expect(first).toBeLessThan(world.anki.calls.indexOf("deckNames"));
    expect(world.anki.calls.lastIndexOf("sync")).toBe(world.anki.calls.length - 1);
    world.anki.calls.length = 0;
    await sync(world);
    expect(world.anki.calls.filter((call) => call === "sync")).toHaveLength(1);
  });

  test("that wants a decision stops the sync", async () => {
    const world = await createWorld([noteOf("mesh-a-en")], { ankiWeb: "conflict" });
    expect(await trySync(world)).toMatchObject({ failure: { code: "AnkiWebFailed" } });
    expect(world.anki.collection.notes.size).toBe(0);
  });
});

describe("a cut", () => {
  async function worldWithWork(): Promise<World> {
    const world = await syncedWorld();
    world.nowMs += 2 * dayMs;
    reviewHere(world, "mesh-a-en", 3);
    reviewHere(world, "mesh-b-en", 2);
    world.nowMs += minuteMs;
    reviewThere(world, "mesh-a-en", 1);
    reviewThere(world, "mesh-c-ru", 3);
    world.notes = [
      ...world.notes.map((note) => (note.slug === "mesh-b-en" ? { ...note, backHtml: "<p>new</p>" } : note)),
      noteOf("mesh-d-en"),
    ];
    world.allSlugs!.add("mesh-d-en");
    reviewHere(world, "mesh-d-en", 4);
    world.nowMs += minuteMs;
    return world;
  }
  const outcome = (world: World) => ({
    notes: [...world.anki.collection.notes.values()].map(({ guid, fields, tags }) => ({ guid, fields, tags })),
    reviews: world.notes.map(({ slug }) => reviewsThere(world, slug)),
    log: world.log!.length,
  });

  test.each(["before", "after"] as const)(
    "anywhere (%s the request was carried out) is made good by the next run",
    async (when) => {
      const whole = await worldWithWork();
      whole.anki.calls.length = 0;
      await sync(whole);
      const expected = outcome(whole);
      const requests = whole.anki.calls.length;
      let cuts = 0;
      const step = process.env.MESHWISE_SPEED === "verify" ? 1 : whileWorking(15, 5);
      for (let after = 0; after < requests; after += step) {
        const world = await worldWithWork();
        world.anki.cut(after, when);
        const done = await trySync(world);
        if ("failure" in done) {
          expect(done.failure.code).toBe("Cut");
          cuts++;
        }
        world.anki.cut(Number.POSITIVE_INFINITY);
        await sync(world);
        expect(outcome(world)).toEqual(expected);
        expect(await differencesBetween(world)).toEqual([]);
        for (const name of [pushFileName, pullFileName])
          expect(world.anki.collection.files.has(`${mediaFolder}/${name}`)).toBe(false);
      }
      expect(cuts).toBeGreaterThan(20 / step);
    },
  );

  test("in storage on this side sends nothing more to Anki", async () => {
    const world = await worldWithWork();
    world.anki.calls.length = 0;
    Object.defineProperty(world, "imported", {
      get: () => [],
      set: () => {
        throw new AnkiRefusal("StoreFailed", { detail: "full" });
      },
    });
    expect(await trySync(world)).toMatchObject({ failure: { code: "StoreFailed" } });
    expect(writesOf(world)).toEqual([]);
  });
});

describe("pictures", () => {
  const svg = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"></svg>';
  const drawn = (of: string) => ({ svg: of, description: "a path", edges: [] });
  const filesThere = ({ anki }: World) => [...anki.collection.files.keys()].filter((name) => name.endsWith(".svg"));

  test("go along with a new note, and the second run changes nothing", async () => {
    const world = await createWorld([noteOf("mesh-a-en", { pictures: { back: drawn(svg) } })]);
    await sync(world);
    const [file] = filesThere(world);
    expect(noteThere(world, "mesh-a-en")!.fields[2]).toContain(`<img src="${file!.slice(mediaFolder.length + 1)}" alt="a path">`);
    world.anki.calls.length = 0;
    await sync(world);
    expect(writesOf(world)).toEqual([]);
  });

  test("come beside a text that is in Anki already, and stay there when the text changes", async () => {
    const world = await syncedWorld();
    const known = world.notes.findIndex(({ slug }) => slug === "mesh-a-en");
    world.notes[known] = { ...world.notes[known]!, pictures: { front: drawn(svg) } };
    const dry = await sync(world, { dryRun: true });
    expect(dry.plan.content.update.map(({ differences }) => differences)).toMatchObject([[{ field: "picture", there: "" }]]);
    expect(filesThere(world)).toEqual([]);
    expect(await sync(world)).toMatchObject({ updated: 1 });
    const front = noteThere(world, "mesh-a-en")!.fields[1]!;
    expect(front).toMatch(/^<img src="mesh-[0-9a-f]{16}\.svg"/);
    world.nowMs += dayMs;
    world.notes[known] = { ...world.notes[known]!, frontHtml: "<p>new</p>" };
    expect(await sync(world)).toMatchObject({ updated: 1 });
    expect(noteThere(world, "mesh-a-en")!.fields[1]).toBe(front.replace(/<p>.*/, "<p>new</p>"));
    expect(filesThere(world)).toHaveLength(1);
  });
});

describe("marks", () => {
  const markHere = (world: World, slug: string, change: MarkChange) => {
    const id = Math.max(world.nowMs, ...world.log!.map((row) => row.id + 1));
    world.log!.push({ id, slug, ord: 0, kind: "mark", change, source: "app" });
  };
  const marksHere = (world: World, slug: string) => marksOf(rowsOf(world, slug));
  const deckThere = (world: World, slug: string) => world.anki.collection.decks.get(cardThere(world, slug).did);
  const act = (world: World, action: string, slug: string, more = {}) =>
    world.anki.act(action, { cards: [cardThere(world, slug).id], ...more });

  test("set here go to Anki, and the second run changes nothing", async () => {
    const world = await syncedWorld();
    markHere(world, "mesh-a-en", { suspended: true, flag: 3, deck: "Exam::Istio" });
    const dry = await sync(world, { dryRun: true });
    expect(dry.plan.marks.outgoing.flatMap(({ differences }) => differences)).toEqual([
      { cardId: "mesh-a-en#0", field: "suspended", here: true, there: false },
      { cardId: "mesh-a-en#0", field: "flag", here: 3, there: 0 },
      { cardId: "mesh-a-en#0", field: "deck", here: "Exam::Istio", there: "Meshwise::EN::Foundations" },
    ]);
    expect(cardThere(world, "mesh-a-en").queue).not.toBe(-1);
    expect(await sync(world)).toMatchObject({ marksToAnki: 1, marksFromAnki: 0 });
    expect(cardThere(world, "mesh-a-en")).toMatchObject({ queue: -1, flags: 3 });
    expect(deckThere(world, "mesh-a-en")).toBe("Exam::Istio");
    const log = structuredClone(world.log);
    world.anki.calls.length = 0;
    expect(await sync(world)).toMatchObject({ marksToAnki: 0, marksFromAnki: 0 });
    expect(writesOf(world)).toEqual([]);
    expect(world.log).toEqual(log);
  });

  test("set in Anki come here, and can be taken back from either side", async () => {
    const world = await syncedWorld();
    act(world, "suspend", "mesh-a-en");
    act(world, "changeDeck", "mesh-b-en", { deck: "Elsewhere" });
    world.anki.act("setSpecificValueOfCard", { card: cardThere(world, "mesh-c-ru").id, keys: ["flags"], newValues: [5] });
    expect(await sync(world)).toMatchObject({ marksToAnki: 0, marksFromAnki: 3 });
    expect(marksHere(world, "mesh-a-en")).toMatchObject({ suspended: true, deck: "" });
    expect(marksHere(world, "mesh-b-en")).toMatchObject({ suspended: false, deck: "Elsewhere" });
    expect(marksHere(world, "mesh-c-ru")).toMatchObject({ flag: 5 });
    world.nowMs += dayMs;
    markHere(world, "mesh-a-en", { suspended: false });
    act(world, "changeDeck", "mesh-b-en", { deck: "Meshwise::EN::Foundations" });
    expect(await sync(world)).toMatchObject({ marksToAnki: 1, marksFromAnki: 1 });
    expect(cardThere(world, "mesh-a-en").queue).toBe(cardThere(world, "mesh-a-en").type);
    expect(marksHere(world, "mesh-b-en").deck).toBe("");
    world.anki.calls.length = 0;
    await sync(world);
    expect(writesOf(world)).toEqual([]);
  });

  test("of two changes of one thing the later counts, the other stays in the log", async () => {
    const world = await syncedWorld();
    const flagThere = (flags: number) =>
      world.anki.act("setSpecificValueOfCard", { card: cardThere(world, "mesh-a-en").id, keys: ["flags"], newValues: [flags] });
    markHere(world, "mesh-a-en", { flag: 1 });
    world.nowMs += 5 * minuteMs;
    flagThere(2);
    await sync(world);
    expect(marksHere(world, "mesh-a-en").flag).toBe(2);
    expect(rowsOf(world, "mesh-a-en").filter((row) => row.kind === "mark" && row.change.flag === 1)).toHaveLength(1);
    world.nowMs += 5 * minuteMs;
    flagThere(4);
    world.nowMs += 5 * minuteMs;
    markHere(world, "mesh-a-en", { flag: 6 });
    await sync(world);
    expect([marksHere(world, "mesh-a-en").flag, cardThere(world, "mesh-a-en").flags]).toEqual([6, 6]);
  });

  test("of a card in a filtered deck wait until it is back", async () => {
    const world = await syncedWorld();
    markHere(world, "mesh-a-en", { suspended: true });
    Object.assign(cardThere(world, "mesh-a-en"), { odid: cardThere(world, "mesh-a-en").did });
    expect(await sync(world)).toMatchObject({ marksToAnki: 0, marksFromAnki: 0 });
    Object.assign(cardThere(world, "mesh-a-en"), { odid: 0 });
    expect(await sync(world)).toMatchObject({ marksToAnki: 1 });
  });

  test("go along with a new note, its deck made", async () => {
    const world = await createWorld([noteOf("mesh-a-en")]);
    markHere(world, "mesh-a-en", { flag: 7, deck: "Mine" });
    expect(await sync(world)).toMatchObject({ created: 1, marksToAnki: 0 });
    expect(cardThere(world, "mesh-a-en").flags).toBe(7);
    expect(deckThere(world, "mesh-a-en")).toBe("Mine");
    world.anki.calls.length = 0;
    expect(await sync(world)).toMatchObject({ marksToAnki: 0, marksFromAnki: 0 });
    expect(writesOf(world)).toEqual([]);
  });

  test("changed in Anki while the sync runs are taken up again", async () => {
    const world = await syncedWorld();
    markHere(world, "mesh-a-en", { suspended: true });
    const inner = world.transport;
    let meddled = false;
    world.transport = (body, ...rest) => {
      if (!meddled && JSON.stringify(body).includes("cardsModTime")) {
        meddled = true;
        world.nowMs += minuteMs;
        act(world, "changeDeck", "mesh-a-en", { deck: "Late" });
      }
      return inner(body, ...rest);
    };
    expect(await sync(world)).toMatchObject({ startedOver: 1, marksToAnki: 1, marksFromAnki: 1 });
    expect(marksHere(world, "mesh-a-en")).toMatchObject({ suspended: true, deck: "Late" });
    expect(cardThere(world, "mesh-a-en").queue).toBe(-1);
  });

  test("stay alone without a history", async () => {
    const world = await syncedWorld();
    world.log = undefined;
    act(world, "suspend", "mesh-a-en");
    expect(await sync(world)).toMatchObject({ marksToAnki: 0, marksFromAnki: 0 });
    expect(cardThere(world, "mesh-a-en").queue).toBe(-1);
  });
});
