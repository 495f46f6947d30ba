import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it } from "vitest";
import { lessonSections, sectionFaults } from "../../../src/lessons/claims/section-bindings.ts";

const section = (heading: string, ...blocks: string[]) => `## ${heading}\n\n${blocks.join("\n\n")}\n\n`;
const question = '<Question id="q" ask="A?">\n  <Choice right why="B.">C</Choice>\n</Question>';
const sections = (...texts: string[]) => lessonSections(texts.join(""));
const unbound = (...texts: string[]) =>
  sections(...texts).flatMap(({ heading, isBound, exemption }) => (isBound || exemption ? [] : [heading]));

it("finds what binds a section however deep it stands, and in the section's own words alone", () => {
  expect(
    unbound(
      "<Goals>\n- Learn.\n</Goals>\n\n",
      section("In a table", "| a |\n|---|\n| x <Cite id='f' /> |"),
      section("In a correction", '<Correction note="S1">Said <Cite id="f" />.</Correction>'),
      section("In a part of it", "### Part", '- It took <Measured run="r" value="v" />.'),
      section('In its heading <Cite id="f" />', "The proxy tries again."),
      section("In what the reader runs", '<Experiment id="e" />'),
      section("In nothing", "The proxy tries again.", '<Card slug="c" />', "```yaml\nretries: 3\n```"),
      section("In `code`", '`<Cite id="f" />` is how one cites.'),
    ),
  ).toEqual(["In nothing", "In code"]);
});

it("names the heading's line", () => {
  expect(sections("<Goals>\n- Learn.\n</Goals>\n\n", section("A *b*", "C."), section("D", "E.")).map(({ line }) => line)).toEqual(
    [5, 9],
  );
});

it("asks nothing of questions and of the list of sources, by what they are and not by their title", () => {
  expect(
    unbound(
      section("Quiz", question, question),
      section("End", "<Sources />"),
      section("Check yourself", "A proxy retries twice.", question),
      section("Sources", "A proxy retries twice."),
      section("Empty"),
    ),
  ).toEqual(["Check yourself", "Sources", "Empty"]);
});

it("says which section of which file stands on nothing, and what to do", () => {
  const folder = mkdtempSync(join(tmpdir(), "meshwise-sections-"));
  const file = join(folder, "a.mdx");
  writeFileSync(file, `---\ntitle: T\n---\n\n${section("One", 'Cited <Cite id="f" />.')}${section("Два", "Прокси ждёт.")}`);
  expect(sectionFaults([{ language: "ru", path: "m/a", file }])).toEqual([
    expect.stringMatching(
      /^content\/ru\/m\/a\.mdx:9: the section "Два" stands on nothing: cite the fact .*<Measured \/>.*<Experiment \/>$/,
    ),
  ]);
  rmSync(folder, { recursive: true });
});
