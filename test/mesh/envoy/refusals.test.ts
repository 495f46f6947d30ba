/** Bootstraps that the real Envoy was asked about (recorded by `npm run oracle:envoy`): refused by ours exactly where it refuses. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { refusalCases } from "../../oracle/envoy-live/refusal-cases.ts";
import { askOurs, bootstrapOf } from "../../oracle/envoy-live/refusals.ts";

const golden = join(import.meta.dirname, "../../golden/envoy-refusals.json");
const real = JSON.parse(readFileSync(golden, "utf8")) as Record<string, string>;

test("the real Envoy was asked about every case, and takes some of them", () => {
  expect(Object.keys(real)).toEqual(refusalCases.map(({ name }) => name));
  expect(Object.values(real).filter((reason) => reason === "").length).toBeGreaterThan(20);
});

test.each(refusalCases)("$name", (one) => {
  const ours = askOurs(bootstrapOf(one));
  expect(ours.length > 0, `Envoy: ${real[one.name]}, ours: ${ours.join("; ")}`).toBe(real[one.name] !== "");
});
