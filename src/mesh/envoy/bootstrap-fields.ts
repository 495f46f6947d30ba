/**
 * The judge of a bootstrap's fields, with the table of Envoy's API behind it: a chunk of its own, loaded by whoever is about to read files,
 * before they are read. On the page only where one of them is a bootstrap.
 */
import { assert } from "#base";
import type { MeshFile, Resource } from "../resource/resource.ts";
import type { FieldVerdict } from "./fields/judge-fields.ts";

let judge: typeof import("./fields/judge-bootstrap.ts").judgeBootstrap | undefined;

export async function loadBootstrapFields(): Promise<void> {
  judge ??= (await import("./fields/judge-bootstrap.ts")).judgeBootstrap;
}

/** Whether any of the files may hold a bootstrap. */
export function mayHoldBootstrap(files: readonly MeshFile[]): boolean {
  return files.some(({ text }) => text.includes("static_resources"));
}

export function judgeBootstrapFields(resource: Resource): FieldVerdict {
  assert(judge !== undefined, "a bootstrap is read before loadBootstrapFields()");
  return judge(resource);
}
