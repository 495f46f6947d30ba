/** Files without a document are no fault of any document: who is asked to run them has to say so. */
import type { Diagnostic, MeshFile } from "#mesh";

export function nothingToRun(files: readonly MeshFile[]): Diagnostic {
  const place = { path: "", line: 1, column: 1, endLine: 1, endColumn: 1 };
  const about = { kind: "", name: "", namespace: "", params: {} };
  return { code: "MESH1525", severity: "error", source: "meshwise", file: files[0]?.name ?? "", ...about, ...place };
}
