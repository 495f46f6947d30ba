/**
 * What the sandbox opens with, in order: the link's state, the reader's own draft, the level, the page's files.
 * Pure but for what it is handed; every way out carries what to tell the reader.
 */
import type { MeshFile } from "#mesh";
import type { RunPlan } from "#scenario";
import type { LevelFiles } from "../level/level.ts";
import { levelOfMade, type MadeLevel, madeLevelId } from "../level/made-level.ts";
import { writtenSeed } from "../run/documents.ts";
import type { Draft } from "./draft-store.ts";
import { decodeShareHash, hasSharedState, type ShareFailure } from "./share-link.ts";

export interface Opening {
  files: readonly MeshFile[];
  seed: number;
  /** Where these files have been planned before; the mesh worker plans all others. */
  loadPlan?: () => Promise<RunPlan | null>;
  /** What "start over" goes back to. */
  original: readonly MeshFile[];
  scenario: string;
  level: LevelFiles | null;
  /** The same where a reader made it: what a link has to carry. */
  made?: MadeLevel;
  notice: "restored" | "unknownLevel" | ShareFailure | null;
}

export interface OpeningSources {
  hash: string;
  scenario: string;
  pageFiles: readonly MeshFile[];
  loadPagePlan?: () => Promise<RunPlan | null>;
  loadLevel(id: string): Promise<LevelFiles | null>;
  loadDraft(slot: string): Draft | null;
}

const firstSeed = 1;

export async function chooseOpening(sources: OpeningSources): Promise<Opening> {
  const shared = hasSharedState(sources.hash) ? decodeShareHash(sources.hash) : null;
  const made = shared?.ok ? shared.value.made : undefined;
  const scenario = made ? madeLevelId(made) : shared?.ok ? shared.value.scenario : sources.scenario;
  const level = made ? levelOfMade(made) : scenario ? await sources.loadLevel(scenario) : null;
  const base = shared?.ok ? shared.value.files : (level?.start ?? sources.pageFiles);
  const seed = shared?.ok ? shared.value.seed : (writtenSeed(base) ?? firstSeed);
  const draft = sources.loadDraft(draftSlot(sources.hash, scenario));
  const differs = draft !== null && !sameFiles(draft.files, base);
  const failure = shared && !shared.ok ? shared.error : scenario && !level && !shared ? "unknownLevel" : null;
  const loadPlan = level ? level.loadPlan : sources.loadPagePlan;
  return {
    files: draft?.files ?? base,
    seed: draft?.seed ?? seed,
    original: base,
    scenario: level ? scenario : "",
    ...(loadPlan && !differs && !shared?.ok ? { loadPlan } : {}),
    level,
    ...(made ? { made } : {}),
    notice: failure ?? (differs ? "restored" : null),
  };
}

/** Each link, each level and the free sandbox keep their own draft. */
export function draftSlot(hash: string, scenario: string): string {
  if (hasSharedState(hash)) return `link-${fingerprint(hash)}`;
  return scenario ? `level-${scenario}` : "free";
}

export function sameFiles(a: readonly MeshFile[], b: readonly MeshFile[]): boolean {
  return a.length === b.length && a.every((file, index) => file.name === b[index]?.name && file.text === b[index]?.text);
}

/** FNV-1a, 32 bits: enough to tell one reader's links apart. */
function fingerprint(text: string): string {
  let hash = 0x811c9dc5;
  for (let index = 0; index < text.length; index++) hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193) >>> 0;
  return hash.toString(16);
}
