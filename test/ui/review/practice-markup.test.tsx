/** What the practice page's parts say to a reader and to a screen reader, in both languages. */
import { renderToStaticMarkup } from "react-dom/server";
import { describe, expect, test } from "vitest";
import { type Answer, type Grader, type Note, newSchedule, noMarks, type Rating } from "#cards";
import { createTranslator, languages } from "#i18n";
import { CardFace } from "../../../src/ui/review/CardFace.tsx";
import { sidesOf } from "../../../src/ui/review/card-sides.ts";
import { EmptyQueue } from "../../../src/ui/review/EmptyQueue.tsx";
import { PracticePage } from "../../../src/ui/review/PracticePage.tsx";
import { RatingButtons } from "../../../src/ui/review/RatingButtons.tsx";

const note: Note = {
  slug: "a-ru",
  lang: "ru",
  type: "reversed",
  lesson: "l",
  module: "m",
  frontHtml: "<p>лицо</p>",
  backHtml: "<p>оборот</p>",
  tags: [],
  changedAtS: 0,
  source: { title: "Istio", url: "https://istio.io/" },
};
const card = (over: Partial<Note>, ord = 0) => ({
  id: "x#0",
  note: { ...note, ...over },
  ord,
  deck: "Meshwise::RU::M",
  schedule: newSchedule(),
  marks: noMarks,
  kind: "new" as const,
});
const t = createTranslator("en");
const grader: Grader = { run: () => Promise.reject(new Error("not asked")) };
const inert = { grader, onJudged: () => undefined };

describe("the sides of a card", () => {
  test("reversed: the second card asks the other way round", () => {
    expect(sidesOf(card({}, 0))).toMatchObject({ question: "<p>лицо</p>", answer: "<p>оборот</p>" });
    expect(sidesOf(card({}, 1))).toMatchObject({ question: "<p>оборот</p>", answer: "<p>лицо</p>" });
  });
  test("cloze: the answer fills the gap and adds the back", () => {
    const sides = sidesOf(card({ type: "cloze", frontHtml: "<p>{{c1::istiod}} x</p>", backHtml: "<p>more</p>" }));
    expect(sides.question).toBe('<p><span class="cloze">[…]</span> x</p>');
    expect(sides.answer).toBe('<p><span class="cloze">istiod</span> x</p><hr><p>more</p>');
  });
});

describe("a card on the page", () => {
  test("the answer is not in the page before it is asked for", () => {
    const before = renderToStaticMarkup(<CardFace t={t} card={card({})} answerShown={false} takesFocus={false} {...inert} />);
    expect(before).toContain("лицо");
    expect(before).not.toContain("оборот");
    expect(before).toContain('lang="ru"');
    const after = renderToStaticMarkup(<CardFace t={t} card={card({})} answerShown={true} takesFocus={false} {...inert} />);
    expect(after).toMatch(/лицо.*оборот/s);
    expect(after).toContain('aria-label="Answer"');
    expect(after).toContain('href="https://istio.io/"');
  });
});

const choices: Record<Rating, Answer> = Object.fromEntries(
  [
    [1, -60],
    [2, -600],
    [3, 4],
    [4, 9],
  ].map(([rating, interval]) => [rating, { interval, after: newSchedule() }]),
) as Record<Rating, Answer>;

test("each rating names its interval", () => {
  const html = renderToStaticMarkup(<RatingButtons t={createTranslator("ru")} choices={choices} onRate={() => undefined} />);
  const text = html.replaceAll(/<[^>]*>/g, " ").replaceAll(/[\s\u00a0]+/g, " ");
  expect(text).toContain("Снова 1 мин , следующий показ через 1 мин");
  expect(text).toContain("Легко 9 дней");
  expect(html.match(/<button/g)).toHaveLength(4);
});

describe("an empty queue always offers something", () => {
  const view = (over: object) => ({ phase: "empty" as const, done: 0, canUndo: false, ...over });
  const queue = {
    cards: [],
    counts: { learning: 0, review: 0, new: 0 },
    newHeldBack: 0,
    reviewsHeldBack: 0,
    overdue: 0,
    total: 5,
  };
  const draw = (over: object) =>
    renderToStaticMarkup(
      <EmptyQueue
        t={t}
        view={view(over)}
        nowMs={0}
        lessonsUrl="/en/learn/"
        onMoreNew={() => undefined}
        onAllLessons={() => undefined}
      />,
    );
  test("more new cards when the limit kept some back", () => {
    expect(draw({ queue: { ...queue, newHeldBack: 25 } })).toContain("Take 10 more new cards today");
    expect(draw({ queue: { ...queue, newHeldBack: 3 } })).toContain("Take 3 more new cards today");
    expect(draw({ queue })).not.toContain("more new cards");
  });
  test("all lessons when one was chosen, the lessons themselves in any case, and when the next card comes", () => {
    expect(draw({ queue, lesson: "x" })).toContain("Practise all lessons");
    expect(draw({ queue })).toContain('href="/en/learn/"');
    expect(draw({ queue: { ...queue, nextDueMs: 5 * 60_000 } })).toContain("The next card comes in 5 minutes.");
    expect(draw({ queue: { ...queue, total: 0 } })).toContain("There are no cards here yet");
  });
});

test.each(languages)("the page says that it is loading before the script runs (%s)", (lang) => {
  const html = renderToStaticMarkup(<PracticePage lang={lang} deckUrl="/x.json" lessonsUrl="/x/" />);
  expect(html).toContain(createTranslator(lang)("cards:loading"));
});

test.each(languages)("every failure of the store has words (%s)", (lang) => {
  const translate = createTranslator(lang);
  for (const code of ["Quota", "Unavailable", "NewerVersion", "Closed", "StaleCard", "NothingToUndo", "Unknown"] as const) {
    expect(translate(`cards:storeFailure.${code}`).length).toBeGreaterThan(15);
  }
});
