/**
 * A level that a reader made: what a link or a file carries of it. All of it is somebody else's: read with limits, shown as plain text,
 * never as markup. Its name is made of what it says, so that progress stays with just this level.
 */
import { type LevelFiles, levelFileNames, levelTextsOf, outcomeTextsOf } from "./level.ts";

export interface MadeLevel {
  title: string;
  /** Paragraphs between empty lines; `code` in backticks. */
  task: string;
  hints: readonly string[];
  /** Why the solution works; told to those who solved it. May be empty. */
  explanation: string;
  /** Mesh documents. */
  start: string;
  solution: string;
  /** What a cluster would not say, with the goal. */
  experiment: string;
}

const longest = { title: 200, hint: 2000, words: 20_000, yaml: 500_000 } as const;
const mostHints = 20;

/** @returns null for what is no level, or more of it than anybody writes */
export function readMadeLevel(value: unknown): MadeLevel | null {
  if (typeof value !== "object" || value === null) return null;
  const fields = value as Readonly<Record<string, unknown>>;
  const words = (field: unknown, limit: number) =>
    typeof field === "string" && field.length <= limit ? plainWords(field) : undefined;
  const title = words(fields.title, longest.title)?.trim();
  const task = words(fields.task, longest.words);
  const explanation = words(fields.explanation ?? "", longest.words);
  const hints = Array.isArray(fields.hints ?? []) ? ((fields.hints ?? []) as unknown[]) : [null];
  const read = hints.flatMap((hint) => words(hint, longest.hint) ?? []);
  const [start, solution, experiment] = [fields.start, fields.solution, fields.experiment].map((text) =>
    typeof text === "string" && text.length <= longest.yaml ? text : undefined,
  );
  if (!title || task === undefined || explanation === undefined) return null;
  if (read.length !== hints.length || hints.length > mostHints) return null;
  if (start === undefined || solution === undefined || !experiment) return null;
  return { title, task, hints: read, explanation, start, solution, experiment };
}

/** Without control characters and without those that turn the direction of what stands around them. */
function plainWords(text: string): string {
  return text.replace(/\r\n?/g, "\n").replace(/(?![\n\t])[\p{Cc}\p{Bidi_Control}]/gu, "");
}

/** The same level has the same name wherever it came from: progress is kept under it. */
export function madeLevelId(level: MadeLevel): string {
  const { title, task, hints, explanation, start, solution, experiment } = level;
  const text = JSON.stringify([title, task, hints, explanation, start, solution, experiment]);
  return `made-${fnv1a(text, 0x811c9dc5)}${fnv1a(text, 0x050c5d1f)}`;
}

function fnv1a(text: string, offset: number): string {
  let hash = offset;
  for (let index = 0; index < text.length; index++) hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193) >>> 0;
  return hash.toString(16).padStart(8, "0");
}

/** As the sandbox opens any level. */
export function levelOfMade(level: MadeLevel): LevelFiles {
  return {
    start: [
      { name: levelFileNames.mesh, text: level.start },
      { name: levelFileNames.experiment, text: level.experiment },
    ],
    texts: levelTextsOf(level.title, { ...level }),
    made: true,
    loadSolution: async () => level.solution,
    loadOutcome: async () => outcomeTextsOf({ explanation: level.explanation }),
  };
}
