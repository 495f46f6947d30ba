import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { contentFaults } from "../../../src/lessons/checks/content-faults.ts";
import { findDiagrams } from "../../../src/lessons/diagrams/diagram-source.ts";
import { writeDiagram } from "../../../src/lessons/diagrams/diagram-store.ts";

let content: string;
const diagram = "```mermaid\nflowchart LR\n  accTitle: T\n  accDescr: D\n  A --> B\n```\n";
const page = (more = "", head = ""): string =>
  `---\ntitle: Planes\ndescription: Who carries the request and who gives orders.\n${head}---\nimport { Cite, Sources } from "#lesson";\n\n## One <Cite id="f" />\n\n${more}\n<Sources />\n`;
const cards = (...slugs: string[]): string =>
  `lesson: planes\ncards:\n${slugs.map((slug) => `- { slug: ${slug}, front: a, back: b }\n`).join("")}`;

function put(name: string, text: string): void {
  mkdirSync(dirname(join(content, name)), { recursive: true });
  writeFileSync(join(content, name), text);
}

beforeEach(() => {
  content = mkdtempSync(join(tmpdir(), "meshwise-content-"));
  put(
    "curriculum.yaml",
    "modules:\n- { slug: m, title: { en: M, ru: М }, lessons: [{ slug: planes, title: { en: Planes, ru: Planes } }] }\n",
  );
  put(
    "facts.yaml",
    'facts:\n- { id: f, en: E, ru: Р, sources: [{ title: T, url: "https://example.org/" }], version: "1", checked: 2026-01-02, confidence: high }\n',
  );
  for (const language of ["en", "ru"]) {
    put(`${language}/m/planes.mdx`, page());
    put(`${language}/m/planes.cards.yaml`, cards(`a-${language}`, `b-${language}`));
  }
});
afterEach(() => rmSync(content, { recursive: true }));

describe("contentFaults", () => {
  it("finds none in a sound pair of lessons", () => {
    expect(contentFaults(content)).toEqual([]);
  });

  it("misses the other language's page", () => {
    rmSync(join(content, "ru/m/planes.mdx"));
    rmSync(join(content, "ru/m/planes.cards.yaml"));
    expect(contentFaults(content).join("\n")).toContain("content/ru/m/planes.mdx is missing or a draft");
    expect(contentFaults(content).join("\n")).toContain("content/ru/m/planes.cards.yaml is missing");
  });

  it("ignores drafts in one language", () => {
    put("en/m/idea.mdx", page("{broken", "draft: true\n"));
    expect(contentFaults(content)).toEqual([]);
  });

  it("wants a published page in the curriculum", () => {
    for (const language of ["en", "ru"]) put(`${language}/m/other.mdx`, page());
    expect(contentFaults(content)).toContain('content/en/m/other.mdx: content/curriculum.yaml does not name "m/other"');
  });

  it("wants one title for the page and for the sidebar", () => {
    put("ru/m/planes.mdx", page().replace("title: Planes", "title: Плоскости"));
    expect(contentFaults(content)).toEqual([
      'content/ru/m/planes.mdx: its title is "Плоскости", in content/curriculum.yaml it is "Planes"',
    ]);
  });

  it("names a card without its pair, and cards in another order", () => {
    put("ru/m/planes.cards.yaml", cards("a-ru", "c-ru"));
    expect(contentFaults(content)).toEqual(["content/ru/m/planes.cards.yaml: cards missing: b (basic); too many: c (basic)"]);
    put("ru/m/planes.cards.yaml", cards("b-ru", "a-ru"));
    expect(contentFaults(content)).toEqual(["content/ru/m/planes.cards.yaml: the cards stand in another order than in en"]);
  });

  it("names a section that says something and stands on nothing", () => {
    for (const language of ["en", "ru"]) put(`${language}/m/planes.mdx`, page("## Two\n\nA proxy waits.\n\n## Sources\n"));
    expect(contentFaults(content)).toEqual([
      expect.stringMatching(/^content\/en\/m\/planes\.mdx:9: the section "Two" stands on nothing/),
      expect.stringMatching(/^content\/ru\/m\/planes\.mdx:9: the section "Two" stands on nothing/),
    ]);
  });

  it("names the command for a diagram that is not drawn, and for a picture nobody uses", () => {
    for (const language of ["en", "ru"]) put(`${language}/m/planes.mdx`, page(diagram));
    expect(contentFaults(content)[0]).toMatch(/^content\/en\/m\/planes\.mdx:9: .*npm run diagrams/);
    const drawn = { svg: "<svg/>", kind: "flowchart", title: "T", description: "D", edges: [], widthPx: 1, heightPx: 1 };
    writeDiagram(findDiagrams(diagram)[0]?.hash ?? "", drawn, content);
    expect(contentFaults(content)).toEqual([]);
    writeDiagram("0123456789abcdef", drawn, content);
    expect(contentFaults(content)).toEqual([
      "content/diagrams/0123456789abcdef.svg is used by no lesson: run `npm run diagrams`",
    ]);
  });

  it("names an unknown fact and an experiment without files", () => {
    for (const language of ["en", "ru"]) put(`${language}/m/planes.mdx`, page('<Cite id="no" />\n<Experiment id="none" />\n'));
    const faults = contentFaults(content).join("\n");
    expect(faults).toContain('content/en/m/planes.mdx: content/facts.yaml has no fact "no"');
    expect(faults).toContain('content/ru/m/planes.mdx: experiment "none" needs content/scenarios/none/');
  });

  it("reports a damaged file instead of stopping at it", () => {
    put("curriculum.yaml", "modules: []\n");
    put("en/m/planes.mdx", "no head\n");
    const faults = contentFaults(content).join("\n");
    expect(faults).toContain("content/curriculum.yaml");
    expect(faults).toContain("content/en/m/planes.mdx");
  });
});
