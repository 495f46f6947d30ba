import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it } from "vitest";
import { createTermFinder } from "../../../src/lessons/glossary/find-terms.ts";
import { loadGlossary } from "../../../src/lessons/glossary/glossary.ts";
import { glossaryFaults } from "../../../src/lessons/glossary/glossary-faults.ts";
import { findTerms, readNames } from "../../../src/ui/glossary/find-pasted.ts";
import { textFiles } from "../../support/spelling/words-of-texts.ts";

it("names ids and terms that stand twice, names that are avoided, and lessons that do not exist", () => {
  const content = mkdtempSync(join(tmpdir(), "meshwise-glossary-"));
  writeFileSync(
    join(content, "curriculum.yaml"),
    "modules:\n- { slug: m, title: { en: M, ru: М }, lessons: [{ slug: l, title: { en: L, ru: Л } }] }\n",
  );
  const entry = (id: string, en: string, ru: string, lesson: string, avoid = "") =>
    `- { id: ${id}, en: { term: ${en}, text: t }, ru: { term: ${ru}, avoid: [${avoid}], text: т }, lessons: [${lesson}] }\n`;
  writeFileSync(
    join(content, "glossary.yaml"),
    `terms:\n${entry("a", "x", "икс", "l")}${entry("a", "y", "Икс", "gone")}${entry("b", "z", "зет", "l", "ИКС, зед")}`,
  );
  expect(glossaryFaults(content)).toEqual([
    'content/glossary.yaml: "a" stands there twice',
    'content/glossary.yaml: "икс" names two concepts in ru',
    'content/glossary.yaml: "ИКС" is avoided for b and is a name of a',
    'content/glossary.yaml: a: there is no lesson "gone"',
  ]);
  rmSync(content, { recursive: true });
});

const terms = loadGlossary();
const names = terms.map(({ en, ru }) =>
  readNames([en, ru].flatMap(({ term, also, avoid }) => [term, ...also, ...avoid]).join("|")),
);
const search = (query: string) => [...findTerms(query, names)].map((index) => terms[index]?.id);

it.each([
  ["retry budget", "retry-budget"],
  ["бюджет ретраев", "retry-budget"],
  ["Бюджета ретраев", "retry-budget"],
  ["«лучший из двух»", "power-of-two-choices"],
  ["взаимный TLS", "mtls"],
  ["Spans", "span"],
  ["make before break", "make-before-break"],
  ["Сервис в режиме ambient обходится без сайдкаров.", "ambient-mode"],
])("what somebody pastes finds its term: %s", (query, id) => expect(search(query)).toContain(id));

it("finds every term by each of its names in either language", () => {
  for (const { id, en, ru } of terms)
    for (const name of [en, ru].flatMap(({ term, also }) => [term, ...also])) expect(search(name), name).toContain(id);
});

it.each(["en", "ru"] as const)("our texts in %s use one word for a concept", (language) => {
  const avoided = terms.flatMap((term) =>
    term[language].avoid.map((name) => ({ ...term, [language]: { ...term[language], term: name, also: [] } })),
  );
  const find = createTermFinder(avoided, language);
  const used = textFiles(language)
    .filter(({ file }) => !file.endsWith("glossary.yaml"))
    .flatMap(({ file, texts }) =>
      texts.flatMap((text) => find(text)).map(({ id, words }) => `${file}: "${words}" is ${id} in the glossary`),
    );
  expect(used).toEqual([]);
});

it("finds avoided words in their cases", () => {
  const fault = terms.find(({ id }) => id === "fault-injection")!;
  const find = createTermFinder([{ ...fault, ru: { ...fault.ru, term: fault.ru.avoid[0]!, also: [] } }], "ru");
  expect(find("Проверяем инъекцией сбоев.").map(({ words }) => words)).toEqual(["инъекцией сбоев"]);
});

it("shows everything for an empty search and nothing for what is no term", () => {
  expect(search("  ")).toHaveLength(terms.length);
  expect(search("kitchen")).toEqual([]);
});
