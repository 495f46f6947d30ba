/** A bootstrap document, judged by its fields (judge-fields.ts) and by how its listeners are made of them. */
import type { Path } from "../../document/node-path.ts";
import type { Resource } from "../../resource/resource.ts";
import { bootstrapMessage } from "./field-table.ts";
import { type FieldVerdict, judgeFields } from "./judge-fields.ts";
import { judgeListeners } from "./judge-listeners.ts";

/** What every document has here, whatever stands in the text. */
const added: ReadonlySet<string> = new Set(["apiVersion", "kind", "metadata"]);

/** What is a number to YAML and not to Envoy: `0o10`, `0b11`, `1_000`. Where there is none, nobody has to look at each of them. */
const oddNumber = /\b(?:0[ob]\d|\d\w*_)/i;

export function judgeBootstrap(resource: Resource): FieldVerdict {
  const isJson = resource.file.endsWith(".json") || resource.textOf === undefined;
  const textOf = (path: Path) => resource.textOf?.(path) ?? "";
  const written = { isJson, textOf, hasOddNumbers: !isJson && oddNumber.test(textOf([])) };
  const own = Object.fromEntries(Object.entries(resource.object).filter(([name]) => !added.has(name)));
  const verdict = judgeFields(bootstrapMessage, own, [], written);
  // What cannot be read is no listener.
  return verdict.findings.length > 0 ? verdict : { ...verdict, findings: judgeListeners(verdict.value) };
}
