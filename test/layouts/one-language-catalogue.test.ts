import { describe, expect, it } from "vitest";
import { languages } from "../../src/i18n/index.ts";
import { oneLanguageCatalogue } from "../../src/layouts/one-language-catalogue.ts";

const plugin = oneLanguageCatalogue();

describe("oneLanguageCatalogue", () => {
  it("stands in for the catalogue in browsers only", () => {
    expect(plugin.applyToEnvironment({ name: "client" })).toBe(true);
    expect(plugin.applyToEnvironment({ name: "ssr" })).toBe(false);
    expect(plugin.load("/site/src/i18n/catalogue.generated.ts?v=1")).toContain("documentElement.lang");
    expect(plugin.load("/site/src/i18n/translator.ts")).toBeUndefined();
  });

  it.each(languages)("gives the texts of %s and of no other language, without those of the command line", (language) => {
    const id = plugin.resolveId(`virtual:meshwise-texts/${language}`) ?? "";
    const code = plugin.load(id) ?? "";
    expect(code).toContain(`/locales/${language}/ui.json`);
    for (const other of languages.filter((name) => name !== language)) expect(code).not.toContain(`/locales/${other}/`);
    expect(code).not.toContain("/cli.json");
  });
});
