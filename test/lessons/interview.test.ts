import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { stringify } from "yaml";
import { interviewFaults } from "../../src/lessons/checks/interview-faults.ts";

it("the interview bank of the site holds everything its checks ask for", () => {
  expect(interviewFaults()).toEqual([]);
});

describe("interviewFaults", () => {
  let content: string;
  const put = (name: string, value: unknown): void => {
    mkdirSync(dirname(join(content, name)), { recursive: true });
    writeFileSync(join(content, name), stringify(value));
  };
  const rung = { ask: "Why?", adds: "A reason." };
  const text = (over: object = {}) => ({
    slug: "what-is-a-mesh",
    question: "What is a mesh?",
    spoken: "word ".repeat(60),
    deep: "It is so [@f].",
    ladder: { junior: rung, mid: rung, senior: rung, staff: rung },
    mistakes: ["One.", "Two.", "Three."],
    ...over,
  });
  const question = (over: object = {}) => ({
    slug: "what-is-a-mesh",
    level: "junior",
    module: "m",
    exam: ["troubleshooting"],
    lessons: ["planes"],
    cards: ["mesh-definition"],
    levels: ["canary"],
    facts: ["f"],
    ...over,
  });
  const title = { en: "T", ru: "Т" };

  beforeEach(() => {
    content = mkdtempSync(join(tmpdir(), "meshwise-interview-"));
    put("curriculum.yaml", { modules: [{ slug: "m", title, lessons: [{ slug: "planes", title }] }] });
    put("exam-domains.yaml", { domains: [{ id: "troubleshooting", title, weight: 0.2, lessons: ["planes"] }] });
    const sources = [{ title: "T", url: "https://example.org/" }];
    const fact = (id: string) => ({ id, en: "E", ru: "Р", sources, version: "1", checked: "2026-01-02", confidence: "high" });
    put("facts.yaml", { facts: [fact("f"), fact("g")] });
    put("scenarios/canary/experiment.yaml", {});
    put("interview.yaml", { questions: [question()] });
    for (const language of ["en", "ru"]) {
      put(`${language}/m/planes.cards.yaml`, { cards: [{ slug: `mesh-definition-${language}` }] });
      put(`${language}/interview/m.yaml`, [text()]);
    }
  });
  afterEach(() => rmSync(content, { recursive: true }));

  it("finds none in a sound bank", () => {
    expect(interviewFaults(content)).toEqual([]);
  });

  it.each([
    ["lessons", "lesson"],
    ["cards", "card"],
    ["levels", "level"],
    ["facts", "fact"],
    ["exam", "exam domain"],
  ])("names a stranger among %s", (field, name) => {
    put("interview.yaml", { questions: [question({ [field]: ["f", "stranger"] })] });
    expect(interviewFaults(content).join("\n")).toContain(`there is no ${name} "stranger"`);
  });

  it("asks for both languages, and for no text without a question", () => {
    put("ru/interview/m.yaml", [text({ slug: "another" })]);
    expect(interviewFaults(content)).toEqual([
      'content/ru/interview: "what-is-a-mesh" is missing',
      'content/ru/interview: content/interview.yaml does not name "another"',
    ]);
  });

  it("asks for a source behind each cite", () => {
    put("en/interview/m.yaml", [text({ deep: "It is so [@g]." })]);
    expect(interviewFaults(content)).toEqual(['content/en/interview, what-is-a-mesh: there is no fact among its own "g"']);
  });

  it("asks for an answer that fits into half a minute", () => {
    put("en/interview/m.yaml", [text({ spoken: "word ".repeat(200) })]);
    expect(interviewFaults(content)).toEqual(["content/en/interview, what-is-a-mesh: 200 words are not spoken in 30 seconds"]);
  });

  it.each([
    ["two mistakes", { mistakes: ["One.", "Two."] }],
    ["a rung without a question", { ladder: { junior: rung, mid: rung, senior: rung, staff: { adds: "A reason." } } }],
    ["an unknown field", { more: "x" }],
  ])("refuses %s", (_, over) => {
    put("en/interview/m.yaml", [text(over)]);
    expect(() => interviewFaults(content)).toThrow(/interview\/m\.yaml/);
  });
});
