/** Puts what was done live into spec.timeline of the Experiment, at its moment: a link then reproduces it. */
import type { ActionText } from "#scenario";
import { edit, type FormDraft } from "../forms/form-draft.ts";
import { indicesOf } from "../forms/form-world.ts";

/** @returns null where there is no Experiment, or its text must be edited by hand. */
export async function writeIntoTimeline(draft: FormDraft, action: ActionText, atMs: number): Promise<FormDraft | null> {
  const { experiment } = draft.world;
  if (!experiment) return null;
  const count = indicesOf(experiment.object, ["spec", "timeline"]).length;
  const value = { at: `${Math.round(atMs)}ms`, ...action };
  return edit(draft, experiment.file, { type: "set", document: experiment.index, path: ["spec", "timeline", count], value });
}
