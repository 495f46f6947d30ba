import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { keepAnswered, readAnswered } from "../../../src/ui/progress/kept-progress.ts";
import { quizState } from "../../../src/ui/progress/show-progress.ts";

beforeEach(() => {
  const kept = new Map<string, string>();
  vi.stubGlobal("localStorage", {
    getItem: (key: string) => kept.get(key) ?? null,
    setItem: (key: string, text: string) => kept.set(key, text),
  });
});
afterEach(() => vi.unstubAllGlobals());

test("what was answered is united with what is known: right once is right for good", () => {
  keepAnswered([
    ["m/a#one", false],
    ["m/a#two", true],
  ]);
  keepAnswered([
    ["m/a#one", true],
    ["m/a#two", false],
    ["m/ab#one", false],
  ]);
  expect(readAnswered()).toEqual({ "m/a#one": true, "m/a#two": true, "m/ab#one": false });
  expect(quizState(readAnswered(), "m/a#")).toEqual({ done: 2, right: 2 });
  expect(quizState(readAnswered(), "m/")).toEqual({ done: 3, right: 2 });
});

test.each(["null", "7", "{", ""])("%j in the storage is an empty list", (text) => {
  localStorage.setItem("meshwise-answered", text);
  expect(readAnswered()).toEqual({});
});
