import { readdirSync, readFileSync } from "node:fs";
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

  const load = (name: string) => plugin.load(plugin.resolveId(`virtual:meshwise-texts/${name}`) ?? "") ?? "";

  it.each(languages)("gives the texts of %s and of no other language, without those of the command line", (language) => {
    const code = load(language) + load(`${language}-others`);
    for (const name of ["ui", "sandbox", "cards"]) expect(code).toContain(`/locales/${language}/${name}.json`);
    for (const other of languages.filter((name) => name !== language)) expect(code).not.toContain(`/locales/${other}/`);
    expect(code).not.toContain("/cli.json");
  });

  it("gives the sandbox what its files name, and nothing of the cards", () => {
    const first = load("en");
    const late = ["tools", "fields"];
    const folder = new URL("../../src/ui/sandbox/", import.meta.url);
    const sources = readdirSync(folder, { recursive: true, encoding: "utf8" })
      .filter((file) => /\.tsx?$/.test(file))
      .map((file) => readFileSync(new URL(file, folder), "utf8"));
    const named = new Set(
      sources.flatMap((source) => [...source.matchAll(/["`]([a-z]+):[a-zA-Z${]/g)].map(([, name = ""]) => name)),
    );
    const namespaces = readdirSync(new URL("../../src/i18n/locales/en/", import.meta.url)).map((file) =>
      file.replace(".json", ""),
    );
    const used = namespaces.filter((name) => named.has(name) && !late.includes(name));
    expect(used).toContain("decisions");
    // Named by a diagnostic's code (diagnostic-words.ts).
    for (const name of [...used, "scenario"]) expect(first).toContain(`/locales/en/${name}.json`);
    expect(first).not.toContain("/cards.json");
  });
});
