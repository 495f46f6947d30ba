import { globSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { catalogue } from "#mesh";
import en from "../../../src/i18n/locales/en/diagnostics.json" with { type: "json" };
import ru from "../../../src/i18n/locales/ru/diagnostics.json" with { type: "json" };
import { analyzers } from "../../../src/mesh/istio/analyzers/index.ts";
import { schemaCodes } from "../../../src/mesh/istio/analyzers/schema-findings.ts";

const texts: Readonly<Record<string, Readonly<Record<string, string>>>> = { en, ru };
const codes = Object.keys(catalogue).sort();
const placeholders = (text: string) => [...text.matchAll(/\{\{(\w+)\}\}/g)].map(([, name]) => name).sort();

test.each(Object.keys(texts))("every code has a text in %s, and no text is left without a code", (language) => {
  expect(Object.keys(texts[language]!).sort()).toEqual(codes);
  expect(Object.values(texts[language]!).filter((text) => text.trim() === "")).toEqual([]);
});

test("both languages name the same parameters", () => {
  const differing = codes.filter((code) => String(placeholders(texts.en![code]!)) !== String(placeholders(texts.ru![code]!)));
  expect(differing).toEqual([]);
});

test("every code the sources write is in the catalogue", () => {
  const files = globSync("src/mesh/{document,resource,schema,istio,gateway-api,kubernetes,envoy}/**/*.ts");
  const written = files.flatMap((file) => readFileSync(file, "utf8").match(/"(?:MESH1\d{3}|IST0\d{3})"/g) ?? []);
  // Codes between the webhook's check and the analyzers' level, never shown.
  const inner = new Set(["MESH1343", "MESH1344", "MESH1345", "MESH1346"]);
  const unknown = written.map((code) => code.slice(1, -1)).filter((code) => !(code in catalogue) && !inner.has(code));
  expect([...new Set(unknown)]).toEqual([]);
  expect(written.length).toBeGreaterThan(100);
});

test("every code of an analyzer is in the catalogue", () => {
  const codesOfAnalyzers = [...schemaCodes, ...Object.values(analyzers).flatMap((each) => each.codes)];
  expect(codesOfAnalyzers.filter((code) => !(code in catalogue))).toEqual([]);
});
