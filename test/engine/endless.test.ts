/** Requests that pile up: the table of calls is looked at when it grows. */
import { expect, test } from "vitest";
import { noteCrowd } from "../../src/engine/endless.ts";
import type { Sim } from "../../src/engine/sim.ts";

function simOf(calls: number): Sim {
  return { calls: { rows: { length: calls } }, clock: { now: 7 }, control: { endless: null } } as unknown as Sim;
}

test("a table of two million calls ends the run, a smaller one does not", () => {
  const small = simOf(2 ** 21 - 1);
  noteCrowd(small);
  expect(small.control.endless).toBeNull();
  const large = simOf(2 ** 21);
  noteCrowd(large);
  expect(large.control.endless).toEqual({ reason: "crowd", limit: 2 ** 21, atMs: 7, circle: [] });
});
