/** A bootstrap document, judged by its fields (judge-fields.ts). */
import type { Path } from "../../document/node-path.ts";
import type { Resource } from "../../resource/resource.ts";
import { bootstrapMessage } from "./field-table.ts";
import { type FieldVerdict, judgeFields } from "./judge-fields.ts";

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
  return judgeFields(bootstrapMessage, own, [], written);
}
