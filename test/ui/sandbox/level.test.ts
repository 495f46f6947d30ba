import { expect, test } from "vitest";
import { isOwnGoal, levelTextsOf, outcomeTextsOf } from "../../../src/ui/sandbox/level/level.ts";
import { byModule, levelState, nextLevel } from "../../../src/ui/sandbox/level/level-progress.ts";

test("texts are read as written; a missing title is the id; what explains the outcome is apart", () => {
  const texts = { task: "One.\n\nTwo.\n", hints: ["x", 3], explanation: "Because.", predict: "So." };
  expect(levelTextsOf("a", texts)).toEqual({ title: "a", task: ["One.", "Two."], hints: ["x"] });
  expect(outcomeTextsOf(texts)).toEqual({ explanation: ["Because."], predict: ["So."] });
});

const level = (id: string, module: string, par = 2) => ({ id, title: id, summary: "", module, par });
const levels = [level("a", "Traffic"), level("b", "Traffic"), level("c", "Security")];

test("a level is open, solved, or solved within par", () => {
  const fewest = new Map([
    ["b", 3],
    ["c", 2],
  ]);
  expect(levels.map((one) => levelState(one, fewest))).toEqual(["open", "solved", "withinPar"]);
});

test("next is the first open one after it, then the first open one there is, then none", () => {
  expect(nextLevel(levels, "a", new Map([["a", 1]]))?.id).toBe("b");
  expect(nextLevel(levels, "c", new Map([["c", 1]]))?.id).toBe("a");
  expect(nextLevel(levels, "c", new Map(levels.map(({ id }) => [id, 1])))).toBeUndefined();
});

test("modules keep their order and their levels", () => {
  expect(byModule(levels).map(({ module, levels: own }) => [module, own.length])).toEqual([
    ["Traffic", 2],
    ["Security", 1],
  ]);
});

test("the goal is the level's own while its experiment is untouched", () => {
  const start = [
    { name: "start.yaml", text: "mesh" },
    { name: "experiment.yaml", text: "goal" },
  ];
  expect(isOwnGoal(start, [{ name: "start.yaml", text: "other" }, start[1]!])).toBe(true);
  expect(isOwnGoal(start, [start[0]!, { name: "experiment.yaml", text: "easier" }])).toBe(false);
});
