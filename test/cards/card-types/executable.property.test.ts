/**
 * A thousand variants of each executable card are graded right by the engine: who predicts what the formula says is
 * right, who predicts something else is not. `check` and `test` ask fewer, `verify` asks all.
 */
import { describe, expect, test } from "vitest";
import { type ExecutableContent, judgePrediction, type Note, readPrediction, shownText, variantOf } from "#cards";
import { engineGrader } from "#lessons";
import { whileWorking } from "../../support/speed.ts";
import { formulas } from "./executable-formulas.ts";
import { siteCards } from "./site-cards.ts";

const variants = process.env.MESHWISE_SPEED === "verify" ? 1000 : whileWorking(4, 60);

const { notes } = await siteCards();
const executables = notes.filter(
  (note): note is Note & { content: ExecutableContent } => note.content?.type === "executable" && note.lang === "en",
);

test("there are executable cards, and each has its formula", () => {
  expect(executables.length).toBeGreaterThanOrEqual(8);
  expect(executables.map(({ slug }) => slug.replace(/-en$/, "")).sort()).toEqual(Object.keys(formulas).sort());
});

describe.each(executables.map((note) => [note.slug, note] as const))("%s", (slug, { content }) => {
  const expected = formulas[slug.replace(/-en$/, "")]!;

  test(`${variants} variants`, { timeout: 1_800_000 }, async () => {
    for (let reps = 0; reps < variants; reps++) {
      const variant = variantOf(content, `${slug}#0`, reps);
      const run = await engineGrader.run(variant.run);
      const wanted = expected(variant.values);
      const said = JSON.stringify(variant.values);
      expect(judgePrediction(content, run, wanted), `${said} → ${run.value}`).toMatchObject({ verdict: "right", rating: 3 });
      const far = 2 * (content.scenario.tolerance ?? 0) + Math.max(1, wanted * 0.2);
      const { shown } = judgePrediction(content, run, wanted);
      expect(judgePrediction(content, run, shown + far + 0.001)).toMatchObject({ verdict: "wrong", rating: 1 });
    }
  });

  test("other reviews bring other numbers, the same review the same", () => {
    const texts = Array.from({ length: 30 }, (_, reps) => variantOf(content, `${slug}#0`, reps).promptHtml);
    expect(new Set(texts).size).toBeGreaterThan(8);
    expect(variantOf(content, `${slug}#0`, 7)).toEqual(variantOf(content, `${slug}#0`, 7));
    expect(texts.join("")).not.toContain("${");
  });

  test("the same scenario in both languages", () => {
    const twin = notes.find((note) => note.slug === slug.replace(/-en$/, "-ru"))?.content as ExecutableContent;
    expect({ ...twin.scenario, unit: "" }).toEqual({ ...content.scenario, unit: "" });
  });
});

describe("a prediction as people write it", () => {
  test.each([
    ["12", 12],
    [" 12,5 ", 12.5],
    ["30 %", 30],
    ["250ms", 250],
    ["250 мс", 250],
    ["1 200", 1200],
    ["−3", -3],
    ["", undefined],
    ["a lot", undefined],
    ["1.2.3", undefined],
  ])("%s", (text, expected) => expect(readPrediction(text)).toBe(expected));

  test("within the tolerance right, within twice of it near", () => {
    const content = { scenario: { scale: 100, tolerance: 4, unit: "%" } } as ExecutableContent;
    const verdict = (predicted: number) => judgePrediction(content, { value: 0.2 }, predicted);
    expect([verdict(24), verdict(27), verdict(29)].map(({ rating }) => rating)).toEqual([3, 2, 1]);
    expect(shownText(content, verdict(20).shown, "en")).toBe("20 %");
    expect(shownText(content, 5.263, "ru")).toBe("5,26 %");
  });
});
