import { join } from "node:path";
import { expect, it } from "vitest";
import { contentFaults, translationFaults } from "../../src/lessons/index.ts";

it("the lessons of the site hold everything their checks ask for", () => {
  expect(contentFaults()).toEqual([]);
});

it("every Russian text says what its English one says now", () => {
  expect(translationFaults(join(process.cwd(), "content"))).toEqual([]);
});
