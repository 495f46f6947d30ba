/**
 * What card files refer to, from the content folder and the engine: facts, revisions, drawn diagrams, and a grader that
 * runs the scenarios of executable cards. The site's build and the command line read cards with the same.
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { type CardRevisions, type CardSurroundings, type DiagramSource, type Grader, readCardSources, traceLength } from "#cards";
import { createTranslator } from "#i18n";
import { loadEnvoyDialect } from "#mesh";
import { measureScenario } from "#scenario";
import { contentFolder } from "./content-folder.ts";
import { readDiagram, storedHashes } from "./diagrams/diagram-store.ts";

/** The engine in place; throws for a scenario that does not run, with what the linter said. */
export const engineGrader: Grader = {
  run({ files, seed }) {
    const run = measureScenario(files, seed, traceLength);
    if (!run.ok) {
      const said = run.diagnostics.map(({ code, path, line }) => `${code} ${path} (line ${line})`).join("; ");
      throw new Error(`a card's scenario does not run: ${said || "its metric has no value"}\n${files[0]?.text}`);
    }
    return { value: run.value, requests: run.requests.map(({ requestId: _id, traffic: _traffic, ...request }) => request) };
  },
};

/** @throws when content/facts.yaml is there and is not what the lessons' own reader would accept. */
export async function cardSurroundings(folder: string = contentFolder): Promise<CardSurroundings> {
  await loadEnvoyDialect();
  const facts = textOf(join(folder, "facts.yaml"));
  const revisions = textOf(join(folder, "card-revisions.json"));
  return {
    revisions: revisions === undefined ? undefined : (JSON.parse(revisions) as CardRevisions),
    sources: facts === undefined ? undefined : await readCardSources(facts),
    diagrams: diagramsByTitle(folder),
    grader: engineGrader,
    words: (lang, key) => createTranslator(lang)(`practice:form.${key}`),
  };
}

function diagramsByTitle(folder: string): ReadonlyMap<string, DiagramSource> {
  const drawn = storedHashes(folder).flatMap((hash) => readDiagram(hash, folder) ?? []);
  return new Map(drawn.map(({ title, description, svg, edges }) => [title, { svg, edges, description: description || title }]));
}

function textOf(file: string): string | undefined {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return undefined;
  }
}
