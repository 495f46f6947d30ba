import { describe, expect, it } from "vitest";
import { createTermFinder } from "../../../src/lessons/glossary/find-terms.ts";
import type { GlossaryTerm } from "../../../src/lessons/glossary/glossary.ts";

const term = (id: string, en: string, ru: string): GlossaryTerm => ({
  id,
  en: { term: en, also: [], avoid: [], text: "-" },
  ru: { term: ru, also: [], avoid: [], text: "-" },
  lessons: ["l"],
  notIn: [],
  hint: true,
});
const terms = [
  term("retry", "retry", "ретрай"),
  term("retry-budget", "retry budget", "бюджет ретраев"),
  term("control-plane", "control plane", "плоскость управления"),
  term("sds", "SDS", "SDS"),
  term("destinationrule", "DestinationRule", "DestinationRule"),
];
const found = (language: "en" | "ru", text: string) =>
  createTermFinder(
    terms,
    language,
  )(text).map(({ id, words, start }) => [id, words, text.slice(start, start + words.length)].join(" · "));

describe("createTermFinder", () => {
  it("knows plurals and prefers the longer term", () => {
    expect(found("en", "A retry budget caps retries; control planes do not.")).toEqual([
      "retry-budget · retry budget · retry budget",
      "retry · retries · retries",
      "control-plane · control planes · control planes",
    ]);
  });

  it("knows Russian cases", () => {
    expect(found("ru", "Ретраями управляет не плоскость управления. О плоскости управления — в бюджете ретраев.")).toEqual([
      "retry · Ретраями · Ретраями",
      "control-plane · плоскость управления · плоскость управления",
      "control-plane · плоскости управления · плоскости управления",
      "retry-budget · бюджете ретраев · бюджете ретраев",
    ]);
  });

  it("does not take parts of words or another case of a proper name", () => {
    expect(found("en", "max_retries, retrying, sds, x-retry, AuthSDSX and SDS, DestinationRules")).toEqual([
      "sds · SDS · SDS",
      "destinationrule · DestinationRules · DestinationRules",
    ]);
  });
});
