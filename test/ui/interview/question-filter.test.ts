import { describe, expect, test } from "vitest";
import { type FilteredQuestion, isShown, readFilter, writeFilter } from "../../../src/ui/interview/question-filter.ts";

const question: FilteredQuestion = {
  slug: "retry-risks",
  level: "mid",
  module: "resilience",
  meshes: ["istio"],
  exam: ["traffic-management"],
  text: "What are the risks of retries? They multiply load.",
};
const shown = (address: string, pile: string[] = []) => isShown(question, readFilter(address), new Set(pile));

describe("isShown", () => {
  test.each([
    ["", true],
    ["?level=mid", true],
    ["?level=senior", false],
    ["?module=security", false],
    ["?mesh=istio", true],
    ["?mesh=linkerd", false],
    ["?exam=traffic-management", true],
    ["?exam=troubleshooting", false],
    ["?search=RETRIES+load", true],
    ["?search=retries+ambient", false],
  ])("%s: %s", (address, expected) => {
    expect(shown(address)).toBe(expected);
  });

  test("a question about any mesh fits every mesh", () => {
    expect(isShown({ ...question, meshes: [] }, readFilter("?mesh=linkerd"), new Set())).toBe(true);
  });

  test("the pile", () => {
    expect(shown("?pile")).toBe(false);
    expect(shown("?pile", ["retry-risks"])).toBe(true);
  });
});

test("the address and the filter say the same", () => {
  for (const address of ["", "?level=mid&exam=troubleshooting", "?search=a+b&pile", "?pile"]) {
    expect(writeFilter(readFilter(address))).toBe(address);
  }
  expect(writeFilter(readFilter("?search=+&level=&other=1"))).toBe("");
});
