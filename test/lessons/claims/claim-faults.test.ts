import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { claimFaults } from "../../../src/lessons/claims/claim-faults.ts";
import { parseFacts } from "../../../src/lessons/facts.ts";
import { listPages } from "../../../src/lessons/pages.ts";

let content: string;
const put = (name: string, text: string): void => {
  mkdirSync(dirname(join(content, name)), { recursive: true });
  writeFileSync(join(content, name), text);
};
const facts = parseFacts(
  'facts:\n- { id: f, en: "It waits 1,500 ms.", ru: Р, sources: [{ title: T, url: "https://example.org/" }], version: "1", checked: 2026-01-02, confidence: high }\n',
);
const lesson = (prose: string) => `---\ntitle: T\n---\n\n## One\n\n${prose}\n`;
const faults = () => claimFaults(listPages(content), facts, content);

beforeEach(() => {
  content = mkdtempSync(join(tmpdir(), "meshwise-claims-"));
});
afterEach(() => rmSync(content, { recursive: true }));

it("accepts what a fact, the lesson's code or a right equation says, in both languages", () => {
  put("en/m/a.mdx", lesson('It waits 1,500 ms <Cite id="f" />; `timeout: 7s` ends it after 7 s. 3 × 4 = 12.\n\n`3 4`'));
  put("ru/m/a.mdx", lesson('Ждёт 1500 мс <Cite id="f" />; `timeout: 7s` обрывает через 7 с. 3 × 4 = 12.\n\n`3 4`'));
  expect(faults()).toEqual([]);
});

it("refuses a number bound to nothing, with file, line and what to do", () => {
  put("en/m/a.mdx", lesson("It waits 1,500 ms, half of the time 12.5%."));
  expect(faults()).toEqual([
    expect.stringMatching(/^content\/en\/m\/a\.mdx:7: "1,500" stands on nothing: cite a fact .*<Measured \/>.*claims\.yaml/),
    expect.stringMatching(/^content\/en\/m\/a\.mdx:7: "12\.5%"/),
  ]);
});

it("refuses an equation that is wrong", () => {
  put("en/m/a.mdx", lesson("`3 4 13` 3 × 4 = 13."));
  expect(faults()).toEqual(["content/en/m/a.mdx:7: 3 × 4 is not 13"]);
});

it("works out the sums of the list, and names entries that the prose does not say", () => {
  put("en/m/a.mdx", lesson("A team of 34 loses 27 s and 9 s."));
  put("claims.yaml", "lessons:\n  m/a: { example: [34, 35], sums: [[27, 30 - 3], [9, 3 * 4]] }\n");
  expect(faults()).toEqual([
    "content/claims.yaml: lessons, m/a: its texts do not say 35",
    "content/claims.yaml: lessons, m/a: 3 * 4 is 12, not 9",
  ]);
});

it("holds what is told again, in digits and words, to what the prose, facts and code of the lesson say", () => {
  put(
    "en/m/a.mdx",
    lesson(
      'It waits 1,500 ms <Cite id="f" />.\n\n`tries: 3`\n\n<Question id="q" ask="Who waits 1,500 ms for three tries?">\n  <Choice why="Not 7 s.">7 s</Choice>\n  <Choice right why="Ten tries, 3 × 4 = 12 s.">12 s</Choice>\n</Question>',
    ),
  );
  expect(faults()).toEqual([
    expect.stringMatching(/^content\/en\/m\/a\.mdx:12: "7" is said nowhere in the lesson's prose/),
    expect.stringMatching(/^content\/en\/m\/a\.mdx:13: "4" is said nowhere/),
    expect.stringMatching(/^content\/en\/m\/a\.mdx:13: "Ten" is said nowhere/),
    expect.stringMatching(/^content\/en\/m\/a\.mdx:13: "12" is said nowhere/),
  ]);
});

it("refuses a number in words that stands on nothing", () => {
  put("en/m/a.mdx", lesson("It tries again after ten seconds, for two reasons."));
  put("ru/m/a.mdx", lesson("Пробует снова через десять секунд, по двум причинам."));
  expect(faults()).toEqual([
    expect.stringContaining('"ten" stands on nothing'),
    expect.stringContaining('"десять" stands on nothing'),
  ]);
});

it("holds a card to its source, its lesson, its own code and its own sums", () => {
  const card = (front: string, back: string, more = "") =>
    `  - { slug: c-en, type: basic, front: "${front}", back: "${back}", source: f${more} }\n`;
  put("en/m/a.mdx", lesson("It happens `after: 9, 2`."));
  const cards = (...list: string[]) => put("en/m/a.cards.yaml", `lesson: a\ncards:\n${list.join("")}`);
  cards(
    card("Why 1.5 s?", "It waits 1,500 ms, then 9 s; 2 × 1500 = 3,000."),
    card("`x: 8`", "After 8 s."),
    card("?", "7 s", ", config: 'wait: 7s'"),
  );
  expect(faults()).toEqual([
    expect.stringMatching(/^content\/en\/m\/a\.cards\.yaml: c-en: "1\.5" is said neither by its source/),
  ]);
  cards(card("?", "2 × 1500 = 3,500."));
  expect(faults()).toEqual(["content/en/m/a.cards.yaml: c-en: 2 × 1500 is not 3500"]);
});
