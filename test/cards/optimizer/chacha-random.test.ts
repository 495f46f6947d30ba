/** The same numbers and orders as the crate rand 0.10.4 (with chacha20 0.10.2) gives; measured with a program of theirs. */
import { expect, test } from "vitest";
import { chachaRandom, shuffledOrder } from "../../../src/cards/optimizer/chacha-random.ts";

test("the words of StdRng, over the edges of its blocks", () => {
  const next = chachaRandom(2023);
  const words = Array.from({ length: 70 }, next);
  expect(words.slice(0, 4)).toEqual([735633102, 1016027681, 3247234690, 1683510550]);
  const last = [1832803735, 1681032718, 1491736665, 1061221634, 188899710, 1947435562, 1592847647, 1853106416];
  expect(words.slice(62)).toEqual(last);
});

test("the order of SliceRandom::shuffle, one source for several lists", () => {
  const next = chachaRandom(2023);
  expect([1, 2, 3, 14, 17].map((length) => shuffledOrder(length, next))).toEqual([
    [0],
    [0, 1],
    [1, 2, 0],
    [10, 0, 12, 13, 5, 2, 3, 9, 8, 11, 1, 7, 4, 6],
    [13, 11, 4, 10, 0, 16, 7, 9, 6, 2, 8, 12, 5, 15, 3, 1, 14],
  ]);
});

test("thousands of lists, and one of 70,000, by a sum over all", () => {
  const next = chachaRandom(7);
  let sum = 0;
  // Small enough that nothing is rounded.
  const take = (order: readonly number[]) => {
    for (const place of order) sum = (sum * 31 + place) % 1_000_000_007;
  };
  for (let i = 0; i < 3000; i++) take(shuffledOrder(i % 97, next));
  take(shuffledOrder(70_000, next));
  expect(sum).toBe(383_654_177);
});
