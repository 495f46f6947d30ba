/** What the editor and forms ask about their text; the page hands in the worker's answers, a test its own. */
import type { CompletionAnswer, FieldDescription, MeshFile } from "#mesh";
import type { YamlDesk } from "../run/yaml-desk.ts";

export interface EditorHelp {
  /** Reads and edits YAML for those who have no parser. */
  readonly desk: YamlDesk;
  complete(files: readonly MeshFile[], file: string, offset: number): Promise<CompletionAnswer | null>;
  describe(files: readonly MeshFile[], file: string, offset: number): Promise<FieldDescription | null>;
}
