/** Help while typing: the mesh layer's, which knows the real kinds, with our own Experiment added. */
import { type CompletionAnswer, completeAt, describeAt, type FieldDescription, type MeshFile } from "#mesh";
import { experimentShapes } from "./experiment/experiment-shape.ts";

/** What may be written at an offset of a file; null where nothing can be said. */
export function completeText(files: readonly MeshFile[], file: string, offset: number): CompletionAnswer | null {
  return completeAt(files, file, offset, experimentShapes);
}

/** What the field at an offset of a file is; null where there is none. */
export function describeField(files: readonly MeshFile[], file: string, offset: number): FieldDescription | null {
  return describeAt(files, file, offset, experimentShapes);
}
