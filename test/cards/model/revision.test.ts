import { describe, expect, test } from "vitest";
import { firstEditionS, stampRevisions } from "#cards";
import { changedAtS, contentHash } from "../../../src/cards/model/revision.ts";

const card = { slug: "a-en", front: "x", back: "y", tags: ["one", "two"] };
const edited = { ...card, back: "z" };
const nowS = firstEditionS + 1000;

describe("the time of a card's content", () => {
  test("is the first edition's until it is stamped, whatever the clock says", () => {
    expect(changedAtS(card, {})).toBe(firstEditionS);
    expect(changedAtS(card, stampRevisions([card], {}, nowS))).toBe(firstEditionS);
  });

  test("stays without a change, whenever it is stamped again", () => {
    const once = stampRevisions([card], {}, nowS);
    expect(stampRevisions([card], once, nowS + 5000)).toEqual(once);
    expect(contentHash({ ...card, tags: ["two", "one"] })).toBe(contentHash(card));
  });

  test("grows with a change before it is stamped, and the same at every export", () => {
    const once = stampRevisions([card], {}, nowS);
    expect(changedAtS(edited, once)).toBe(firstEditionS + 1);
    expect(changedAtS(edited, once)).toBe(changedAtS(edited, once));
  });

  test("grows again when stamped, also with a clock in the past, and when the change is taken back", () => {
    let revisions = stampRevisions([card], {}, nowS);
    let last = changedAtS(card, revisions);
    for (const [content, atS] of [
      [edited, nowS],
      [card, nowS - 500_000],
      [edited, nowS - 900_000],
    ] as const) {
      const unstamped = changedAtS(content, revisions);
      expect(unstamped).toBeGreaterThan(last);
      revisions = stampRevisions([content], revisions, atS);
      expect(changedAtS(content, revisions)).toBeGreaterThan(unstamped);
      last = changedAtS(content, revisions);
    }
  });

  test("a removed card keeps its record: when it comes back changed, it is newer", () => {
    const once = stampRevisions([card, { ...card, slug: "b-en" }], {}, nowS);
    expect(Object.keys(stampRevisions([card], once, nowS))).toEqual(["a-en", "b-en"]);
  });
});
