import { describe, expect, it } from "vitest";
import { catalogue } from "../../src/i18n/catalogue.generated.ts";
import { createTranslator, formatNumber, isLanguage, localizePath, pickLanguage } from "../../src/i18n/index.ts";
import { catalogueFaults } from "../../src/i18n/parity.ts";
import { isCatalogueCurrent } from "../../src/i18n/write-catalogue.ts";

describe("createTranslator", () => {
  it("answers in the language it was made for", () => {
    expect(createTranslator("en")("ui:nav.sandbox")).toBe("Sandbox");
    expect(createTranslator("ru")("ui:nav.sandbox")).toBe("Песочница");
  });

  it.each([
    [1, "1 урок"],
    [3, "3 урока"],
    [5, "5 уроков"],
    [21, "21 урок"],
  ])("puts %i into the right Russian plural", (count, text) => {
    expect(createTranslator("ru")("ui:learn.lessons", { count })).toBe(text);
  });

  it.each([
    ["integer", "целое число", "integer"],
    ["array", "список", "list"],
    ["object (envoy.config.core.v3.Node)", "объект (envoy.config.core.v3.Node)", "object (envoy.config.core.v3.Node)"],
    ["integer or string", "целое число или строка", "integer or string"],
    ['string ("…")', 'строка ("…")', 'string ("…")'],
    ["quantity (500m, 128Mi)", "количество (500m, 128Mi)", "quantity (500m, 128Mi)"],
    ["uint32", "целое число от 0 (uint32)", "uint32"],
    ["base64", "base64", "base64"],
    ['"integer"', '"integer"', '"integer"'],
  ])("names the type %s in the reader's words where a text asks for it", (type, russian, english) => {
    const values = { expected: type, found: 5 };
    expect(createTranslator("ru")("diagnostics:MESH1102", values)).toBe(`Ожидается ${russian}, а стоит 5.`);
    expect(createTranslator("en")("diagnostics:MESH1102", values)).toBe(`Expected ${english}, found 5.`);
  });

  it("does not escape values: escaping is the renderer's job", () => {
    expect(createTranslator("en")("lesson:diagram.region", { title: "a < b & c" })).toBe("Diagram: a < b & c");
  });

  it("refuses a key that does not exist instead of showing it to the reader", () => {
    const t = createTranslator("ru");
    expect(t.has("ui:no.such.key")).toBe(false);
    expect(t.has("ui:learn.lessons")).toBe(true);
    // @ts-expect-error a key outside the catalogue is also a type error
    expect(() => t("ui:no.such.key")).toThrow("ui:no.such.key");
  });
});

describe("catalogue", () => {
  it("is current: run `node src/i18n/write-catalogue.ts` when this fails", () => {
    expect(isCatalogueCurrent()).toBe(true);
  });

  it("says the same things in every language", () => {
    expect(catalogueFaults(catalogue)).toEqual([]);
  });

  it("names the file and key of every fault", () => {
    const faults = catalogueFaults({
      en: { a: { x: "X {{n}}", only: "y", cards_one: "{{count}} card", cards_other: "{{count}} cards" }, b: { z: "Z" } },
      ru: { a: { x: "X {{m}}", cards_one: "{{count}} карта", cards_other: "{{count}} карт" } },
    });
    const numbers = { done: "Done for {{count}} cards.", label: "Cards: {{count}}. Done", bare: "{{name}} ({{count}})" };
    expect(catalogueFaults({ en: { a: numbers }, ru: { a: { ...numbers, done: "Готово, карточек: {{count}}." } } })).toEqual([
      'src/i18n/locales/en/a.json: "done" needs its plural forms',
    ]);
    expect(faults).toEqual([
      'src/i18n/locales/ru/a.json: no text for "only"',
      'src/i18n/locales/ru/a.json: no text for "cards_few"',
      'src/i18n/locales/ru/a.json: no text for "cards_many"',
      'src/i18n/locales/ru/a.json: "x" has placeholders (m), en has (n)',
      "src/i18n/locales/ru/b.json is missing",
    ]);
  });
});

describe("languages", () => {
  it.each([
    [["ru-BY", "en"], "ru"],
    [["de", "en-GB", "ru"], "en"],
    [["ru_RU.UTF-8"], "ru"],
    [["de"], "en"],
    [[], "en"],
  ] as const)("picks for %j → %s", (wanted, expected) => {
    expect(pickLanguage(wanted)).toBe(expected);
  });

  it("moves a path to another language", () => {
    expect(localizePath("/en/traffic/routing/", "ru")).toBe("/ru/traffic/routing/");
    expect(localizePath("/sandbox/", "en")).toBe("/en/sandbox/");
    expect(localizePath("/", "ru")).toBe("/ru/");
    expect(localizePath("/ru/", "en")).toBe("/en/");
  });

  it("knows a language from a path segment", () => {
    expect([isLanguage("ru"), isLanguage("russia"), isLanguage(undefined)]).toEqual([true, false, false]);
  });

  it("writes a Russian decimal comma", () => {
    expect(formatNumber(0.125, "ru", 3)).toBe("0,125");
    expect(formatNumber(0.125, "en", 3)).toBe("0.125");
  });
});
