import { describe, expect, test } from "vitest";
import { checkPairs, parseCards } from "#cards";

const path = "en/foundations/why-mesh.cards.yaml";
const sources = new Map([["def-mesh", { title: "Istio: What is Istio?", url: "https://istio.io/x" }]]);

async function parse(text: string, at = path) {
  return parseCards([{ path: at, text }], { sources });
}

/** The expectation stands in the file: `# ^ Code` under the place that is meant. */
async function checkIssues(text: string, at = path) {
  const lines = text.split("\n");
  const expected = lines.flatMap((line, index) => {
    const codes = /^\s*#(\s*)\^ (.+)$/.exec(line)?.[2]?.split(" ") ?? [];
    const before = lines.slice(0, index).findLastIndex((one) => !/^\s*#\s*\^ /.test(one));
    const place = { line: before + 1, column: line.indexOf("^") + 1 };
    return codes.map((code) => ({ code, ...place }));
  });
  const { issues } = await parse(text, at);
  expect(issues.map(({ code, line, column }) => ({ code, line, column }))).toEqual(expected);
}

describe("a right file", () => {
  test("gives its notes in order, with everything Anki needs", async () => {
    const { notes, issues } = await parse(`lesson: why-mesh
cards:
- slug: why-mesh-definition-en
  front: What is a *mesh*?
  back: |
    A layer.

    \`\`\`yaml
    a: 1
    \`\`\`
  source: def-mesh
  tags: [retries, mtls]
- slug: sysdes-054-0-en
  type: cloze
  front: A {{c1::sidecar}} and a {{c3::ztunnel}}
  anki_id: 1769160585274
  anki_guid: "Ab$1"
  synced_at: '2026-01-05T10:00:00.000Z'
`);
    expect(issues).toEqual([]);
    expect(notes.map(({ slug, type }) => [slug, type])).toEqual([
      ["why-mesh-definition-en", "basic"],
      ["sysdes-054-0-en", "cloze"],
    ]);
    expect(notes[0]).toMatchObject({
      lang: "en",
      module: "foundations",
      lesson: "why-mesh",
      frontHtml: "<p>What is a <em>mesh</em>?</p>",
      backHtml: '<p>A layer.</p>\n<pre><code class="language-yaml">a: 1</code></pre>',
      source: { title: "Istio: What is Istio?", url: "https://istio.io/x" },
      tags: ["retries", "mtls"],
    });
    expect(notes[1]).toMatchObject({
      ankiId: 1769160585274,
      ankiGuid: "Ab$1",
      frontHtml: "<p>A {{c1::sidecar}} and a {{c3::ztunnel}}</p>",
    });
  });
});

describe("a wrong file names the place", () => {
  test("fields", () =>
    checkIssues(`lesson: why-mesh
cards:
- slug: a-en
  front: x
  bakc: y
# ^ UnknownField
- front: x
# ^ MissingField
  back: y
- slug: b-en
  type: poster
# ^ WrongValue
  front: x
  back: y
  tags: [two words]
#        ^ WrongValue
`));
  test("slugs and texts", () =>
    checkIssues(`lesson: why-mesh
cards:
- slug: Upper-en
# ^ SlugForm
  front: x
  back: y
- slug: c-ru
# ^ SlugLanguage
  front: x
  back: y
- slug: d-en
  front: "  "
# ^ Empty
  back: "![x](y.png)"
# ^ Markdown
- slug: e-en
  front: x
  back: y
  source: no-such-fact
# ^ UnknownSource
`));
  test("deletions", () =>
    checkIssues(`lesson: why-mesh
cards:
- slug: f-en
  type: cloze
  front: no deletion
# ^ NoCloze
- slug: g-en
  type: cloze
  front: "{{c1::open"
# ^ OpenCloze
- slug: h-en
  front: "{{c1::x}}"
# ^ ClozeInBasic
  back: y
`));
  test("the lesson's name", async () => {
    const { issues } = await parse("lesson: other\ncards: []\n");
    expect(issues).toMatchObject([{ code: "LessonName", line: 1, column: 1, values: { lesson: "why-mesh" } }]);
  });
  test("the file's own name", async () => {
    const { issues } = await parse("lesson: why-mesh\ncards: []\n", "de/foundations/why-mesh.cards.yaml");
    expect(issues).toMatchObject([{ code: "FileName", line: 1 }]);
  });
  test("broken YAML", async () => {
    const { issues, notes } = await parse("lesson: why-mesh\ncards:\n- slug: [a\n  front: x\n");
    expect(notes).toEqual([]);
    expect(issues[0]).toMatchObject({ code: "Yaml", file: path });
    expect(issues[0]!.line).toBeGreaterThanOrEqual(3);
  });
});

const card = (slug: string, type = "basic") =>
  `- slug: ${slug}\n  type: ${type}\n  front: "${type === "cloze" ? "{{c1::x}}" : "x"}"\n  back: y\n`;
const file = (lang: string, lesson: string, ...cards: string[]) => ({
  path: `${lang}/m/${lesson}.cards.yaml`,
  text: `lesson: ${lesson}\ncards:\n${cards.join("")}`,
});

describe("over all files", () => {
  test("a slug is an identity", async () => {
    const files = [file("en", "a", card("x-en"), card("y-en")), file("en", "b", card("y-en"))];
    const { issues } = await parseCards(files, { sources });
    expect(issues).toEqual([{ code: "DuplicateSlug", file: "en/m/b.cards.yaml", line: 3, column: 9, values: { slug: "y-en" } }]);
  });

  test("every card has a twin of its type; drafts need none", async () => {
    const files = [
      file("en", "a", card("both-en"), card("only-en"), card("differs-en", "cloze")),
      file("ru", "a", card("both-ru"), card("differs-ru")),
      file("en", "draft", card("alone-en")),
    ];
    const { notes } = await parseCards(files, { sources });
    const issues = await checkPairs(files, notes, new Set(["draft"]));
    expect(issues.map(({ code, file, line, values }) => [code, file, line, values.slug])).toEqual([
      ["MissingPair", "en/m/a.cards.yaml", 7, "only-en"],
      ["PairType", "en/m/a.cards.yaml", 11, "differs-en"],
      ["PairType", "ru/m/a.cards.yaml", 7, "differs-ru"],
    ]);
  });
});
