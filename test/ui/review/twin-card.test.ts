import { expect, test } from "vitest";
import { cardHere } from "../../../src/ui/review/twin-card.ts";

test("a card of the lessons is its twin on the page of the other language, an imported one stays itself", () => {
  const here = new Set(["retries-ru", "their-note", "not-translated-en"]);
  const go = (id: string) => cardHere(id, (slug) => here.has(slug));
  expect(go("retries-en#0")).toBe("retries-ru#0");
  expect(go("retries-en#12")).toBe("retries-ru#12");
  expect(go("their-note#1")).toBe("their-note#1");
  expect(go("not-translated-en#0")).toBe("not-translated-en#0");
});
