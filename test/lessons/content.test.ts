import { expect, it } from "vitest";
import { contentFaults } from "../../src/lessons/index.ts";

it("the lessons of the site hold everything their checks ask for", () => {
  expect(contentFaults()).toEqual([]);
});
