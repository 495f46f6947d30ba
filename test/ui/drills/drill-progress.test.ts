/** What the browser keeps of the drills: the better outcome stays, and neither a strange text nor a closed storage does harm. */
import { expect, test } from "vitest";
import { keepDrillOutcome, readDrillProgress } from "../../../src/ui/drills/drill-progress.ts";

function storage(first: string | null = null) {
  let kept = first;
  return {
    getItem: () => kept,
    setItem: (_: string, text: string) => {
      kept = text;
    },
  };
}

test("outcomes are kept, and one found stays found", () => {
  const place = storage();
  keepDrillOutcome(place, "a", "seen");
  keepDrillOutcome(place, "b", "found");
  keepDrillOutcome(place, "b", "seen");
  expect([...readDrillProgress(place)]).toMatchObject([
    ["a", { outcome: "seen" }],
    ["b", { outcome: "found" }],
  ]);
  keepDrillOutcome(place, "a", "found", 7);
  expect(readDrillProgress(place).get("a")).toEqual({ outcome: "found", atMs: 7 });
});

test.each([["not JSON"], ["null"], ["[1]"], ['{"a":"solved","b":3,"c":"found long ago"}']])("%s counts as nothing", (text) => {
  expect(readDrillProgress(storage(text)).size).toBe(0);
});

test("a storage that refuses is no failure", () => {
  const closed = {
    getItem: (): string | null => {
      throw new Error("denied");
    },
    setItem: () => {
      throw new Error("full");
    },
  };
  expect(() => keepDrillOutcome(closed, "a", "found")).not.toThrow();
  expect(readDrillProgress(closed).size).toBe(0);
  expect(readDrillProgress(undefined).size).toBe(0);
});
