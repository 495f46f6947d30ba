import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { importPackage } from "#cards";
import { runCli } from "../../src/cli/run-cli.ts";
import { goodPackage, history, log, note, nowMs, scheduler, schedulesOf } from "../cards/apkg-import/package-builder.ts";

let folder: string;
let file: string;
let backup: string;

beforeEach(async () => {
  vi.useFakeTimers({ toFake: ["Date"], now: nowMs });
  folder = mkdtempSync(join(tmpdir(), "meshwise-import-"));
  file = join(folder, "anki.apkg");
  backup = join(folder, "backup.json");
  writeFileSync(file, await goodPackage());
});
afterEach(() => {
  vi.useRealTimers();
  rmSync(folder, { recursive: true });
});

async function run(...args: string[]) {
  const said = { out: "", err: "" };
  const code = await runCli(["deck", ...args], {
    environment: { LANG: "en_US.UTF-8" },
    out: (text) => {
      said.out += text;
    },
    err: (text) => {
      said.err += text;
    },
  });
  return { code, ...said };
}

describe("deck import", () => {
  test("writes a backup; a second file is united with it, the same file adds nothing", async () => {
    const first = await run("import", file, "--out", backup, "--format", "json");
    expect(first.code).toBe(0);
    expect(JSON.parse(first.out)).toEqual({
      file: backup,
      notes: 3,
      cards: 5,
      reviews: log.length,
      added: log.length,
      media: 0,
      notices: [],
    });
    const text = readFileSync(backup, "utf8");
    expect(JSON.parse((await run("import", file, "--out", backup, "--format", "json")).out)).toMatchObject({ added: 0 });
    expect(readFileSync(backup, "utf8")).toBe(text);

    const more = history("why-mesh-other-en", 0, [3, 3]);
    writeFileSync(file, await goodPackage({ notes: [note("why-mesh-other-en")], log: more, schedules: schedulesOf(more) }));
    await run("import", file, "--out", backup);
    expect(JSON.parse(readFileSync(backup, "utf8")).log).toHaveLength(log.length + 2);
  });

  test("a refused file names its cause in both languages and writes nothing", async () => {
    writeFileSync(file, "no package");
    const refused = await run("import", file, "--out", backup);
    expect(refused).toMatchObject({ code: 1, out: "" });
    expect(refused.err).toContain("not a complete Anki package");
    expect((await run("import", file, "--out", backup, "--lang", "ru")).err).toContain("не целый пакет Anki");
    expect(existsSync(backup)).toBe(false);
  });

  test("what is no backup is not overwritten", async () => {
    writeFileSync(backup, "my diary");
    expect((await run("import", file, "--out", backup)).code).toBe(2);
    expect(readFileSync(backup, "utf8")).toBe("my diary");
  });

  test.each([[["import"]], [["import", "x.apkg"]], [["import", "missing.apkg", "--out", "b.json"]]])(
    "%j is a usage fault",
    async (args) => {
      expect((await run(...args)).code).toBe(2);
    },
  );

  test("a package, its backup and an export with that history hold one progress", async () => {
    mkdirSync(join(folder, "content/en/m"), { recursive: true });
    mkdirSync(join(folder, "content/ru/m"), { recursive: true });
    const content = join(folder, "content");
    writeFileSync(
      join(content, "curriculum.yaml"),
      "modules: [{ slug: m, title: { en: M, ru: М }, lessons: [{ slug: one, title: { en: T, ru: Т } }] }]\n",
    );
    for (const lang of ["en", "ru"]) {
      writeFileSync(
        join(content, lang, "m/one.mdx"),
        "---\ntitle: T\ndescription: A sentence that is long enough for a list.\n---\n",
      );
      const card = `- slug: why-mesh-definition-${lang}\n  front: f\n  back: b\n`;
      writeFileSync(join(content, lang, "m/one.cards.yaml"), `lesson: one\ncards:\n${card}`);
    }
    await run("import", file, "--out", backup);
    const out = join(folder, "out.apkg");
    expect((await run("export", "--lang", "all", "--content", content, "--out", out, "--with-history", backup)).err).toBe("");
    const back = await importPackage(readFileSync(out), { scheduler, nowMs });
    if (!back.ok) throw new Error(JSON.stringify(back.error));
    expect(schedulesOf(back.value.log)).toEqual(schedulesOf(log));
    const mine = back.value.notes.find(({ slug }) => slug === "why-mesh-definition-en");
    expect(mine!.frontHtml).toBe("<p>f</p>");
    expect(back.value.notes).toHaveLength(4);
  });
});
