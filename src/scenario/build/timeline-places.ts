/** Where things stand that the timeline says: the names in its entries, and the documents it applies, in the Experiment's own file. */
import type { Diagnostic, Resource } from "#mesh";
import type { Path, TimelineEntry } from "../experiment/experiment.ts";

/** The field in which an entry names a workload, or one of its replicas. */
export function targetPath({ type, path }: TimelineEntry, field: "workload" | "replica"): Path {
  if (type === "scale") return [...path, type, field];
  const isNamedAtOnce = type === "crash" || type === "recover" || type === "expireCertificates";
  if (isNamedAtOnce) return [...path, "fault", field === "workload" ? type : field];
  return [...path, "fault", type, field];
}

/**
 * The lines of a literal block (`apply: |`) one by one; of text in quotes or on one line its beginning and end.
 * @param resource null for an experiment that nobody wrote: nothing is moved
 */
export function placedInExperiment(
  found: readonly Diagnostic[],
  { path }: TimelineEntry,
  resource: Resource | null,
): Diagnostic[] {
  if (!resource) return [...found];
  const at = [...path, "apply"];
  const { line, column, endLine, endColumn } = resource.rangeOf(at);
  const indent = indentOfBlock(resource.textOf?.(at) ?? "");
  return found.map((one) => ({
    ...one,
    file: resource.file,
    ...(indent === undefined
      ? { line, column, endLine, endColumn }
      : {
          line: line + one.line,
          column: one.column + indent,
          endLine: line + one.endLine,
          endColumn: one.endColumn + indent,
        }),
  }));
}

/** @returns how far the lines of a literal block are set in; undefined where the text is no such block, or says itself how far. */
function indentOfBlock(written: string): number | undefined {
  if (!/^\|[+-]?[ \t]*(#.*)?\r?\n/.test(written)) return undefined;
  return /\n( *)\S/.exec(written)?.[1]?.length;
}
