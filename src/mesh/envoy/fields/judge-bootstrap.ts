/** A bootstrap document, judged by its fields (judge-fields.ts) and by how its listeners are made of them. */
import type { Path } from "../../document/node-path.ts";
import type { Resource } from "../../resource/resource.ts";
import { bootstrapMessage } from "./field-table.ts";
import { type FieldVerdict, judgeFields } from "./judge-fields.ts";
import { judgeListeners } from "./judge-listeners.ts";

/** What every document has here, whatever stands in the text. */
const added: ReadonlySet<string> = new Set(["apiVersion", "kind", "metadata"]);

export function judgeBootstrap(resource: Resource): FieldVerdict {
  const written = {
    isJson: resource.file.endsWith(".json"),
    lengthOf(path: Path) {
      const { from, to } = resource.rangeOf(path, "value");
      return to - from;
    },
  };
  const own = Object.fromEntries(Object.entries(resource.object).filter(([name]) => !added.has(name)));
  const verdict = judgeFields(bootstrapMessage, own, [], written);
  // What cannot be read is no listener.
  return verdict.findings.length > 0 ? verdict : { ...verdict, findings: judgeListeners(verdict.value) };
}
