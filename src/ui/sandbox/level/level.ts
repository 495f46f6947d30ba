/** A level as the sandbox needs it: the list of all, and of the chosen one its texts in the reader's language and its files. */
import type { MeshFile } from "#mesh";
import type { RunPlan } from "#scenario";

/** One line of the list. */
export interface LevelEntry {
  id: string;
  title: string;
  summary: string;
  /** Title of the module whose lesson uses it. */
  module: string;
  /** Edits of the shortest known solution. */
  par: number;
}

export interface LevelTexts {
  title: string;
  /** Paragraphs. */
  task: readonly string[];
  hints: readonly string[];
  /** Edits of the shortest known solution; unknown in a lesson. */
  par?: number;
}

/** What is told when the outcome is there: no reader's browser has it before. */
export interface OutcomeTexts {
  /** Why the solution works; shown to those who solved it. */
  explanation: readonly string[];
  /** Why the run came to what it did; shown beside a prediction. */
  predict: readonly string[];
}

export const noOutcomeTexts: OutcomeTexts = { explanation: [], predict: [] };

export interface LevelFiles {
  start: readonly MeshFile[];
  texts: LevelTexts;
  /** By a reader, who shared it: nobody else vouches for it. */
  made?: true;
  /** The plan of the start, made when the site was built; null where there is none. */
  loadPlan?: () => Promise<RunPlan | null>;
  /** Loaded only when a reader asks for it. */
  loadSolution?: () => Promise<string | null>;
  loadOutcome(): Promise<OutcomeTexts>;
}

/** The names a level's files have in the editor; the first is the learner's. */
export const levelFileNames = { mesh: "start.yaml", experiment: "experiment.yaml" } as const;

/** The learner's text among a level's files. */
export function meshTextOf(files: readonly MeshFile[]): string {
  return files.find(({ name }) => name === levelFileNames.mesh)?.text ?? "";
}

/** Reads a level's texts (content/<lang>/scenarios/<id>.yaml); what is missing stays empty, the id stands in for a title. */
export function levelTextsOf(id: string, texts: Readonly<Record<string, unknown>>): LevelTexts {
  return {
    title: typeof texts.title === "string" ? texts.title : id,
    task: paragraphs(texts.task),
    hints: Array.isArray(texts.hints) ? texts.hints.filter((hint) => typeof hint === "string") : [],
  };
}

export function outcomeTextsOf(texts: Readonly<Record<string, unknown>>): OutcomeTexts {
  return { explanation: paragraphs(texts.explanation), predict: paragraphs(texts.predict) };
}

/** Whether the learner's text meets the goal that the level set: an experiment that was changed is another goal. */
export function isOwnGoal(start: readonly MeshFile[], applied: readonly MeshFile[]): boolean {
  return start.every(
    ({ name, text }) => name === levelFileNames.mesh || applied.some((one) => one.name === name && one.text === text),
  );
}

function paragraphs(value: unknown): string[] {
  const parts = Array.isArray(value) ? value : [value];
  return parts
    .filter((part) => typeof part === "string")
    .flatMap((part) => part.split(/\n\s*\n/))
    .map((part) => part.trim())
    .filter((part) => part !== "");
}
