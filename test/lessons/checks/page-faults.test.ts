import { describe, expect, it } from "vitest";
import { pageFaults, parityFaults } from "../../../src/lessons/checks/page-faults.ts";
import { outlinePage } from "../../../src/lessons/checks/page-outline.ts";

const lesson = `---
title: Planes
description: Who carries the request and who gives orders.
---
import { Goals, Question, Choice, Cite } from "#lesson";

## One

Text with a fact <Cite id="b" /> and another <Cite id="a" />, and the first again <Cite id="b" />.

| a | b |
|---|:-:|
| 1 | 2 |

\`\`\`yaml
# not a heading
import x
\`\`\`

\`\`\`mermaid
%% a comment first
sequenceDiagram
  accTitle: T
  a->>b: x
\`\`\`

### Two

<Question id="q1" ask="Which?">
  <Choice why="the right word > here">A</Choice>
  <Choice right why="yes">B</Choice>
</Question>

<Experiment id="canary" />
<Correction note="S4">wrong</Correction>
`;

describe("outlinePage", () => {
  it("counts what a page consists of and looks into no code", () => {
    expect(outlinePage(lesson)).toMatchObject({
      headingDepths: [2, 3],
      tables: 1,
      diagrams: ["sequenceDiagram"],
      codeBlocks: 1,
      questions: [{ id: "q1", choices: 2, right: [2] }],
      experiments: ["canary"],
      corrections: ["S4"],
      cites: ["a", "b"],
      imports: [{ text: 'import { Goals, Question, Choice, Cite } from "#lesson";', line: 5 }],
    });
  });
});

describe("pageFaults", () => {
  it("finds none in a sound page", () => {
    expect(pageFaults(outlinePage(lesson), "x.mdx")).toEqual([]);
  });

  it.each([
    ["another import", lesson.replace('from "#lesson"', 'from "react"'), "x.mdx:5: the one import"],
    ["an export", lesson.replace("## One", "export const a = 1;\n\n## One"), "x.mdx:7: the one import"],
    ["a default import", lesson.replace("import {", "import Lesson, {"), "x.mdx:5: the one import"],
    ["no right choice", lesson.replace("Choice right", "Choice"), 'x.mdx:29: question "q1" has 0 right choices'],
    ["two right choices", lesson.replace('<Choice why="the', '<Choice right why="the'), 'question "q1" has 2 right choices'],
    [
      "a question twice",
      `${lesson}\n<Question id="q1" ask="?">\n<Choice right why="a">A</Choice>\n<Choice why="b">B</Choice>\n</Question>\n`,
      "stands on the page twice",
    ],
    ["a single choice", lesson.replace('  <Choice why="the right word > here">A</Choice>\n', ""), "needs at least two choices"],
  ])("finds %s", (_what, text, message) => {
    expect(pageFaults(outlinePage(text), "x.mdx").join("\n")).toContain(message);
  });
});

describe("parityFaults", () => {
  it.each([
    ["a heading level", lesson.replace("### Two", "## Two"), "levels of headings"],
    ["a table", lesson.replace(/\|[^\n]*\n/g, ""), "number of tables"],
    ["a diagram's kind", lesson.replace("sequenceDiagram", "flowchart LR"), "diagrams"],
    ["a question", lesson.replace('id="q1"', 'id="q2"'), "questions"],
    [
      "the place of the right choice",
      lesson.replace("<Choice right why", "<Choice why").replace('<Choice why="the', '<Choice right why="the'),
      "choices",
    ],
    ["an experiment", lesson.replace('<Experiment id="canary" />', ""), "experiments"],
    ["a correction", lesson.replace('note="S4"', 'note="S3"'), "corrections"],
    ["a cited fact", lesson.replace('<Cite id="a" />', ""), "cited facts"],
  ])("sees %s that differs", (_what, other, message) => {
    const faults = parityFaults(outlinePage(lesson), outlinePage(other), "en.mdx", "ru.mdx");
    expect(faults[0]).toContain(`ru.mdx: ${message}`);
  });

  it("does not mind other words", () => {
    const other = lesson.replace("## One", "## Один").replace("Text with a fact", "Текст с фактом");
    expect(parityFaults(outlinePage(lesson), outlinePage(other), "en.mdx", "ru.mdx")).toEqual([]);
  });
});
