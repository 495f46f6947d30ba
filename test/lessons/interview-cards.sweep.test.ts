import { expect, test } from "vitest";
import { checkPairs, ordinalsOf, parseCards } from "#cards";
import { cardSurroundings, interviewCardFiles, viewInterviewBank } from "#lessons";
import { questionCard } from "../../src/ui/interview/question-store.ts";
import { fewWhileWorking } from "../support/speed.ts";

test("every question is a card in both languages that comes when it is asked for, without marks of cites", async () => {
  const files = interviewCardFiles();
  const { notes, issues } = await parseCards(files, await cardSurroundings());
  expect([...issues, ...(await checkPairs(files, notes, new Set()))]).toEqual([]);
  const { questions } = await viewInterviewBank("en");
  expect(questions.length).toBeGreaterThan(0);
  expect(notes.filter(({ lang }) => lang === "en").map(({ slug }) => slug)).toEqual(
    expect.arrayContaining(questions.map(({ slug }) => questionCard(slug, "en").slug)),
  );
  for (const note of notes) {
    expect(note.onRequest).toBe(true);
    expect(ordinalsOf(note)).toEqual([0]);
    expect(note.backHtml).not.toContain("[@");
  }
});

test("a cite leads to the source of its number", async () => {
  for (const language of fewWhileWorking(2, ["en", "ru"] as const)) {
    const { questions } = await viewInterviewBank(language);
    for (const { slug, deepHtml, spokenHtml, sources } of questions) {
      expect(deepHtml + spokenHtml).not.toContain("[@");
      for (const [, number] of (deepHtml + spokenHtml).matchAll(new RegExp(`href="#${slug}-source-(\\d+)"`, "g"))) {
        expect(sources.map((source) => source.number)).toContain(Number(number));
      }
    }
  }
});
