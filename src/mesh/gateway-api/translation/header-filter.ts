/** HTTPHeaderFilter → Istio's header operations: names in lower case, only the first of a name counts. */
import { type Field, items, text, texts } from "../../translation/field.ts";

export function headerOperations(filter: Field | undefined): Record<string, unknown> {
  const map = (key: string): Record<string, string> | undefined => {
    const result: Record<string, string> = {};
    for (const header of items(filter, key)) {
      const name = (text(header, "name") ?? "").toLowerCase();
      if (!(name in result)) result[name] = text(header, "value") ?? "";
    }
    return Object.keys(result).length > 0 ? result : undefined;
  };
  const [add, set, remove] = [map("add"), map("set"), texts(filter, "remove")];
  return { ...(add ? { add } : {}), ...(remove.length > 0 ? { remove } : {}), ...(set ? { set } : {}) };
}
