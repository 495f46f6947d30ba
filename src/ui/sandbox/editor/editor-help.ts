/** What the editor asks about a place in its text; the page hands in the worker's answers, a test its own. */
import type { CompletionAnswer, FieldDescription, MeshFile } from "#mesh";

export interface EditorHelp {
  complete(files: readonly MeshFile[], file: string, offset: number): Promise<CompletionAnswer | null>;
  describe(files: readonly MeshFile[], file: string, offset: number): Promise<FieldDescription | null>;
}
