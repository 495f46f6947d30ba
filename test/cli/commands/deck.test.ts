import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { unzipSync } from "fflate";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { runCli } from "../../../src/cli/run-cli.ts";

let content: string;
let out: string;

beforeEach(() => {
  content = mkdtempSync(join(tmpdir(), "meshwise-deck-"));
  out = join(content, "out.apkg");
  const lessons = ["one", "two"].map((slug) => `{ slug: ${slug}, title: { en: T, ru: Т } }`).join(", ");
  writeFileSync(join(content, "curriculum.yaml"), `modules: [{ slug: m, title: { en: M, ru: М }, lessons: [${lessons}] }]\n`);
  for (const lang of ["en", "ru"]) {
    mkdirSync(join(content, lang, "m"), { recursive: true });
    for (const lesson of ["two", "one"]) {
      const head = `title: T\ndescription: A sentence that is long enough for a list.\n`;
      writeFileSync(join(content, lang, "m", `${lesson}.mdx`), `---\n${head}---\n`);
      const card = `- slug: ${lesson}-x-${lang}\n  type: reversed\n  front: f\n  back: b\n`;
      writeFileSync(join(content, lang, "m", `${lesson}.cards.yaml`), `lesson: ${lesson}\ncards:\n${card}`);
    }
  }
});
afterEach(() => rmSync(content, { recursive: true }));

async function run(...args: string[]) {
  const said = { out: "", err: "" };
  const terminal = {
    environment: { LANG: "en_US.UTF-8" },
    out: (text: string) => {
      said.out += text;
    },
    err: (text: string) => {
      said.err += text;
    },
  };
  const code = await runCli(["deck", ...args, "--content", content], terminal);
  return { code, ...said };
}

describe("deck list", () => {
  test("lessons in teaching order with their notes and cards", async () => {
    const { code, out } = await run("list", "--lang", "en", "--format", "json");
    expect(code).toBe(0);
    expect(JSON.parse(out)).toEqual({
      lessons: [
        { lesson: "en/m/one", notes: 1, cards: 2, slugs: ["one-x-en"] },
        { lesson: "en/m/two", notes: 1, cards: 2, slugs: ["two-x-en"] },
      ],
      notes: 2,
      cards: 4,
    });
    expect((await run("list")).out).toContain("Notes: 4, cards: 8");
  });

  test("a draft counts only when it is asked for", async () => {
    const page = join(content, "ru/m/two.mdx");
    writeFileSync(page, readFileSync(page, "utf8").replace("title: T", "title: T\ndraft: true"));
    expect((await run("list")).out).toContain("Notes: 2, cards: 4");
    expect((await run("list", "--drafts")).out).toContain("Notes: 4, cards: 8");
    writeFileSync(join(content, "en/m/two.cards.yaml"), "lesson: wrong\n");
    expect((await run("list")).code).toBe(0);
    expect((await run("list", "--drafts")).code).toBe(1);
  });
});

describe("deck export", () => {
  test.each([
    ["en", 0],
    ["ru", 0],
    ["all", 0],
    ["de", 2],
  ])("--lang %s", async (lang, expected) => {
    const { code } = await run("export", "--lang", lang, "--out", out);
    expect(code).toBe(expected);
    if (expected === 0) expect(Object.keys(unzipSync(readFileSync(out)))).toContain("collection.anki2");
  });

  test("says what it wrote, in the deck's language where that is one", async () => {
    expect((await run("export", "--lang", "ru", "--out", out)).out).toContain("заметок — 2, карточек — 4");
    expect(JSON.parse((await run("export", "--lang", "all", "--out", out, "--format", "json")).out)).toEqual({
      file: out,
      notes: 4,
      cards: 8,
    });
  });

  test("a wrong card stops it, with file, line and column", async () => {
    const file = join(content, "en/m/one.cards.yaml");
    writeFileSync(file, readFileSync(file, "utf8").replace("front: f", "frnt: f"));
    const { code, err } = await run("export", "--lang", "en", "--out", out);
    expect(code).toBe(1);
    expect(err).toContain(`${file}:5:3: unknown field frnt`);
    expect(err).toContain("the field front is missing");
  });

  test("a file that cannot be written, an option that makes no sense, a folder without cards", async () => {
    expect((await run("export", "--lang", "en", "--out", join(content, "no/such/folder.apkg"))).code).toBe(1);
    expect((await run("export", "--lang", "en")).code).toBe(2);
    expect((await run("bake")).code).toBe(2);
    expect((await run()).code).toBe(2);
    rmSync(join(content, "en"), { recursive: true });
    rmSync(join(content, "ru"), { recursive: true });
    expect((await run("list")).code).toBe(2);
    rmSync(join(content, "curriculum.yaml"));
    expect((await run("list")).err).toContain("There are no card files under");
  });
});

test("deck stamp records every card once, and a change with its time", async () => {
  expect((await run("stamp")).out).toContain(": 4");
  const record = join(content, "card-revisions.json");
  const first = JSON.parse(readFileSync(record, "utf8"));
  expect((await run("stamp")).out).toContain(": 0");
  expect(JSON.parse(readFileSync(record, "utf8"))).toEqual(first);
  const file = join(content, "en/m/one.cards.yaml");
  cpSync(file, `${file}.old`);
  writeFileSync(file, readFileSync(file, "utf8").replace("back: b", "back: better"));
  expect((await run("stamp")).out).toContain(": 1");
  const second = JSON.parse(readFileSync(record, "utf8"));
  expect(second["one-x-en"][1]).toBeGreaterThan(first["one-x-en"][1]);
  expect({ ...second, "one-x-en": first["one-x-en"] }).toEqual(first);
});
