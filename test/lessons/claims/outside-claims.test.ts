/** Numbers of the interview bank, levels, drills and exhibits, held to what stands behind them. */
import { expect, it } from "vitest";
import { judgeOutside } from "../../../src/lessons/claims/outside-claims.ts";
import { type OutsideText, outsideTexts } from "../../../src/lessons/claims/outside-texts.ts";
import { contentFolder } from "../../../src/lessons/content-folder.ts";
import { parseFacts } from "../../../src/lessons/facts.ts";
import { listPages } from "../../../src/lessons/pages.ts";

const facts = parseFacts(
  'facts:\n- { id: f, en: "It waits 1,500 ms in 10% of the cases.", ru: Р, sources: [{ title: T, url: "https://example.org/" }], version: "1", checked: 2026-01-02, confidence: high }\n',
);
const told = new Map([["m/a", new Set([44])]]);
const text = (fields: Record<string, string>, more: Partial<OutsideText> = {}): OutsideText => ({
  room: "questions",
  id: "q",
  language: "en",
  file: "content/en/interview/m.yaml",
  fields: Object.entries(fields),
  code: "",
  facts: [],
  lessons: [],
  levels: [],
  ...more,
});
const faults = (outside: OutsideText, listed: number[] = []) =>
  judgeOutside(
    outside,
    { example: listed, quoted: [], versions: [], sums: [] },
    (lesson) => told.get(lesson) ?? new Set(),
    facts,
    contentFolder,
  ).faults;

it("names a number that nothing says, with file, entry, field and what to do", () => {
  expect(faults(text({ "ladder.mid.adds": "After 44 s, three retries." }))).toEqual([
    expect.stringMatching(
      /^content\/en\/interview\/m\.yaml: q, ladder\.mid\.adds: "44" is said by none of its facts, lessons, levels and documents: name the fact .*claims\.yaml/,
    ),
    expect.stringContaining('"three"'),
  ]);
});

it("accepts what its facts, lessons, levels, documents and own code say, and what the list or a right equation gives", () => {
  const said = text(
    { deep: "1,500 ms, a share of 0.1; 44; 900 ms; 37; 27; 33 × 3 = 99.\n\n```yaml\nattempts: 33\n```\n\n`3` of [@f-1000]" },
    { facts: ["f"], lessons: ["m/a"], levels: ["fit-three-tries"], code: "weight: 37" },
  );
  expect(faults(said, [27])).toEqual([]);
  expect(faults({ ...said, facts: [], lessons: [], levels: [], code: "" })).toHaveLength(6);
});

it("knows a document's durations in the units of a text", () => {
  const said = (words: string) =>
    text({ why: words }, { room: "exhibits", code: "timeout: 900ms\ninterval: 2m\nlife: 12h\nwait: 7s" });
  expect(faults(said("0.9 s, 120 s, 720 minutes, 7,000 ms"))).toEqual([]);
  expect(faults(said("9 s"))).toHaveLength(1);
});

it("lets a mistake of the bank say anything, and not what corrects it", () => {
  expect(faults(text({ "mistakes.0": '"It retries 9 times": it retries 8 times.' }))).toEqual([expect.stringContaining('"8"')]);
  expect(faults(text({ "mistakes.0": "«9 ретраев»: их 8." }, { language: "ru" }))).toEqual([expect.stringContaining('"8"')]);
  expect(faults(text({ spoken: '"It retries 9 times": so people say.' }))).toEqual([expect.stringContaining('"9"')]);
});

it("does not take the numbers of a list, of cites and of addresses for claims", () => {
  expect(faults(text({ deep: "1. One.\n2. Two [@x-90], [page](https://example.org/77).\n 3. Three." }))).toEqual([]);
});

it("reads every question, design task, level, drill and exhibit in both languages", () => {
  const read = outsideTexts(listPages(), contentFolder);
  for (const room of ["questions", "designs", "levels", "drills", "exhibits"] as const) {
    const [en, ru] = (["en", "ru"] as const).map((language) =>
      read.filter((one) => one.room === room && one.language === language),
    );
    expect(en?.length, room).toBeGreaterThan(9);
    expect(ru?.map(({ id }) => id)).toEqual(en?.map(({ id }) => id));
    for (const { id, fields } of [...(en ?? []), ...(ru ?? [])]) expect(fields.length, id).toBeGreaterThan(2);
  }
  const level = read.find(({ id }) => id === "fit-three-tries");
  expect(level).toMatchObject({ lessons: ["resilience/timeouts-retries"] });
  expect(level?.fields.map(([field]) => field)).toContain("nearMiss.near-miss-no-reason.yaml");
  // What stands in its comments is nothing that anybody checks.
  expect(level?.code).toContain("attemptsPerRequest");
  expect(level?.code).not.toContain("975 ms at most");
});
