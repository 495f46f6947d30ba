/** The Experiment within a text: cut out of it, and written anew with a goal, every other byte kept. */
import type { MeshFile } from "#mesh";
import type { YamlDesk } from "../run/yaml-desk.ts";
import type { BuilderDraft, CapturedText } from "./builder-draft.ts";

const betweenDocuments = /^---(?:[ \t].*)?$/m;
const experimentKind = /^kind:\s*["']?Experiment\b/m;

/** Of several files the one with the Experiment is a level's experiment.yaml already; of one file the document is cut out. */
export function splitExperiment(files: readonly MeshFile[]): CapturedText {
  const whole = files.filter(({ text }) => experimentKind.test(text));
  if (whole.length > 0 && whole.length < files.length) {
    return { experiment: joined(whole), mesh: joined(files.filter((file) => !whole.includes(file))) };
  }
  const documents = files.flatMap(({ text }) => text.split(betweenDocuments)).map((document) => document.trim());
  const written = documents.filter((document) => document !== "");
  return {
    experiment: asStream(written.filter((document) => experimentKind.test(document))),
    mesh: asStream(written.filter((document) => !experimentKind.test(document))),
  };
}

function joined(files: readonly MeshFile[]): string {
  return asStream(files.map(({ text }) => text.replace(/^---[ \t]*\n/, "").trim()).filter((text) => text !== ""));
}

function asStream(documents: readonly string[]): string {
  return documents.length === 0 ? "" : `${documents.join("\n---\n")}\n`;
}

export interface ExperimentPart {
  index: number;
  spec: Readonly<Record<string, unknown>>;
  editable: boolean;
}

export async function findExperiment(desk: YamlDesk, text: string): Promise<ExperimentPart | null> {
  const part = (await desk.readParts(text))?.find(({ object }) => object.kind === "Experiment");
  if (!part) return null;
  const { spec } = part.object;
  return {
    index: part.index,
    editable: part.editable,
    spec: typeof spec === "object" && spec ? (spec as ExperimentPart["spec"]) : {},
  };
}

/** The experiment with the level's goal, question and seed. @returns null where it cannot be written without touching more */
export async function writeExperiment(
  desk: YamlDesk,
  text: string,
  { goal, question, seed }: Pick<BuilderDraft, "goal" | "question" | "seed">,
): Promise<string | null> {
  const part = await findExperiment(desk, text);
  if (!part?.editable) return null;
  const values = { seed, expect: goal.length > 0 ? goal : undefined, predict: question ? [question] : undefined };
  let next: string | null = text;
  for (const [field, value] of Object.entries(values)) {
    if (next === null) return null;
    // What says the same keeps its comments; a list is written anew as a whole.
    if (JSON.stringify(value) === JSON.stringify(part.spec[field])) continue;
    const at = { document: part.index, path: ["spec", field] };
    if (field in part.spec) next = await desk.editText(next, { type: "remove", ...at, root: ["spec"] });
    if (value !== undefined && next !== null) next = await desk.editText(next, { type: "set", ...at, value });
  }
  return next;
}
