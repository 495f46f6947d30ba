/**
 * Bootstraps that the real Envoy was asked about (recorded by `npm run oracle:envoy`): refused by ours exactly where it refuses; and of the
 * same as updates of a running proxy, the same is taken.
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { fieldKindCases, misspeltCases, rightCases } from "../../oracle/envoy-live/field-cases.ts";
import { refusalCases } from "../../oracle/envoy-live/refusal-cases.ts";
import { askOurs, fileOf } from "../../oracle/envoy-live/refusals.ts";
import { notAsked, takenByOurs } from "../../oracle/envoy-live/updates.ts";
import { yamlCases } from "../../oracle/envoy-live/yaml-cases.ts";

const golden = (name: string): Record<string, string> =>
  JSON.parse(readFileSync(join(import.meta.dirname, "../../golden", name), "utf8"));
const real = golden("envoy-refusals.json");
const taken = golden("envoy-updates.json");
const cases = [
  ...[...refusalCases, ...misspeltCases, ...rightCases, ...fieldKindCases].map(fileOf),
  ...yamlCases.map(({ name, text }) => ({ name, file: "envoy.yaml", text })),
];

test("the real Envoy was asked about every case, and takes some of them", () => {
  expect(Object.keys(real)).toEqual(cases.map(({ name }) => name));
  expect(Object.values(real).filter((reason) => reason === "").length).toBeGreaterThan(20);
});

test.each(cases)("$name", (one) => {
  const ours = askOurs(one);
  expect(ours.length > 0, `Envoy: ${real[one.name]}, ours: ${ours.join("; ")}`).toBe(real[one.name] !== "");
});

const asked = [...refusalCases, ...misspeltCases, ...rightCases].filter(({ name }) => !notAsked.has(name));

test("as updates they were asked about too, and Envoy took everything, the sound neighbour, or nothing", () => {
  expect(Object.keys(taken)).toEqual(asked.map(({ name }) => name));
  for (const answer of ["all", "sound", "nothing"])
    expect(Object.values(taken).filter((one) => one === answer).length).toBeGreaterThan(20);
});

test.each(asked)("as an update: $name", (one) => {
  expect(takenByOurs(one)).toBe(taken[one.name]);
});
