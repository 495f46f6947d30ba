/** All verdicts about a set of files, judged together as if live in one cluster (contracts.md 2, `lint`). Never throws. */
import type { Diagnostic } from "./diagnostics/diagnostic.ts";
import type { LintOptions } from "./mesh-api.ts";
import { readResources } from "./resource/read-resources.ts";
import type { MeshFile, Resource } from "./resource/resource.ts";

/** Text → resources; documents that are not objects become diagnostics. `Experiment` documents are among the resources. */
export function parseResources(files: readonly MeshFile[]): { resources: Resource[]; diagnostics: Diagnostic[] } {
  const { resources, diagnostics } = readResources(files);
  return { resources, diagnostics };
}

export function lint(files: readonly MeshFile[], _options: LintOptions = {}): Diagnostic[] {
  const { diagnostics } = readResources(files);
  return diagnostics;
}
