/** The judge of a bootstrap's fields, with the table of Envoy's API behind it: a chunk of its own (dialect.ts). */
import { assert } from "#base";
import type { Resource } from "../resource/resource.ts";
import type { FieldVerdict } from "./fields/judge-fields.ts";

let judge: typeof import("./fields/judge-bootstrap.ts").judgeBootstrap | undefined;

export async function loadBootstrapFields(): Promise<void> {
  judge ??= (await import("./fields/judge-bootstrap.ts")).judgeBootstrap;
}

export function judgeBootstrapFields(resource: Resource): FieldVerdict {
  assert(judge !== undefined, "a bootstrap is read before loadBootstrapFields()");
  return judge(resource);
}
