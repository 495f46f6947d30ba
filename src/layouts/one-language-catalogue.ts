/**
 * A browser gets the texts of its page's language only, as one file beside the scripts; Node and the build keep the whole
 * catalogue. A Vite plugin that stands in for catalogue.generated.ts in what is built for the browser.
 */
import { readdirSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { languages } from "#i18n";

const catalogueFile = "/src/i18n/catalogue.generated.ts";
const textsModule = "virtual:meshwise-texts/";
const localesFolder = fileURLToPath(new URL("../i18n/locales/", import.meta.url));

/** Texts of the command line, those that are in the pages already, and those that are loaded apart. */
const namespacesLeftOut = ["cli", "notes", "starlight", "fields", "tools", "glossary"];

/** Loads the page's language before any island runs; a document of another language (a test page) gets all of them. */
const browserCatalogue = `
const load = { ${languages.map((language) => `${language}: () => import("${textsModule}${language}")`).join(", ")} };
const own = globalThis.document?.documentElement.lang ?? "";
const wanted = own in load ? [own] : Object.keys(load);
const loaded = await Promise.all(wanted.map(async (language) => [language, (await load[language]()).default]));
export const catalogue = Object.fromEntries(loaded);
`;

function textsOf(language: string): string {
  const names = readdirSync(`${localesFolder}${language}`)
    .filter((file) => file.endsWith(".json"))
    .map((file) => file.slice(0, -".json".length))
    .filter((name) => !namespacesLeftOut.includes(name));
  const imports = names.map(
    (name, index) => `import n${index} from ${JSON.stringify(`${localesFolder}${language}/${name}.json`)};`,
  );
  return `${imports.join("\n")}\nexport default { ${names.map((name, index) => `${JSON.stringify(name)}: n${index}`).join(", ")} };`;
}

export function oneLanguageCatalogue() {
  return {
    name: "meshwise:one-language-catalogue",
    enforce: "pre" as const,
    applyToEnvironment: (environment: { name: string }): boolean => environment.name === "client",
    resolveId: (id: string): string | undefined => (id.startsWith(textsModule) ? `\0${id}` : undefined),
    load(id: string): string | undefined {
      if (id.startsWith(`\0${textsModule}`)) return textsOf(id.slice(textsModule.length + 1));
      return id.split("?")[0]?.replaceAll("\\", "/").endsWith(catalogueFile) ? browserCatalogue : undefined;
    },
  };
}
