import { beforeEach, expect, test, vi } from "vitest";
import { type Carrier, createCarrier } from "../../../src/ui/shared/carry/carry.ts";

let nowMs = 0;
let kept: Map<string, string>;

/** One page of a tab: what is in the tab's storage outlives it. */
function page(place: string, storage: "open" | "closed" | "full" = "open"): Carrier {
  return createCarrier({
    storage() {
      if (storage === "closed") throw new DOMException("denied", "SecurityError");
      return {
        getItem: (key) => kept.get(key) ?? null,
        removeItem: (key) => void kept.delete(key),
        setItem(key, text) {
          if (storage === "full") throw new DOMException("full", "QuotaExceededError");
          kept.set(key, text);
        },
      };
    },
    place: () => place,
    nowMs: () => nowMs,
  });
}

function leave(place: string, items: Record<string, unknown>): void {
  const here = page(place);
  for (const [name, item] of Object.entries(items)) here.carry(name, () => item);
  here.depart();
}

beforeEach(() => {
  nowMs = Date.UTC(2026, 10, 30);
  kept = new Map();
});

test("what was packed is there once, under its name, and a reload finds nothing", () => {
  leave("/en/sandbox/?level=a", { run: { at: 12.5 }, tab: "why", none: undefined });
  const there = page("/ru/sandbox/?level=a");
  expect(there.carried("run")).toEqual({ at: 12.5 });
  expect(there.carried("run")).toBeUndefined();
  expect(there.carried("none")).toBeUndefined();
  expect(there.carried("tab")).toBe("why");
  expect(page("/ru/sandbox/?level=a").carried("run")).toBeUndefined();
});

test.each([
  ["another page", "/ru/cards/"],
  ["the page of another level", "/ru/sandbox/?level=b"],
  ["the same page in the same language", "/en/sandbox/?level=a"],
])("nothing crosses to %s, and it is gone afterwards", (_what, place) => {
  leave("/en/sandbox/?level=a", { run: 1 });
  expect(page(place).carried("run")).toBeUndefined();
  expect(page("/ru/sandbox/?level=a").carried("run")).toBeUndefined();
});

test("after a minute it is forgotten, and so is what comes from the future", () => {
  leave("/en/drills/x/", { drill: 1 });
  nowMs += 60_001;
  expect(page("/ru/drills/x/").carried("drill")).toBeUndefined();
  leave("/en/drills/x/", { drill: 1 });
  nowMs -= 1;
  expect(page("/ru/drills/x/").carried("drill")).toBeUndefined();
  leave("/en/drills/x/", { drill: 1 });
  nowMs += 60_000;
  expect(page("/ru/drills/x/").carried("drill")).toBe(1);
});

test("what was not asked for yet travels on; what is packed anew replaces it", () => {
  leave("/en/lesson/", { quiz: "old", experiment: "run" });
  const between = page("/ru/lesson/");
  between.carry("quiz", () => "new");
  between.depart();
  const back = page("/en/lesson/");
  expect(back.carried("experiment")).toBe("run");
  expect(back.carried("quiz")).toBe("new");
});

test("who left says nothing any more; who took over the name is not silenced by it", () => {
  const here = page("/en/a/");
  const leaveFirst = here.carry("face", () => "first");
  const leaveSecond = here.carry("face", () => "second");
  leaveFirst();
  here.carry("other", () => "gone")();
  here.depart();
  const there = page("/ru/a/");
  expect(there.carried("face")).toBe("second");
  expect(there.carried("other")).toBeUndefined();
  leaveSecond();
});

test("a state that cannot be told keeps no other here", () => {
  const told = vi.spyOn(console, "warn").mockImplementation(() => undefined);
  const here = page("/en/a/");
  here.carry("broken", () => {
    throw new Error("no world");
  });
  here.carry("whole", () => 1);
  here.depart();
  expect(page("/ru/a/").carried("whole")).toBe(1);
  expect(told).toHaveBeenCalledOnce();
  told.mockRestore();
});

test.each(["closed", "full"] as const)("with a storage that is %s the page opens as it would have", (storage) => {
  const here = page("/en/a/", storage);
  here.carry("x", () => 1);
  here.depart();
  expect(page("/ru/a/", storage).carried("x")).toBeUndefined();
});

test.each(["null", "[]", "{", '{"format":2,"items":{}}', '{"format":1}'])("%s in its place is no luggage", (text) => {
  kept.set("meshwise.carry", text);
  expect(page("/ru/a/").carried("x")).toBeUndefined();
});
