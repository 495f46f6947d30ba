/** Puts what was done live into spec.timeline of the Experiment, at its moment: a link then reproduces it. */
import type { MeshFile } from "#mesh";
import type { ActionText } from "#scenario";
import { textOf } from "../forms/form-edit.ts";
import { indicesOf, readWorld } from "../forms/form-world.ts";
import { setValue } from "../forms/yaml-edit.ts";

/** @returns the changed file; null where there is no Experiment, or its text must be edited by hand. */
export function writeIntoTimeline(files: readonly MeshFile[], action: ActionText, atMs: number): MeshFile | null {
  const { experiment } = readWorld(files);
  if (!experiment) return null;
  const count = indicesOf(experiment.object, ["spec", "timeline"]).length;
  const entry = { at: `${Math.round(atMs)}ms`, ...action };
  const text = setValue(textOf(files, experiment.file), experiment.index, ["spec", "timeline", count], entry);
  return text === null ? null : { name: experiment.file, text };
}
