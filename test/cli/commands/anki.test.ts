import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { createFakeAnki, type FakeAnki } from "../../support/fake-anki/anki-connect.ts";
import { type FakeServer, serveFakeAnki } from "../../support/fake-anki/server.ts";
import { callCli } from "../call-cli.ts";

let content: string;
let anki: FakeAnki;
let server: FakeServer;

const file = (path: string) => join(content, path);
const read = (path: string) => readFileSync(file(path), "utf8");

beforeEach(async () => {
  content = mkdtempSync(join(tmpdir(), "meshwise-anki-"));
  for (const lang of ["en", "ru"]) {
    mkdirSync(file(`${lang}/m`), { recursive: true });
    mkdirSync(file(`${lang}/notes`), { recursive: true });
    writeFileSync(file(`${lang}/m/one.mdx`), "---\ntitle: T\ndescription: A sentence that is long enough for a list.\n---\n");
    const cards = `# kept\r\nlesson: one\r\ncards:\r\n  - slug: one-x-${lang}   # kept too\r\n    front: f\r\n    back: |-\r\n      b\r\n\r\n      c\r\n  - { slug: one-y-${lang}, front: "{{ x }}", back: b }\r\n`;
    writeFileSync(file(`${lang}/m/one.cards.yaml`), cards);
  }
  const lessons = "[{ slug: one, title: { en: T, ru: Т } }]";
  writeFileSync(file("curriculum.yaml"), `modules: [{ slug: m, title: { en: M, ru: М }, lessons: ${lessons} }]\n`);
  anki = createFakeAnki();
  server = await serveFakeAnki(anki);
});
afterEach(async () => {
  await server.close();
  rmSync(content, { recursive: true });
});

function sync(...args: string[]) {
  return callCli(["anki", "sync", "--url", server.url, "--content", content, ...args]);
}

describe("anki sync", () => {
  test("a dry run says what would be done and does none of it", async () => {
    const { code, out } = await sync("--dry-run");
    expect(code).toBe(0);
    expect(out).toContain("Notes to add to Anki: 4");
    expect(out).toContain("  + one-x-en");
    expect(anki.collection.notes.size).toBe(0);
    expect(JSON.parse((await sync("--dry-run", "--format", "json")).out)).toMatchObject({ dryRun: true, created: 0 });
  });

  test("--write-back adds the links and leaves every other byte; the second run changes no byte at all", async () => {
    const before = read("en/m/one.cards.yaml");
    expect((await sync("--lang", "en")).code).toBe(0);
    expect(read("en/m/one.cards.yaml")).toBe(before);
    expect((await sync("--lang", "en", "--write-back")).code).toBe(0);
    const after = read("en/m/one.cards.yaml");
    const note = [...anki.collection.notes.values()].find(({ guid }) => guid === "mesh:one-x-en");
    expect(after).toContain(`      c\r\n    anki_id: ${note?.id}\r\n    anki_guid: "mesh:one-x-en"\r\n    synced_at: "`);
    expect(after).toMatch(
      /, back: b, anki_id: \d+, anki_guid: "mesh:one-y-en", synced_at: "[^"]+", synced_hash: "[0-9a-f]{16}" \}\r\n$/,
    );
    expect(after.replace(/ {4}(?:anki_id|anki_guid|synced_at|synced_hash): .*\r\n/g, "").replace(/, anki_id.*? \}/, " }")).toBe(
      before,
    );
    expect((await sync("--lang", "en", "--write-back")).code).toBe(0);
    expect(read("en/m/one.cards.yaml")).toBe(after);
    expect((await callCli(["deck", "list", "--content", content])).code).toBe(0);
  });

  test("the author's note is found by the id in his imported note's card file and keeps it", async () => {
    const template = { Name: "Card 1", Front: "{{Q}}", Back: "{{A}}" };
    anki.act("createModel", { modelName: "Vault", inOrderFields: ["Q", "A"], cardTemplates: [template] });
    anki.act("createDeck", { deck: "Vault" });
    const id = anki.act("addNote", { note: { deckName: "Vault", modelName: "Vault", fields: { Q: "q", A: "a" } } });
    const card = `cards:\n  - slug: sysdes-054-0-en\n    front: q\n    back: a\n    anki_id: ${id}\n    synced_at: 2026-01-23T13:49:17.855223\n`;
    writeFileSync(file("en/notes/054.cards.yaml"), `lesson: "054"\n${card}`);
    const { code, out } = await sync("--write-back");
    expect(code).toBe(0);
    expect(out).not.toContain("Deleted in Anki");
    expect(anki.collection.notes.size).toBe(5);
    expect(read("en/notes/054.cards.yaml")).toContain(`    anki_id: ${id}\n    synced_at: 2026-01-23T13:49:17.855223\n`);
    expect(read("en/notes/054.cards.yaml")).toContain(`anki_guid: "fake${id}"`);
  });

  test("notes are imported again without losing what a sync wrote; an edited note is taken over with it", async () => {
    const vault = file("vault");
    mkdirSync(vault);
    const card = "anki_cards:\n- slug: mesh-9-0-en\n  language: en\n  anki_id: 7\n  synced_at: '2026-01-23T13:49:17.855223'\n";
    const text = `---\nid: mesh-9\ntitle: Mesh\n${card}---\n# Question (EN)\n> What is it?\n\n## Answer (EN)\n\nA mesh.\n`;
    writeFileSync(join(vault, "mesh-9.md"), text);
    const importNotes = () => callCli(["notes", "import", vault, "--out", content, "--format", "json"]);
    expect((await importNotes()).code).toBe(0);
    const path = "en/notes/mesh-9.cards.yaml";
    expect(read(path)).toContain("anki_id: 7\n");
    await sync("--write-back", "--recreate");
    const synced = read(path);
    expect(synced).toContain('anki_guid: "mesh:mesh-9-0-en"');
    // The id the note had in the author's profile was free in this one.
    expect(synced).toContain("anki_id: 7\n");
    await importNotes();
    expect(read(path)).toBe(synced);
    writeFileSync(join(vault, "mesh-9.md"), text.replace("A mesh.", "A layer."));
    await importNotes();
    expect(read(path)).toContain("back: A layer.");
    expect(read(path)).toMatch(/anki_guid: "?mesh:mesh-9-0-en/);
    expect((await sync()).out).toContain("Texts updated in Anki: 1");
    expect([...anki.collection.notes.values()].filter(({ fields }) => fields[0] === "mesh-9-0-en")).toHaveLength(1);
  });

  test("--with-history brings reviews both ways and keeps them in the backup", async () => {
    await sync("--write-back");
    const [card] = [...anki.collection.cards.values()];
    anki.act("answerCards", { answers: [{ cardId: card!.id, ease: 3 }] });
    const backup = file("backup.json");
    const { out } = await sync("--with-history", backup);
    expect(out).toContain("Reviews taken from Anki: 1");
    const kept = JSON.parse(readFileSync(backup, "utf8"));
    expect(kept.log).toMatchObject([{ kind: "review", rating: 3, source: "anki" }]);
    const { id, ...row } = kept.log[0];
    kept.log.push({ ...row, id: id - 86_400_000, source: "app" });
    writeFileSync(backup, JSON.stringify(kept));
    expect((await sync("--with-history", backup)).out).toContain("Reviews added to Anki: 1");
    expect(anki.collection.revlog.size).toBe(2);
    expect((await sync("--with-history", backup)).out).toContain("Both sides hold the same");
  });

  test("a conflict shows both texts and changes neither; --overwrite decides", async () => {
    await sync("--write-back");
    const note = [...anki.collection.notes.values()].find(({ guid }) => guid === "mesh:one-x-en")!;
    anki.act("updateNoteFields", { note: { id: note.id, fields: { Front: "theirs" } } });
    const path = "en/m/one.cards.yaml";
    writeFileSync(file(path), read(path).replace("front: f", "front: ours"));
    const { out, code } = await sync("--write-back");
    expect(code).toBe(0);
    expect(out).toContain("one-x-en: changed on both sides; both stay\n  Front\n    - theirs\n    + ours\n");
    expect(note.fields[1]).toBe("theirs");
    expect((await sync("--overwrite", "one-x-en")).out).toContain("Texts updated in Anki: 1");
    expect(note.fields[1]).toBe("<p>ours</p>");
  });

  test("what is gone here is suspended only when asked, and never after a scan that failed", async () => {
    await sync("--write-back");
    const path = "en/m/one.cards.yaml";
    const text = read(path);
    writeFileSync(file(path), text.slice(0, text.indexOf("  - { slug")));
    expect((await sync()).out).toContain("In Anki, but no longer here: 1 (0 of them tagged mesh::removed)");
    writeFileSync(file("ru/m/draft.cards.yaml"), "cards: [");
    expect((await sync("--removed", "suspend")).err).toContain("nothing counts as removed");
    rmSync(file("ru/m/draft.cards.yaml"));
    expect((await sync("--removed", "suspend")).out).toContain("Notes suspended and tagged in Anki: 1");
    expect((await sync("--removed", "delete=2")).err).toContain("1 note would be deleted in Anki, not 2");
    expect((await sync("--removed", "delete=1")).out).toContain("Notes deleted in Anki: 1");
    expect(anki.collection.notes.size).toBe(3);
  });

  test("Anki that is not there, arguments that make no sense, cards that are wrong", async () => {
    const closed = await callCli(["anki", "sync", "--url", "http://127.0.0.1:9", "--content", content]);
    expect(closed).toMatchObject({ code: 1, out: "" });
    expect(closed.err).toContain("Nothing answers at http://127.0.0.1:9");
    expect((await callCli(["anki", "sync", "--url", "http://127.0.0.1:9", "--content", content, "--lang", "ru"])).err).toContain(
      "никто не отвечает",
    );
    expect((await callCli(["anki"])).code).toBe(2);
    expect((await sync("--removed", "delete")).code).toBe(2);
    expect((await sync("--url", "nonsense")).code).toBe(2);
    writeFileSync(file("en/m/one.cards.yaml"), "lesson: wrong\n");
    expect((await sync()).code).toBe(1);
    expect(anki.collection.notes.size).toBe(0);
  });

  test("an api key that is missing is named; the right one works", async () => {
    await server.close();
    anki = createFakeAnki({ apiKey: "s3cret" });
    server = await serveFakeAnki(anki);
    expect((await sync()).err).toContain("asks for an API key");
    expect((await sync("--key", "s3cret")).out).toContain("Notes added to Anki: 4");
  });
});
