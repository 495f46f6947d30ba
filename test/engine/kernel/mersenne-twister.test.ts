/** The generator gives what the C++ standard asks of std::mt19937 ([rand.predef]). */
import { expect, test } from "vitest";
import { mersenneTwister } from "../../../src/engine/kernel/mersenne-twister.ts";

test("the 10000th number of the default seed is the standard's, the first that of the published program", () => {
  const next = mersenneTwister(5489);
  const drawn = Array.from({ length: 10_000 }, next);
  expect(drawn[0]).toBe(3499211612);
  expect(drawn[9999]).toBe(4123659995);
});
