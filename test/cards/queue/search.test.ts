import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { cardsOf, localDayClock, type Note, newSchedule, noMarks, parseSearch, type Schedule, type SearchContext } from "#cards";

const nowMs = Date.UTC(2026, 10, 21, 10);
const dayMs = 86_400_000;
const clock = localDayClock(() => 0);

function note(slug: string, over: Partial<Note> = {}): Note {
  const common = { lang: "en", type: "basic", lesson: "retries", module: "resilience", backHtml: "", changedAtS: 0 } as const;
  return { slug, ...common, frontHtml: `<p>${slug}</p>`, tags: [], ...over };
}
const review = (dueInDays: number, over: Partial<Schedule> = {}): Schedule => ({
  ...newSchedule(),
  state: "review",
  dueMs: clock.startOf(clock.dayOf(nowMs) + dueInDays),
  stability: 12,
  difficulty: 6,
  scheduledDays: 15,
  reps: 4,
  lastReviewMs: nowMs - 3 * dayMs,
  ...over,
});

const cards = cardsOf({
  notes: [
    note("timeout-en", {
      frontHtml: "<p>What does a <code>timeout</code> of a route cover?</p>",
      tags: ["resilience", "timeouts"],
    }),
    note("cloze-en", { type: "cloze", frontHtml: "<p>Istio makes {{c1::2}} retries</p>", tags: ["retries"] }),
    note("flag-en", { frontHtml: "<p>http://example and UO: ещё</p>", lesson: "breakers" }),
    note("due-en", { module: "security", lesson: "mtls" }),
    note("late-en"),
    note("gone-en"),
    note("anki-x", { deck: "Other::Sub", lesson: "", module: "" }),
  ],
  schedules: new Map([
    ["due-en#0", review(0, { lapses: 9 })],
    ["late-en#0", review(5)],
    ["gone-en#0", review(-2)],
  ]),
  marks: new Map([
    ["flag-en#0", { ...noMarks, flag: 2 as const, buriedUntilMs: nowMs + 1 }],
    ["gone-en#0", { ...noMarks, suspended: true }],
    ["due-en#0", { ...noMarks, leech: true }],
  ]),
});
const context: SearchContext = {
  nowMs,
  clock,
  retrievability: () => 0.85,
  domains: new Map([["mtls", ["securing-workloads"]]]),
  edited: new Set(["late-en"]),
};

function found(text: string): string[] {
  const parsed = parseSearch(text);
  if (!parsed.ok) throw new Error(`${parsed.error.code} ${parsed.error.term}`);
  return cards.filter((card) => parsed.value(card, context)).map(({ note: { slug } }) => slug);
}

describe("what a search finds", () => {
  test.each<[string, string[]]>([
    ["timeout", ["timeout-en"]],
    ["TIME*cover", ["timeout-en"]],
    ['"of a route"', ["timeout-en"]],
    ['"a of route"', []],
    ["2 retries", ["cloze-en"]],
    ["еще", ["flag-en"]],
    ['"http://example"', ["flag-en"]],
    ["tag:time*", ["timeout-en"]],
    ["tag:time", []],
    ["tag:leech", ["due-en"]],
    ["deck:Meshwise::EN::Security", ["due-en"]],
    ["deck:meshwise lesson:mtls", ["due-en"]],
    ["note:due-en or note:flag-en", ["flag-en", "due-en"]],
    ["deck:Other", ["anki-x"]],
    ['deck:"other::sub"', ["anki-x"]],
    ["domain:securing-workloads", ["due-en"]],
    ["is:due", ["due-en"]],
    ["is:due or is:suspended", ["due-en", "gone-en"]],
    ["is:review -is:due -is:suspended", ["late-en"]],
    ["-(is:new or is:due or is:suspended)", ["late-en"]],
    ["is:buried", ["flag-en"]],
    ["is:leech", ["due-en"]],
    ["is:edited", ["late-en"]],
    ["flag:2", ["flag-en"]],
    ["flag:0 is:new type:cloze", ["cloze-en"]],
    ["prop:lapses>=9", ["due-en"]],
    ["prop:due=5", ["late-en"]],
    ["prop:due<0", ["gone-en"]],
    ["prop:r<0,9 prop:ivl=15", ["due-en", "late-en", "gone-en"]],
    ["rated:4", ["due-en", "late-en", "gone-en"]],
    ["rated:3", []],
  ])("%s", (text, expected) => {
    expect(found(text)).toEqual(expected);
  });
  test("an empty search finds all", () => expect(found("  ")).toHaveLength(cards.length));
});

describe("what cannot be understood is named", () => {
  test.each([
    ["colour:red", "UnknownField", "colour"],
    ["is:nice", "WrongValue", "is:nice"],
    ["flag:9", "WrongValue", "flag:9"],
    ["prop:ivl~3", "WrongValue", "prop:ivl~3"],
    ["(a or b", "OpenBracket", "("],
    ["a)", "ExtraBracket", ")"],
    ['deck:"x', "OpenQuote", '"x'],
    ["a or", "NoTerm", "or"],
    ["a or or b", "NoTerm", "or"],
  ])("%s", (text, code, term) => {
    expect(parseSearch(text)).toEqual({ ok: false, error: { code, term } });
  });
});

test("no text makes the search throw", () => {
  const piece = fc.constantFrom("is:due", "-", "(", ")", '"', "or", "deck:*", "a[b", "prop:s>1", " ", "\\", "tag:", "é");
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 12 }), (pieces) => {
      const parsed = parseSearch(pieces.join(""));
      if (parsed.ok) for (const card of cards) parsed.value(card, context);
    }),
  );
});
