/**
 * The files with what stands in them, and edits that lead to the next ones: one value set or removed, a document added. Null everywhere:
 * the text must be edited by hand.
 */
import { valueAt } from "#base";
import type { MeshFile, YamlEdit } from "#mesh";
import type { YamlDesk } from "../run/yaml-desk.ts";
import type { Rewriting } from "../time/rewrite.ts";
import type { FormChange, FormField } from "./form-kind.ts";
import { type FormDocument, type FormWorld, idOf, readWorld } from "./form-world.ts";

export interface FormDraft {
  files: readonly MeshFile[];
  world: FormWorld;
  desk: YamlDesk;
}

export async function openDraft(desk: YamlDesk, files: readonly MeshFile[]): Promise<FormDraft | null> {
  const world = await readWorld(desk, files);
  return world && { files, world, desk };
}

/** For `rewrite` of the text's history: what a form makes of the files as they stand. */
export function inDraft(desk: YamlDesk, change: (draft: FormDraft) => Promise<FormDraft | null>): Rewriting {
  return async (files) => {
    const draft = await openDraft(desk, files);
    return (draft && (await change(draft)))?.files ?? null;
  };
}

export async function edit({ desk, files }: FormDraft, name: string, what: YamlEdit): Promise<FormDraft | null> {
  const text = await desk.editText(textOf(files, name), what);
  return text === null ? null : openDraft(desk, withText(files, name, text));
}

/**
 * @param shown the document as the form showed it when the reader chose
 * @returns the draft as it is where its text says something else at that place by now
 */
export async function editField(
  draft: FormDraft,
  shown: FormDocument,
  { path, root }: Pick<FormField, "path" | "root">,
  value: unknown,
): Promise<FormDraft | null> {
  const now = draft.world.documents.find((one) => idOf(one) === idOf(shown));
  const told = (document: FormDocument) => JSON.stringify(valueAt(document.object, path));
  if (!now || told(now) !== told(shown)) return draft;
  const document = now.index;
  return edit(
    draft,
    now.file,
    value === undefined ? { type: "remove", document, path, root } : { type: "set", document, path, value },
  );
}

export function makeChange(draft: FormDraft, shown: FormDocument, { path, value }: FormChange): Promise<FormDraft | null> {
  return editField(draft, shown, { path, root: path.slice(0, -1) }, value);
}

/** Mesh documents go where mesh documents are. */
export function addDocument(draft: FormDraft, object: unknown): Promise<FormDraft | null> {
  const { files, world } = draft;
  const home =
    world.documents.find(({ kind }) => kind !== "Experiment")?.file ??
    files.find(({ name }) => name !== world.experiment?.file)?.name ??
    files[0]?.name ??
    "";
  return edit(draft, home, { type: "append", object });
}

function textOf(files: readonly MeshFile[], name: string): string {
  return files.find((file) => file.name === name)?.text ?? "";
}

function withText(files: readonly MeshFile[], name: string, text: string): MeshFile[] {
  return files.map((file) => (file.name === name ? { ...file, text } : file));
}
