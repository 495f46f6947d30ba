import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { hashDiagram } from "../../../src/lessons/diagrams/diagram-source.ts";
import { writeDiagram } from "../../../src/lessons/diagrams/diagram-store.ts";
import { rehypeRowHeadings } from "../../../src/lessons/remark/rehype-row-headings.ts";
import { rehypeScrollRegions } from "../../../src/lessons/remark/rehype-scroll-regions.ts";
import { remarkLesson } from "../../../src/lessons/remark/remark-lesson.ts";
import { attributeOf, jsxElement, type TreeNode } from "../../../src/lessons/remark/tree.ts";

let content: string;
const put = (name: string, text: string): void => {
  mkdirSync(dirname(join(content, name)), { recursive: true });
  writeFileSync(join(content, name), text);
};
const fact = (id: string): string =>
  `- { id: ${id}, en: EN ${id}, ru: РУ ${id}, sources: [{ title: T-${id}, url: "https://example.org/" }], version: "1", checked: 2026-01-02, confidence: high }\n`;

beforeEach(() => {
  content = mkdtempSync(join(tmpdir(), "meshwise-remark-"));
  put("facts.yaml", `facts:\n${fact("a")}${fact("b")}`);
  vi.stubEnv("MESHWISE_UNFINISHED", "");
});
afterEach(() => {
  rmSync(content, { recursive: true });
  vi.unstubAllEnvs();
});

const cite = (id: string): TreeNode => ({
  ...jsxElement("Cite", { id }),
  type: "mdxJsxTextElement",
  position: { start: { line: 7 } },
});
const paragraph = (...children: TreeNode[]): TreeNode => ({ type: "paragraph", children });
const text = (value: string): TreeNode => ({ type: "text", value });

function run(root: TreeNode, page = "ru/m/planes.mdx"): TreeNode {
  remarkLesson({ content })(root, { path: join(content, page) });
  return root;
}

describe("remarkLesson", () => {
  it("numbers citations by first mention and lists their facts in the page's language", () => {
    const [first, second, again] = [cite("b"), cite("a"), cite("b")];
    const sources = jsxElement("Sources", {});
    run({ type: "root", children: [paragraph(text("One "), first, second), paragraph(again), sources] });
    expect([first, second, again].map((node) => [attributeOf(node, "number"), attributeOf(node, "occurrence")])).toEqual([
      ["1", "1"],
      ["2", "1"],
      ["1", "2"],
    ]);
    const items = JSON.parse(attributeOf(sources, "items") ?? "[]") as { id: string; statement: string }[];
    expect(items.map((item) => [item.id, item.statement])).toEqual([
      ["b", "РУ b"],
      ["a", "РУ a"],
    ]);
  });

  it("takes away the space an author leaves before a citation", () => {
    const word = text("requests ");
    run({ type: "root", children: [paragraph(word, cite("a")), jsxElement("Sources", {})] });
    expect(word.value).toBe("requests");
  });

  it("stops at an unknown fact, with file and line", () => {
    const root = { type: "root", children: [paragraph(cite("c")), jsxElement("Sources", {})] };
    expect(() => run(root)).toThrow('content/ru/m/planes.mdx:7: <Cite id="c" />');
  });

  it("stops when citations have no list to lead to", () => {
    expect(() => run({ type: "root", children: [paragraph(cite("a"))] })).toThrow("needs one <Sources />");
  });

  it("puts the stored picture in the place of its fence and imports the component for it", () => {
    const source = "flowchart LR\n  A --> B";
    const drawn = { svg: "<svg/>", kind: "flowchart", title: "T", description: "D", edges: [], widthPx: 10, heightPx: 5 };
    writeDiagram(hashDiagram(source), drawn, content);
    const root = run({ type: "root", children: [{ type: "code", lang: "mermaid", value: source }] });
    expect(root.children?.map((node) => node.name ?? node.type)).toEqual([
      "mdxjsEsm",
      "MeshwiseLesson.Diagram",
      "MeshwiseLesson.LessonLinks",
    ]);
    expect(attributeOf(root.children![1]!, "svg")).toBe("<svg/>");
  });

  it("refuses a diagram that was never drawn and names the command", () => {
    const root = {
      type: "root",
      children: [{ type: "code", lang: "mermaid", value: "flowchart LR", position: { start: { line: 3 } } }],
    };
    expect(() => run(root)).toThrow(/planes\.mdx:3: .*npm run diagrams/);
  });

  it("hands an experiment its files and its texts in the page's language", () => {
    put("scenarios/canary/experiment.yaml", "kind: Experiment\n");
    put("scenarios/canary/start.yaml", "kind: VirtualService\n");
    put("ru/scenarios/canary.yaml", "title: Канарейка\n");
    const experiment = jsxElement("Experiment", { id: "canary" });
    run({ type: "root", children: [experiment] });
    expect(JSON.parse(attributeOf(experiment, "files") ?? "")).toEqual([
      { name: "experiment.yaml", text: "kind: Experiment\n" },
      { name: "start.yaml", text: "kind: VirtualService\n" },
    ]);
    expect(JSON.parse(attributeOf(experiment, "texts") ?? "")).toEqual({ title: "Канарейка" });
  });

  it("refuses an experiment whose files are missing", () => {
    expect(() => run({ type: "root", children: [jsxElement("Experiment", { id: "none" })] })).toThrow("content/scenarios/none/");
  });

  it("offers the lesson's cards before the heading of the sources", () => {
    put("ru/m/planes.cards.yaml", "lesson: planes\ncards:\n- { slug: a-ru }\n- { slug: b-ru }\n");
    const heading: TreeNode = { type: "heading", depth: 2, children: [text("Источники")] };
    const root = run({ type: "root", children: [paragraph(text("x")), heading, jsxElement("Sources", {})] });
    expect(root.children?.map((node) => node.name ?? node.type)).toEqual([
      "mdxjsEsm",
      "paragraph",
      "MeshwiseLesson.LessonCards",
      "MeshwiseLesson.LessonLinks",
      "heading",
      "Sources",
    ]);
    expect(attributeOf(root.children![2]!, "count")).toBe("2");
  });

  it("offers the interview's questions about the lesson", () => {
    const entry = { level: "mid", module: "m", facts: ["f"] };
    const questions = [
      { slug: "who-carries", ...entry, lessons: ["planes"] },
      { slug: "another", ...entry, lessons: [] },
    ];
    put("interview.yaml", JSON.stringify({ questions }));
    const rung = { ask: "a", adds: "b" };
    const ladder = { junior: rung, mid: rung, senior: rung, staff: rung };
    const text = (slug: string) => ({ slug, question: `? ${slug}`, spoken: "s", deep: "d", ladder, mistakes: ["1", "2", "3"] });
    put("ru/interview/m.yaml", JSON.stringify(questions.map(({ slug }) => text(slug))));
    const root = run({ type: "root", children: [paragraph({ type: "text", value: "x" })] });
    const offered = root.children?.find((node) => node.name === "MeshwiseLesson.LessonQuestions");
    expect(JSON.parse(attributeOf(offered!, "questions") ?? "")).toEqual([
      { slug: "who-carries", level: "mid", module: "m", question: "? who-carries" },
    ]);
  });

  it("makes the choices of a question one group", () => {
    const choices = [jsxElement("Choice", {}), jsxElement("Choice", {})];
    run({ type: "root", children: [{ ...jsxElement("Question", { id: "q" }), children: [paragraph(...choices)] }] });
    expect(choices.map((choice) => [attributeOf(choice, "question"), attributeOf(choice, "position")])).toEqual([
      ["q", "1"],
      ["q", "2"],
    ]);
  });

  it("marks the first use of a term in each section, and leaves headings, links and code alone", () => {
    put(
      "glossary.yaml",
      "terms:\n- { id: retry, en: { term: retry, text: t }, ru: { term: ретрай, text: Повтор. }, lessons: [l] }\n- { id: span, en: { term: span, text: t }, ru: { term: спан, text: т }, lessons: [l], notIn: [planes] }\n",
    );
    const heading = (): TreeNode => ({ type: "heading", depth: 2, children: [text("Ретраи")] });
    const link: TreeNode = { type: "link", children: [text("ретрай")] };
    const code: TreeNode = { type: "inlineCode", value: "ретрай" };
    const root = run({
      type: "root",
      children: [
        heading(),
        paragraph(link, code, text("Два ретрая, третий ретрай, спан.")),
        heading(),
        paragraph(text("Ретраев нет.")),
      ],
    });
    const [, , first, , second] = root.children ?? [];
    const hints = root.children?.find((node) => node.name === "MeshwiseLesson.TermHints");
    expect(first?.children?.map((node) => [node.name ?? node.type, node.value ?? node.children?.[0]?.value])).toEqual([
      ["link", "ретрай"],
      ["inlineCode", "ретрай"],
      ["text", "Два "],
      ["a", "ретрая"],
      ["text", ", третий ретрай, спан."],
    ]);
    expect(attributeOf(first!.children![3]!, "href")).toBe("/ru/glossary/#retry");
    expect(second?.children?.[1]?.children?.[0]?.value).toBe("Ретраев");
    expect(JSON.parse(attributeOf(hints!, "terms") ?? "")).toEqual([{ id: "retry", term: "ретрай", text: "Повтор." }]);
  });

  it("leads to the museum's exhibits about the lesson's subject", () => {
    const texts = "title: T\nexpected: e\nhappens: h\nwhy: w\nlesson: l\nfix: f\nversions: v\n";
    for (const [id, topic] of [
      ["a", "mtls"],
      ["b", "retries"],
    ]) {
      put(`museum/${id}/exhibit.yaml`, `topic: ${topic}\nissue: { ref: r, title: t, url: "https://example.org/1" }\n`);
      put(`museum/${id}/experiment.yaml`, "kind: Experiment\n");
      for (const language of ["en", "ru"]) put(`${language}/museum/${id}.yaml`, texts);
    }
    const root = run({ type: "root", children: [paragraph(text("x"))] }, "ru/resilience/retry-storms.mdx");
    const links = root.children?.find((node) => node.name === "MeshwiseLesson.LessonLinks");
    expect(JSON.parse(attributeOf(links!, "exhibits") ?? "")).toEqual([{ id: "b", title: "T" }]);
  });

  it("ties a paragraph to the cards whose source it cites", () => {
    put(
      "ru/m/planes.cards.yaml",
      "lesson: planes\ncards:\n- { slug: one-ru, source: a }\n- { slug: two-ru, source: b }\n- { slug: three-ru, source: a }\n",
    );
    const [cited, plain] = [paragraph(text("x"), cite("a")), paragraph(text("y"))];
    const root = run({ type: "root", children: [cited, plain, jsxElement("Sources", {})] });
    expect(cited.data?.hProperties).toEqual({ dataCards: "one-ru three-ru" });
    expect(plain.data).toBeUndefined();
    expect(root.children?.[1]?.name).toBe("MeshwiseLesson.RecallMap");
  });

  it("leaves a file that is no lesson alone", () => {
    const root = { type: "root", children: [paragraph(cite("nobody"))] };
    expect(() => run(root, "notes.md")).not.toThrow();
  });
});

describe("rehypeScrollRegions", () => {
  it("gives each table a named region with a tab stop", () => {
    const table = (): TreeNode => ({ type: "element", tagName: "table", children: [] });
    const heading: TreeNode = { type: "element", tagName: "h2", children: [text("Что остаётся")] };
    const root: TreeNode = {
      type: "root",
      children: [heading, table(), { type: "element", tagName: "div", children: [table()] }],
    };
    rehypeScrollRegions({ content })(root, { path: join(content, "ru/m/planes.mdx") });
    expect(root.children?.[1]?.properties).toMatchObject({ tabIndex: 0, role: "region", ariaLabel: "Таблица: Что остаётся" });
    expect(root.children?.[2]?.children?.[0]?.properties).toMatchObject({ ariaLabel: "Таблица: Что остаётся (2)" });
  });
});

describe("rehypeRowHeadings", () => {
  const cell = (tagName: string, words: string): TreeNode => ({ type: "element", tagName, children: words ? [text(words)] : [] });
  const row = (...children: TreeNode[]): TreeNode => ({ type: "element", tagName: "tr", children });
  const table = (corner: string): TreeNode => ({
    type: "element",
    tagName: "table",
    children: [
      { type: "element", tagName: "thead", children: [row(cell("th", corner), cell("th", "Sidecar"))] },
      { type: "element", tagName: "tbody", children: [row(cell("td", "Memory"), cell("td", "60 MB"))] },
    ],
  });
  const names = (node: TreeNode): (string | undefined)[] =>
    (node.children ?? []).flatMap((part) =>
      (part.children ?? []).flatMap((one) => (one.children ?? []).map(({ tagName }) => tagName)),
    );

  it("takes the first cell of a row for its heading where the corner is empty, and leaves other tables alone", () => {
    const [empty, full] = [table(""), table("Cost")];
    rehypeRowHeadings()({ type: "root", children: [empty, { type: "element", tagName: "div", children: [full] }] });
    expect(names(empty)).toEqual(["td", "th", "th", "td"]);
    expect(empty.children?.[1]?.children?.[0]?.children?.[0]?.properties).toEqual({ scope: "row" });
    expect(names(full)).toEqual(["th", "th", "td", "td"]);
  });
});
