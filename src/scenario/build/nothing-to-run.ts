/** Files in which nothing is called are no fault of any document: a run of them is refused all the same, and has to say why. */
import { bootstrapGroup, type Diagnostic, type MeshFile, type Resource } from "#mesh";

/** A bootstrap that nobody calls (MESH1530), or nothing that could be called at all (MESH1525). */
export function nothingToRun(files: readonly MeshFile[], resources: readonly Resource[]): Diagnostic {
  const bootstrap = resources.find(({ group }) => group === bootstrapGroup);
  const { kind = "", name = "", namespace = "", file = files[0]?.name ?? "" } = bootstrap ?? {};
  const first = { line: 1, column: 1, endLine: 1, endColumn: 1 };
  const { line, column, endLine, endColumn } = bootstrap?.rangeOf(["static_resources"], "key") ?? first;
  const place = { path: bootstrap ? "static_resources" : "", line, column, endLine, endColumn };
  const about = { file, kind, name, namespace, params: {} };
  return { code: bootstrap ? "MESH1530" : "MESH1525", severity: "error", source: "meshwise", ...about, ...place };
}
