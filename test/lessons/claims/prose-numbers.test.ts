import { describe, expect, it } from "vitest";
import { numbersIn, proseBlocks } from "../../../src/lessons/claims/prose-numbers.ts";

const said = (text: string, language: "en" | "ru" = "en") => numbersIn(text, language).map(({ text }) => text);

describe("numbersIn", () => {
  it("takes measures, counts and shares for claims, in each language's format", () => {
    expect(said("it got 5,245 tries, 7.1% of them after 250 ms")).toEqual(["5,245", "7.1", "250"]);
    expect(numbersIn("5 245 попыток, 7,1%", "ru")).toMatchObject([{ value: 5245 }, { value: 7.1, isPercent: true }]);
    expect(said("at 200 requests a second")).toEqual(["200"]);
  });

  it.each([
    "since Istio 1.24, and in 1.12.3",
    "note 003",
    "p99, L4, v2, S3 and 5xx",
    "on port 15006, or 8080",
    "it answers 503, then 200",
    "in November 2021, on 3 March",
    "at 14:02",
    "Envoy 1.40 and Linkerd 2.20",
  ])("does not take names, versions, ports, codes and dates for claims: %s", (text) => expect(said(text)).toEqual([]));

  it("knows a count of 200 from the status 200", () => {
    expect(said("отправил 200 запросов и получил 200", "ru")).toEqual(["200"]);
  });
});

describe("proseBlocks", () => {
  const body = [
    "<Goals>\n- Learn 99 things.\n</Goals>\n",
    '## One\n\nIt took 30 ms <Cite id="f" />, `40 ms` in code, <Measured run="r" value="v" /> in a run.\n',
    "| a | b |\n|---|---|\n| 51 ms | 52 ms |\n",
    '<Correction note="S1">Said 60.</Correction>\n',
    '<Question id="q" ask="70?">\n  <Choice right why="80">90</Choice>\n</Question>\n',
    "## Two\n\nAnother 31 ms.\n",
  ].join("\n");

  it("reads paragraphs, rows and corrections, and leaves out goals, questions, code and runs", () => {
    const numbers = proseBlocks(body, "en").map((block) => block.numbers.map(({ value }) => value));
    expect(numbers.filter((list) => list.length > 0)).toEqual([[30], [51, 52], [60], [31]]);
  });

  it("lets a citation stand behind its section, and not behind the next one", () => {
    const cites = proseBlocks(body, "en").map(({ text, cites }) => [text.slice(0, 7), cites.join()]);
    expect(cites).toContainEqual(["Said 60", "f"]);
    expect(cites).toContainEqual(["Another", ""]);
  });
});
