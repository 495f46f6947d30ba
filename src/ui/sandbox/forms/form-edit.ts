/** What a form does to the files: one value set or removed, a document added. Returns the new text, or null where the text must be edited by hand. */
import { stringify } from "yaml";
import type { MeshFile } from "#mesh";
import type { FormChange, FormField } from "./form-kind.ts";
import type { FormDocument } from "./form-world.ts";
import { removeValue, setValue } from "./yaml-edit.ts";

export function editField(
  files: readonly MeshFile[],
  document: FormDocument,
  field: Pick<FormField, "path" | "root">,
  value: unknown,
): string | null {
  const text = textOf(files, document.file);
  return value === undefined
    ? removeValue(text, document.index, field.path, field.root)
    : setValue(text, document.index, field.path, value);
}

export function makeChange(files: readonly MeshFile[], document: FormDocument, change: FormChange): string | null {
  return editField(files, document, { path: change.path, root: change.path.slice(0, -1) }, change.value);
}

/** Behind what stands there, as a document of its own. */
export function appendDocument(text: string, object: unknown): string {
  const written = stringify(object, { lineWidth: 0, indentSeq: false });
  return text.trim() === "" ? written : `${text.trimEnd()}\n---\n${written}`;
}

export function textOf(files: readonly MeshFile[], name: string): string {
  return files.find((file) => file.name === name)?.text ?? "";
}
