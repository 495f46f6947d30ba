/** A level as the sandbox needs it: names and texts in the reader's language, files loaded when it is chosen. */
import type { MeshFile } from "#mesh";
import type { RunPlan } from "#scenario";

export interface LevelTexts {
  title: string;
  /** Paragraphs. */
  task: readonly string[];
  hints: readonly string[];
  /** Why the solution works; shown to those who solved it. */
  explanation: readonly string[];
}

export interface LevelEntry extends LevelTexts {
  id: string;
}

export interface LevelFiles {
  start: readonly MeshFile[];
  /** The plan of the start, made when the site was built; null where there is none. */
  loadPlan?: () => Promise<RunPlan | null>;
  /** Loaded only when a reader asks for it. */
  loadSolution?: () => Promise<string | null>;
}

/** The names a level's files have in the editor; the first is the learner's. */
export const levelFileNames = { mesh: "start.yaml", experiment: "experiment.yaml" } as const;

/** The list of a page: every level that has texts, sorted by title as the language sorts. */
export function levelsOf(
  written: readonly { id: string; texts: Readonly<Record<string, unknown>> }[],
  lang: string,
): LevelEntry[] {
  return written
    .map(({ id, texts }) => ({ id, ...levelTextsOf(id, texts) }))
    .sort((a, b) => a.title.localeCompare(b.title, lang));
}

/** Reads a level's texts (content/<lang>/scenarios/<id>.yaml); what is missing stays empty, the id stands in for a title. */
export function levelTextsOf(id: string, texts: Readonly<Record<string, unknown>>): LevelTexts {
  return {
    title: typeof texts.title === "string" ? texts.title : id,
    task: paragraphs(texts.task),
    explanation: paragraphs(texts.explanation),
    hints: Array.isArray(texts.hints) ? texts.hints.filter((hint) => typeof hint === "string") : [],
  };
}

function paragraphs(value: unknown): string[] {
  const parts = Array.isArray(value) ? value : [value];
  return parts
    .filter((part) => typeof part === "string")
    .flatMap((part) => part.split(/\n\s*\n/))
    .map((part) => part.trim())
    .filter((part) => part !== "");
}
