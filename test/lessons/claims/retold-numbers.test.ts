import { expect, it } from "vitest";
import { retoldTexts } from "../../../src/lessons/claims/retold-numbers.ts";

const body = [
  "<Goals>\n- Learn in 11 ms.\n</Goals>\n",
  "## Day 12 s\n\nProse says 13 s.\n",
  '```mermaid\nflowchart LR\n  accTitle: After 14 s\n  accDescr: It takes 15 s in all.\n  A1[try 16 s] -->|17 s| B2["wait 18 s"]:::c19\n  style A1 stroke-width:20px\n```\n',
  "```mermaid\nsequenceDiagram\n  accTitle: T\n  accDescr: D\n  A->>B: after 21 s\n```\n",
  '<Question id="q" ask="Is it 22 s or `23 s`?">\n  <Choice why="24 s is wrong.">25 s</Choice>\n  <Choice right why="26 s.">27 s</Choice>\n</Question>\n',
].join("\n");

it("finds goals, headings, questions, right answers, explanations and the words of diagrams; no prose, code or wrong answer", () => {
  const values = retoldTexts(body, "en").flatMap(({ numbers }) => numbers.map(({ value }) => value));
  expect(values.sort()).toEqual([11, 12, 14, 15, 16, 17, 18, 21, 22, 24, 26, 27]);
});

it("names the line", () => {
  const line = (text: string) => retoldTexts(body, "en").find((one) => one.text.includes(text))?.line;
  const lines = body.split("\n");
  for (const text of ["Learn in 11 ms", "Day 12 s", "Is it 22 s"]) expect(lines[line(text)! - 1]).toContain(text);
});
