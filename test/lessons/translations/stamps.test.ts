import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { stampTranslations, translationFaults } from "../../../src/lessons/translations/stamps.ts";
import { lessonSections } from "../../../src/lessons/translations/twins.ts";

let content: string;
const put = (name: string, text: string): void => {
  mkdirSync(dirname(join(content, name)), { recursive: true });
  writeFileSync(join(content, name), text);
};
const page = (...sections: string[]): string => `---\ntitle: T\n---\nopening\n${sections.map((text) => `## ${text}\n`).join("")}`;

beforeEach(() => {
  content = mkdtempSync(join(tmpdir(), "meshwise-translations-"));
  put("en/m/planes.mdx", page("One\nthree retries", "Two\nmore"));
  put("ru/m/planes.mdx", page("Раз\nтри ретрая", "Два\nещё"));
  put("en/m/planes.cards.yaml", "cards:\n- { slug: a-en, front: f }\n- { slug: b-en, front: f }\n");
  put("ru/m/planes.cards.yaml", "cards:\n- { slug: a-ru, front: ф }\n- { slug: b-ru, front: ф }\n");
  put("en/museum/trace.yaml", "why: because\n");
  put("ru/museum/trace.yaml", "why: потому\n");
  put("facts.yaml", "facts:\n- { id: f, en: E, ru: Р }\n");
  stampTranslations(content);
});
afterEach(() => rmSync(content, { recursive: true }));

describe("translationFaults", () => {
  it("finds none when all is stamped, nor when a paragraph is only wrapped anew", () => {
    expect(translationFaults(content)).toEqual([]);
    put("en/m/planes.mdx", page("One\nthree\nretries", "Two\nmore"));
    expect(translationFaults(content)).toEqual([]);
  });

  it("names the section left behind and what to run, and is not stamped away by accident", () => {
    put("en/m/planes.mdx", page("One\nfour retries", "Two\nmore"));
    const faults = translationFaults(content);
    expect(faults).toHaveLength(1);
    expect(faults[0]).toContain('content/ru/m/planes.mdx: "1 One" is stale');
    expect(faults[0]).toContain('npm run translations:stamp -- "m/planes.mdx#1 One"');
    expect(stampTranslations(content).stale.map(({ section }) => section)).toEqual(["1 One"]);
    expect(translationFaults(content)).toEqual(faults);
    stampTranslations(content, ["m/planes.mdx#1 One"]);
    expect(translationFaults(content)).toEqual([]);
  });

  it("lets one command stamp what changed in both languages, or in Russian alone", () => {
    put("en/m/planes.mdx", page("One\nfour retries", "Two\nmore"));
    put("ru/m/planes.mdx", page("Раз\nчетыре ретрая", "Два\nи ещё"));
    expect(translationFaults(content)).toEqual([
      expect.stringContaining('"1 One" changed: run `npm run translations:stamp`'),
      expect.stringContaining('"2 Two" changed'),
    ]);
    expect(stampTranslations(content)).toEqual({ stamped: 2, stale: [] });
    expect(translationFaults(content)).toEqual([]);
  });

  it("looks at cards, facts and texts of one piece alike", () => {
    put("en/m/planes.cards.yaml", "cards:\n- { slug: a-en, front: f }\n- { slug: b-en, front: changed }\n");
    put("en/museum/trace.yaml", "why: for another reason\n");
    put("facts.yaml", "facts:\n- { id: f, en: changed, ru: Р }\n- { id: new, en: N, ru: Н }\n");
    expect(translationFaults(content).map((fault) => fault.split(":").slice(0, 2).join(":"))).toEqual([
      'content/ru/m/planes.cards.yaml: "b" is stale',
      'content/ru/museum/trace.yaml: "text" is stale',
      'content/facts.yaml: "f" is stale',
      'content/facts.yaml: "new" is new',
    ]);
  });

  it("names stamps of what is gone", () => {
    put("en/m/planes.cards.yaml", "cards:\n- { slug: a-en, front: f }\n");
    put("ru/m/planes.cards.yaml", "cards:\n- { slug: a-ru, front: ф }\n");
    expect(translationFaults(content)).toEqual([expect.stringContaining("names pieces of m/planes.cards.yaml that are gone")]);
    stampTranslations(content);
    expect(translationFaults(content)).toEqual([]);
  });
});

describe("lessonSections", () => {
  it("does not take a comment in a code block for a heading", () => {
    const sections = lessonSections("---\ntitle: T\n---\n## One\n```yaml\n## no heading\n```\n## Two\n");
    expect(sections.map(({ title }) => title)).toEqual(["", "One", "Two"]);
  });
});
