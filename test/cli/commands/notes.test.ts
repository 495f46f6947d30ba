import { mkdtemp, readdir, readFile, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { createTranslator } from "#i18n";
import { command } from "../../../src/cli/commands/notes.ts";

async function runNotes(args: string[], language: "en" | "ru" = "en") {
  const output = { out: "", err: "" };
  const io = {
    text: createTranslator(language),
    out: (text: string) => {
      output.out += text;
    },
    err: (text: string) => {
      output.err += text;
    },
  };
  return { code: await command.run(args, io), ...output };
}

async function vault(notes: Record<string, string>): Promise<{ notes: string; out: string }> {
  const folder = await mkdtemp(join(tmpdir(), "notes-"));
  for (const [name, text] of Object.entries(notes)) await writeFile(join(folder, name), text);
  return { notes: folder, out: join(folder, "content") };
}

const note = "---\ntitle: Timeouts\n---\n\n# Timeouts\n\nA timeout covers every try of a call.\n";

test("writes a draft, says what it counted, and does nothing the second time", async () => {
  const { notes, out } = await vault({ "timeouts.md": note });
  const first = await runNotes(["import", join(notes, "timeouts.md"), "--out", out]);
  expect(first).toMatchObject({ code: 0, err: "" });
  expect(first.out).toContain("created  en/notes/timeouts.mdx  (0 headings, 0 tables (0 cells)");
  expect(first.out).toContain("1 note read. Files: 1 created");
  expect(await readFile(join(out, "en", "notes", "timeouts.mdx"), "utf8")).toContain("draft: true");
  const second = await runNotes(["import", join(notes, "timeouts.md"), "--out", out]);
  expect(second.out).toContain("unchanged  en/notes/timeouts.mdx");
});

test("keeps an edited lesson and says so in the reader's language", async () => {
  const { notes, out } = await vault({ "timeouts.md": note });
  await runNotes(["import", notes, "--out", out]);
  const target = join(out, "en", "notes", "timeouts.mdx");
  await writeFile(target, (await readFile(target, "utf8")).replace("every try", "each and every try"));
  const again = await runNotes(["import", join(notes, "timeouts.md"), "--out", out], "ru");
  expect(again.err).toContain("timeouts.md:1: предупреждение: en/notes/timeouts.mdx правили");
  expect(await readFile(target, "utf8")).toContain("each and every try");
});

test("names file and line of a broken note, imports the rest, and fails", async () => {
  const { notes, out } = await vault({ "broken.md": "# A\n\n```yaml\na: 1\n", "fine.md": note });
  const { code, err } = await runNotes(["import", notes, "--out", out]);
  expect(code).toBe(1);
  expect(err).toContain(`${join(notes, "broken.md")}:3: error: A code block opens here`);
  expect(await readdir(join(out, "en", "notes"))).toEqual(["fine.mdx"]);
});

test("JSON goes to standard output alone", async () => {
  const { notes, out } = await vault({ "timeouts.md": note });
  const { out: text, err } = await runNotes(["import", notes, "--out", out, "--format", "json"]);
  expect(err).toBe("");
  expect(JSON.parse(text)).toMatchObject({
    files: [{ path: "en/notes/timeouts.mdx", action: "created", language: "en" }],
    problems: [],
  });
});

test.each([[["export"]], [["import"]], [["import", "no-such-folder"]]])("refuses %j as a usage fault", async (args) => {
  await expect(runNotes(args)).rejects.toThrow();
});
