/**
 * The files of a level, fetched one small chunk at a time. The list is made when the site is built, from the folders
 * under content/scenarios; nothing here knows a level's name.
 */
import { readPlan } from "#protocol";
import type { RunPlan } from "#scenario";
import { type LevelFiles, type LevelTexts, levelFileNames, noOutcomeTexts, type OutcomeTexts } from "./level.ts";

type RawFile = () => Promise<string>;

const starts = import.meta.glob<string>("/content/scenarios/*/start.yaml", { query: "?raw", import: "default" });
const experiments = import.meta.glob<string>("/content/scenarios/*/experiment.yaml", { query: "?raw", import: "default" });
const plans = import.meta.glob<string>("/content/scenarios/*/start.yaml", { query: "?plan", import: "default" });
const solutions = import.meta.glob<string>("/content/scenarios/*/solution.yaml", { query: "?raw", import: "default" });

function find(files: Record<string, RawFile>, id: string, name: string): RawFile | undefined {
  return files[`/content/scenarios/${id}/${name}`];
}

/** @returns null where no plan was made, or the network is gone: the mesh worker makes it then. */
export async function loadLevelPlan(id: string): Promise<RunPlan | null> {
  const text = await find(plans, id, "start.yaml")?.().catch(() => "");
  return readPlan(text ?? "");
}

/** The texts of a level as the site's build wrote them (src/pages/[lang]/levels/). @throws when they are not there */
async function fetchTexts<Texts>(language: string, name: string): Promise<Texts> {
  const response = await fetch(`/${language}/levels/${name}.json`);
  if (!response.ok) throw new Error(`no texts: ${response.status}`);
  return (await response.json()) as Texts;
}

/** Nothing to tell where the network is gone: the outcome itself stands. */
export function loadOutcome(id: string, language: string): Promise<OutcomeTexts> {
  return fetchTexts<OutcomeTexts>(language, `${id}.outcome`).catch(() => noOutcomeTexts);
}

/** @returns null for an id that no folder has, or when the network is gone. */
export async function loadLevel(id: string, language: string): Promise<LevelFiles | null> {
  const start = find(starts, id, "start.yaml");
  const experiment = find(experiments, id, "experiment.yaml");
  if (!start || !experiment) return null;
  try {
    const [mesh, trial, texts] = await Promise.all([start(), experiment(), fetchTexts<LevelTexts>(language, id)]);
    const solution = find(solutions, id, "solution.yaml");
    return {
      start: [
        { name: levelFileNames.mesh, text: mesh },
        { name: levelFileNames.experiment, text: trial },
      ],
      texts,
      loadPlan: () => loadLevelPlan(id),
      loadOutcome: () => loadOutcome(id, language),
      ...(solution ? { loadSolution: () => solution().catch(() => null) } : {}),
    };
  } catch {
    return null;
  }
}
