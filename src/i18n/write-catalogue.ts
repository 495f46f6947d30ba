/**
 * Writes catalogue.generated.ts: one static import for each locales/<language>/<namespace>.json, so that the same
 * catalogue (and the type of its keys) works in Node, in the site's build and in the browser. A namespace is added by
 * its JSON files and running this file; a test fails when that was forgotten.
 */
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { languages } from "./locales.ts";

/** Texts of one place that only some readers open: loaded by a function of their own, not by every page. */
const loadedApart: ReadonlySet<string> = new Set(["fields", "tools"]);

const localesFolder = new URL("./locales/", import.meta.url);
const catalogueFile = new URL("./catalogue.generated.ts", import.meta.url);

/** Names of the JSON files of all languages, without extension, sorted. */
function listNamespaces(): string[] {
  const names = languages.flatMap((language) => {
    const folder = new URL(`${language}/`, localesFolder);
    return existsSync(folder) ? readdirSync(folder).filter((file) => file.endsWith(".json")) : [];
  });
  return [...new Set(names.map((file) => file.slice(0, -".json".length)))].filter((name) => !loadedApart.has(name)).sort();
}

/** The text catalogue.generated.ts must have for the JSON files there are now. */
function catalogueSource(): string {
  const namespaces = listNamespaces();
  const identifier = (language: string, namespace: string) =>
    `${language}${namespace.replace(/(^|-)([a-z])/g, (_match, _dash, letter: string) => letter.toUpperCase())}`;
  const imports = languages.flatMap((language) =>
    namespaces.map(
      (namespace) =>
        `import ${identifier(language, namespace)} from "./locales/${language}/${namespace}.json" with { type: "json" };`,
    ),
  );
  const entries = languages.map(
    (language) =>
      `  ${language}: {\n${namespaces.map((namespace) => `    ${JSON.stringify(namespace)}: ${identifier(language, namespace)},\n`).join("")}  },\n`,
  );
  return [
    "// Written by write-catalogue.ts from locales/*/*.json: run `node src/i18n/write-catalogue.ts` after adding a namespace.",
    ...imports,
    "",
    `export const catalogue = {\n${entries.join("")}} as const;`,
    "",
  ].join("\n");
}

export function isCatalogueCurrent(): boolean {
  return existsSync(catalogueFile) && readFileSync(catalogueFile, "utf8") === catalogueSource();
}

if (import.meta.main) writeFileSync(catalogueFile, catalogueSource());
