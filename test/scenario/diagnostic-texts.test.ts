import { readdirSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { createTranslator, languages } from "#i18n";
import { catalogue } from "#mesh";

const folder = new URL("../../src/scenario/", import.meta.url);
const sources = readdirSync(folder, { recursive: true, encoding: "utf8" })
  .filter((name) => name.endsWith(".ts"))
  .map((name) => readFileSync(new URL(name, folder), "utf8"));
/** Without those of the mesh layer that this one only reads. */
const named = new Set(sources.flatMap((source) => source.match(/MESH\d{4}/g) ?? []));
const codes = [...named].filter((code) => !(code in catalogue)).sort();

test("the layer has codes of its own", () => {
  expect(codes.length).toBeGreaterThan(10);
});

test.each(languages)("every code has a text in %s, and no text is left over", (language) => {
  const text = createTranslator(language);
  expect(codes.filter((code) => !text.has(`scenario:${code}`))).toEqual([]);
  const written = JSON.parse(readFileSync(new URL(`../i18n/locales/${language}/scenario.json`, folder), "utf8"));
  expect(Object.keys(written).sort()).toEqual(codes);
});
