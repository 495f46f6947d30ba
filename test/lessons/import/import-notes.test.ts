import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { compile } from "@mdx-js/mdx";
import fc from "fast-check";
import remarkGfm from "remark-gfm";
import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import { type ImportedFile, importNotes } from "../../../src/lessons/import/import-notes.ts";
import { markdownToMdx } from "../../../src/lessons/import/mdx.ts";

const questionNote = `---
id: net-001
title: Circuit breaker
language_tags: [en, ru]
tags: [resilience, difficulty/easy]
anki_cards:
- slug: net-001-0-en
  language: en
  anki_id: 1700000000001
  synced_at: '2026-02-03T04:05:06.000007'
- slug: net-001-0-ru
  language: ru
  anki_id: 1700000000002
  synced_at: '2026-02-03T04:05:07.000008'
---
# Question (EN)
> When does a breaker open?

# Vopros (RU)
> Когда circuit breaker размыкается?

---

## Answer (EN)

After {n} failures, if n < 5. See [[outlier|outlier detection]] and https://example.org/a.

### Limits

| Limit | Default |
|---|---|
| connections | \`{{ max }}\` |

\`\`\`yaml
host: {{ .Values.host }}
\`\`\`

## Otvet (RU)

После {n} ошибок, если n < 5. См. [[outlier|outlier detection]] и https://example.org/a.

### Пределы

| Предел | По умолчанию |
|---|---|
| соединения | \`{{ max }}\` |

\`\`\`yaml
host: {{ .Values.host }}
\`\`\`

---

## Follow-ups

- What is half-open?
`;

const article = `---
title: Outlier detection
aliases: [outlier, ejection]
tags: [#mesh,#resilience]
---

# Outlier detection

> [!warning] Small pools
> With fewer than 10 hosts nothing is ejected.

import maps are not modules here.

See [[net-001]] and [[nowhere]]. <b>Bold</b> and a comment <!-- hidden --> end.

flowchart LR
  A[Client] --> B[Host]
  B --> C{Ejected?}

After the diagram.
`;

import { whileWorking } from "../../support/speed.ts";

const scraped = `Skip to content
Rate limiting
What it is
A limit on requests per second {per pod}.
How it looks
Client
└── Proxy — counts
Kinds
| Kind | Where |
|---|---|
| local | proxy |
| global | service |
• first point
• second point
-
"Quoted" — point whose text was pushed down.
References
Envoy: https://www.envoyproxy.io/`;

function run(notes: Record<string, string>, existing: Record<string, string> = {}, force = false) {
  const sources = Object.entries(notes).map(([stem, text]) => ({ path: `${stem}.md`, stem, text }));
  return importNotes(sources, { existing: (path) => existing[path], force });
}

function textOf(files: readonly ImportedFile[], path: string): string {
  const file = files.find((candidate) => candidate.path === path);
  expect(file, `${path} among ${files.map((candidate) => candidate.path).join(", ")}`).toBeDefined();
  return file?.text ?? "";
}

function fieldsOf(text: string): Record<string, unknown> {
  return parse(/^---\n([\s\S]*?)\n---/.exec(text)?.[1] ?? "") as Record<string, unknown>;
}

async function compiles(text: string): Promise<void> {
  await compile(text.replace(/^---\n[\s\S]*?\n---\n/, ""), { remarkPlugins: [remarkGfm] });
}

describe("a question/answer note in two languages", () => {
  const { files, problems } = run({ "net-001": questionNote, outlier: article });

  test("becomes a lesson and a card file in each", () => {
    expect(files.filter((file) => file.note === "net-001.md").map((file) => file.path)).toEqual([
      "en/notes/net-001.mdx",
      "en/notes/net-001.cards.yaml",
      "ru/notes/net-001.mdx",
      "ru/notes/net-001.cards.yaml",
    ]);
  });

  test("waits as a draft in both; headings that pair raise no warning", () => {
    expect(fieldsOf(textOf(files, "en/notes/net-001.mdx")).draft).toBe(true);
    expect(fieldsOf(textOf(files, "ru/notes/net-001.mdx")).draft).toBe(true);
    expect(problems.filter((problem) => problem.file === "net-001.md")).toEqual([]);
  });

  test("is told when its headings do not pair", () => {
    const uneven = run({ uneven: questionNote.replace("### Пределы", "Пределы") });
    expect(uneven.problems).toContainEqual(expect.objectContaining({ severity: "warning", code: "structureDiffers" }));
  });

  test("keeps the author's identity of the cards", () => {
    const { cards } = parse(textOf(files, "ru/notes/net-001.cards.yaml")) as { cards: Record<string, unknown>[] };
    expect(cards).toHaveLength(1);
    expect(cards[0]).toMatchObject({
      slug: "net-001-0-ru",
      anki_id: 1700000000002,
      synced_at: "2026-02-03T04:05:07.000008",
      front: "Когда circuit breaker размыкается?",
    });
    expect(String(cards[0]?.back)).toContain("После {n} ошибок");
  });

  test("counts the same on the way in and out", () => {
    const lesson = files.find((file) => file.path === "en/notes/net-001.mdx");
    expect(lesson?.before).toEqual({ headings: 4, tables: 1, tableCells: 4, codeBlocks: 1, diagrams: 0, links: 2 });
    expect(lesson?.after).toEqual(lesson?.before);
  });

  test("links to another note by its alias", () => {
    expect(textOf(files, "en/notes/net-001.mdx")).toContain("[outlier detection](/en/notes/outlier/)");
  });

  test("compiles as MDX, braces and all", async () => {
    for (const file of files.filter((candidate) => candidate.path.endsWith(".mdx"))) await compiles(file.text);
    expect(textOf(files, "en/notes/net-001.mdx")).toContain("host: {{ .Values.host }}");
  });
});

describe("an article in one language", () => {
  const { files, problems } = run({ outlier: article, "net-001": questionNote });
  const text = textOf(files, "en/notes/outlier.mdx");

  test("writes that language only, as a draft", () => {
    expect(files.filter((file) => file.note === "outlier.md").map((file) => file.path)).toEqual(["en/notes/outlier.mdx"]);
    expect(fieldsOf(text).draft).toBe(true);
  });

  test("has its damaged tags recovered, with a warning at their line", () => {
    expect((fieldsOf(text).note as Record<string, unknown>).tags).toEqual(["mesh", "resilience"]);
    expect(problems).toContainEqual({
      severity: "warning",
      code: "frontmatterRecovered",
      params: { field: "tags" },
      file: "outlier.md",
      line: 4,
    });
  });

  test("gets a fence around its loose diagram", () => {
    expect(text).toContain("```mermaid\nflowchart LR\n  A[Client] --> B[Host]\n  B --> C{Ejected?}\n```");
    expect(text).toContain("After the diagram.");
  });

  test("keeps callouts, HTML as text, and words that look like imports", async () => {
    expect(text).toContain("> **Warning: Small pools**");
    expect(text).not.toContain("hidden");
    expect(text).toContain("\\<b>Bold\\</b>");
    await compiles(text);
  });

  test("names the links it could not resolve, with their line", () => {
    expect(problems.filter((problem) => problem.code === "linkUnresolved")).toEqual([
      { severity: "warning", code: "linkUnresolved", params: { target: "nowhere" }, file: "outlier.md", line: 14 },
    ]);
  });
});

describe("scraped plain text", () => {
  const { files } = run({ limits: scraped });
  const text = textOf(files, "en/notes/limits.mdx");

  test("gets its title, headings, tree, table and bullets back", async () => {
    expect(fieldsOf(text).title).toBe("Rate limiting");
    expect(text.match(/^## .*/gm)).toEqual(["## What it is", "## How it looks", "## Kinds", "## References"]);
    expect(text).toContain("```text\nClient\n└── Proxy — counts\n```");
    expect(text).toMatch(/\| global\s+\| service\s+\|/);
    expect(text).toContain("- first point");
    expect(text).toContain('- "Quoted" — point whose text was pushed down.');
    expect(text).not.toContain("Skip to content");
    await compiles(text);
  });
});

describe("what is never lost", () => {
  const first = run({ limits: scraped }).files[0] as ImportedFile;

  test("an unchanged file is left alone", () => {
    expect(run({ limits: scraped }, { [first.path]: first.text }).files[0]?.action).toBe("unchanged");
  });

  test("a file nobody edited follows its note", () => {
    expect(run({ limits: `${scraped}\nMore: https://a.example/` }, { [first.path]: first.text }).files[0]?.action).toBe(
      "updated",
    );
  });

  test("an edited file is kept unless forced, and the reader is told", () => {
    const edited = first.text.replace("A limit", "A hand-written limit");
    const { files, problems } = run({ limits: scraped }, { [first.path]: edited });
    expect(files[0]).toMatchObject({ action: "kept", text: edited });
    expect(problems).toContainEqual(expect.objectContaining({ code: "editedKept", params: { path: first.path } }));
    expect(run({ limits: scraped }, { [first.path]: edited }, true).files[0]?.action).toBe("updated");
  });
});

describe("a broken note is refused with its place, and the others go on", () => {
  test.each([
    ["an open fence", "# T\n\ntext\n\n```yaml\na: 1\n", "fenceOpen", 5],
    ["an open frontmatter", "---\ntitle: x\n\ntext\n", "frontmatterOpen", 1],
    ["nothing at all", "  \n", "empty", 1],
    ["frontmatter alone", "---\ntitle: x\n---\n", "empty", 4],
    ["a binary", "one\ntwo\u0000\n", "notText", 2],
    ["a question without its answer", "# Question (EN)\n> Why?\n", "answerMissing", 1],
  ])("%s", (_, text, code, line) => {
    const { files, problems } = run({ broken: text, fine: scraped });
    expect(problems.filter((problem) => problem.severity === "error")).toEqual([
      expect.objectContaining({ severity: "error", code, file: "broken.md", line }),
    ]);
    expect(files.map((file) => file.note)).toEqual(["fine.md"]);
  });

  test("two notes with one card", () => {
    const { files, problems } = run({ one: questionNote, two: questionNote });
    expect(problems.filter((problem) => problem.code === "slugTaken")).toEqual([expect.objectContaining({ file: "two.md" })]);
    expect(new Set(files.map((file) => file.note))).toEqual(new Set(["one.md"]));
  });

  test("a field that cannot be read at all is kept as text", () => {
    const { files, problems } = run({ odd: `---\ntitle: Odd\nbad: [a, {b\n---\n\nText.\n` });
    expect(problems).toContainEqual(
      expect.objectContaining({ code: "frontmatterUnreadable", params: { field: "bad" }, line: 3 }),
    );
    expect(fieldsOf(textOf(files, "en/notes/odd.mdx")).note).toMatchObject({ bad: "[a, {b" });
  });
});

test("any text becomes MDX that compiles", async () => {
  const piece = fc.oneof(
    fc.string(),
    fc.constantFrom(
      "{x}",
      "<a",
      "</b>",
      "import a",
      "export {",
      "`{`",
      "| a | b |\n|-|-|\n| { | < |",
      "\n\n",
      "<!-- c -->",
      "<br>",
      "[[x]]",
      "> q",
      "    code",
    ),
  );
  await fc.assert(
    fc.asyncProperty(fc.array(piece, { maxLength: 12 }), async (pieces) => {
      await compiles(markdownToMdx(pieces.join("\n"), () => undefined));
    }),
    { numRuns: whileWorking(30, 150) },
  );
});

const notes = process.env.MESHWISE_NOTES ?? join("..", "shared", "notes");
test.runIf(existsSync(notes))("the author's own notes import whole", async () => {
  const sources = readdirSync(notes).map((name) => ({
    path: name,
    stem: name.replace(/\.[^.]+$/, ""),
    text: readFileSync(join(notes, name), "utf8"),
  }));
  const { files, problems } = importNotes(sources, { existing: () => undefined, force: false });
  expect(problems.filter((problem) => problem.severity === "error")).toEqual([]);
  expect(new Set(files.map((file) => file.note)).size).toBe(sources.length);
  for (const file of files.filter((candidate) => candidate.path.endsWith(".mdx"))) {
    expect(file.after).toEqual(file.before);
    await compiles(file.text);
  }
  expect(files.reduce((sum, file) => sum + (file.after?.diagrams ?? 0), 0)).toBe(3);
  expect(files.reduce((sum, file) => sum + (file.after?.tableCells ?? 0), 0)).toBe(120);
});
