/**
 * A browser gets the texts of its page's language only, as files beside the scripts: those of the sandbox, and all others. A page that
 * says `data-texts="sandbox"` does without the others. Node and the build keep the whole catalogue. A Vite plugin that stands in for
 * catalogue.generated.ts in what is built for the browser.
 */
import { readdirSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { languages } from "#i18n";

const catalogueFile = "/src/i18n/catalogue.generated.ts";
const textsModule = "virtual:meshwise-texts/";
const localesFolder = fileURLToPath(new URL("../i18n/locales/", import.meta.url));

/** Texts of the command line, those that are in the pages already, and those that are loaded apart. */
const namespacesLeftOut = ["cli", "notes", "starlight", "fields", "tools", "glossary"];

/** All that the sandbox says before one of its tools is opened, and what stands around it. */
const sandboxTexts = ["decisions", "diagnostics", "editing", "faults", "forms", "rollout", "sandbox", "scenario", "ui"];

const parts = { sandbox: "", others: "-others" } as const;

/** Loads the page's language before any island runs; a document of another language (a test page) gets all of them. */
const browserCatalogue = `
const load = { ${languages.map((language) => `${language}: [() => import("${textsModule}${language}${parts.sandbox}"), () => import("${textsModule}${language}${parts.others}")]`).join(", ")} };
const page = globalThis.document;
const own = page?.documentElement.lang ?? "";
const wanted = own in load ? [own] : Object.keys(load);
const count = page?.querySelector("[data-texts=sandbox]") ? 1 : 2;
const texts = async (language) => Object.assign({}, ...(await Promise.all(load[language].slice(0, count).map(async (part) => (await part()).default))));
export const catalogue = Object.fromEntries(await Promise.all(wanted.map(async (language) => [language, await texts(language)])));
`;

/** @param name a language, with `-others` for what the sandbox does without */
function textsOf(name: string): string {
  const others = name.endsWith(parts.others);
  const language = others ? name.slice(0, -parts.others.length) : name;
  const names = readdirSync(`${localesFolder}${language}`)
    .filter((file) => file.endsWith(".json"))
    .map((file) => file.slice(0, -".json".length))
    .filter((namespace) => !namespacesLeftOut.includes(namespace) && sandboxTexts.includes(namespace) !== others);
  const imports = names.map(
    (namespace, index) => `import n${index} from ${JSON.stringify(`${localesFolder}${language}/${namespace}.json`)};`,
  );
  return `${imports.join("\n")}\nexport default { ${names.map((namespace, index) => `${JSON.stringify(namespace)}: n${index}`).join(", ")} };`;
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
