/** The judges of a bootstrap's fields, with the table of Envoy's API behind it, and of its formats: chunks of their own (dialect.ts). */
import { assert } from "#base";
import type { Resource } from "../resource/resource.ts";
import type { FieldVerdict } from "./fields/judge-fields.ts";
import type { FormatVerdict } from "./formats/judge-formats.ts";

let judgeTexts: typeof import("./formats/judge-formats.ts").judgeFormats | undefined;
let judge: typeof import("./fields/judge-bootstrap.ts").judgeBootstrap | undefined;

export async function loadBootstrapFields(): Promise<void> {
  judge ??= (await import("./fields/judge-bootstrap.ts")).judgeBootstrap;
  judgeTexts ??= (await import("./formats/judge-formats.ts")).judgeFormats;
}

export function judgeBootstrapFields(resource: Resource): FieldVerdict {
  assert(judge !== undefined, "a bootstrap is read before loadBootstrapFields()");
  return judge(resource);
}

/** @param bootstrap as its fields are meant */
export function judgeBootstrapFormats(bootstrap: unknown): FormatVerdict {
  assert(judgeTexts !== undefined, "a bootstrap is read before loadBootstrapFields()");
  return judgeTexts(bootstrap);
}
