/** The contract of every card type: in the registry is enough to be held to it, with the site's own cards of that type. */
import { describe, expect, test } from "vitest";
import {
  ankiFormOf,
  type CardContent,
  type CardType,
  cardTypes,
  exportApkg,
  hidePart,
  importPackage,
  judgeLine,
  judgeOrder,
  judgeTyped,
  mixOrder,
  type Note,
  ordinalsOf,
  plainText,
  repairedConfig,
  sanitiseNote,
} from "#cards";
import { lint } from "#mesh";
import { nowMs, scheduler } from "../apkg-import/package-builder.ts";
import { siteCards } from "./site-cards.ts";

const { notes, issues } = await siteCards();
const ofType = (type: CardType) => notes.filter((note) => note.type === type);
function contentsOf<Type extends CardContent["type"]>(type: Type): [Note, Extract<CardContent, { type: Type }>][] {
  return ofType(type).map((note) => [note, note.content as Extract<CardContent, { type: Type }>]);
}

test("the site's cards are read without an issue", () => expect(issues).toEqual([]));

describe.each(cardTypes)("%s", (type) => {
  test("the site has cards of it in both languages", () => {
    const langs = ofType(type).map(({ lang }) => lang);
    expect(langs.filter((lang) => lang === "en").length).toBeGreaterThanOrEqual(2);
    expect(langs.filter((lang) => lang === "en").length).toBe(langs.filter((lang) => lang === "ru").length);
  });

  test("its static form has two sides that are clean, differ, and say what is asked and what is right", () => {
    for (const note of ofType(type)) {
      expect(plainText(note.frontHtml), note.slug).not.toBe("");
      if (ankiFormOf(type) !== "cloze") expect(plainText(note.backHtml), note.slug).not.toBe("");
      expect(plainText(note.frontHtml)).not.toBe(plainText(note.backHtml));
      expect(sanitiseNote(note), note.slug).toMatchObject({ frontHtml: note.frontHtml, backHtml: note.backHtml });
      expect(note.frontHtml + note.backHtml).not.toMatch(/\$\{|\bNaN\b|>undefined</);
    }
  });

  test("goes to Anki and comes back as it went", async () => {
    const own = ofType(type).filter(({ lang }) => lang === "en");
    const request = { notes: own, schedules: new Map(), log: [], options: scheduler.options, clock: scheduler.clock, nowMs };
    const { bytes, cardCount } = await exportApkg(request);
    expect(cardCount).toBe(own.reduce((sum, note) => sum + ordinalsOf(note).length, 0));
    const back = await importPackage(bytes, { scheduler, nowMs });
    if (!back.ok) throw new Error(back.error.code);
    expect(back.value.notices).toEqual([]);
    const sides = (list: readonly Note[]) => new Map(list.map(({ slug, frontHtml, backHtml }) => [slug, [frontHtml, backHtml]]));
    expect(sides(back.value.notes)).toEqual(sides(own));
  });
});

describe("typed", () => {
  test("every accepted answer is right, whatever its letters' case and spaces", () => {
    for (const [, content] of contentsOf("typed")) {
      for (const one of content.accept) expect(judgeTyped(content, ` ${one.toUpperCase()} `)).toMatchObject({ verdict: "right" });
      expect(judgeTyped(content, "xx")).toMatchObject({ verdict: "wrong", rating: 1 });
    }
  });
  test("a slip in a longer word is almost right, in a number or a flag it is wrong", () => {
    const judge = (accept: string[], given: string) => judgeTyped({ type: "typed", accept, whyHtml: "" }, given).verdict;
    expect(judge(["retryOn"], "retyrOn")).toBe("almost");
    expect(judge(["retryOn"], "retryO")).toBe("almost");
    expect(judge(["retryOn"], "retry")).toBe("wrong");
    expect(judge(["15001"], "15011")).toBe("wrong");
    expect(judge(["UO"], "UF")).toBe("wrong");
    expect(judge(["ещё раз"], "еще  раз.")).toBe("right");
    expect(judge(["2.5"], "2,5")).toBe("right");
  });
});

describe("ordering", () => {
  test("the right order is right, two changed places nearly, more wrong", () => {
    expect(judgeOrder([0, 1, 2, 3])).toEqual({ misplaced: [], rating: 3 });
    expect(judgeOrder([0, 2, 1, 3])).toEqual({ misplaced: [1, 2], rating: 2 });
    expect(judgeOrder([1, 2, 0, 3]).rating).toBe(1);
  });
  test("a mixed order has every item once, is the same for a seed, and never the right one", () => {
    for (let count = 2; count < 8; count++) {
      for (let seed = 0; seed < 40; seed++) {
        const order = mixOrder(count, String(seed));
        expect([...order].sort()).toEqual(Array.from({ length: count }, (_, i) => i));
        expect(order).toEqual(mixOrder(count, String(seed)));
        expect(judgeOrder(order).misplaced.length).toBeGreaterThan(0);
      }
    }
  });
  test("the question's list in the static form does not give the order away", () => {
    for (const [note, { items }] of contentsOf("ordering")) {
      const listed = [...note.frontHtml.matchAll(/<li>(.*?)<\/li>/gs)].map((match) => match[1]);
      expect(new Set(listed)).toEqual(new Set(items));
      expect(listed).not.toEqual(items);
    }
  });
});

describe("spot the bug", () => {
  test("one line is wrong; repaired, the configuration is one that lint has nothing against", () => {
    for (const [note, content] of contentsOf("spot-the-bug")) {
      const files = (text: string) => [{ name: `${note.slug}.yaml`, text }];
      const errors = lint(files(repairedConfig(content))).filter(({ severity }) => severity === "error");
      // A lone document names a Service that lives elsewhere.
      expect(
        errors.filter(({ code }) => code !== "IST0101"),
        note.slug,
      ).toEqual([]);
      expect(judgeLine(content, content.wrong)).toBe(3);
      for (const line of content.lines.keys()) if (line !== content.wrong) expect(judgeLine(content, line)).toBe(1);
      expect(content.lines.join("\n")).not.toBe(repairedConfig(content).trimEnd());
    }
  });
});

describe("a part of a diagram", () => {
  test("is hidden in the picture and in its table, and only it", () => {
    for (const [{ slug, pictures }, { part }] of contentsOf("diagram-part")) {
      const whole = pictures!.back!;
      const hidden = pictures!.front!;
      expect(hidden.svg, slug).not.toBe(whole.svg);
      expect(hidden.svg).toContain(">?</tspan>");
      expect(JSON.stringify(hidden)).not.toContain(JSON.stringify(part).slice(1, -1));
      expect(hidden.edges).toHaveLength(whole.edges.length);
      expect(hidePart(whole, "no such part").svg).toBe(whole.svg);
    }
  });
});
