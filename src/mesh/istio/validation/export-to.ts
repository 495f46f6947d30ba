/** `exportTo`: namespaces, `.`, `*`, and `~` where a kind allows it. */
import { type Field, isSet, items, sizeOf, text } from "../../resource/field.ts";
import { isDnsLabel } from "./names.ts";
import { reject, type Verdict } from "./verdict.ts";

export function validateExportTo(
  verdict: Verdict,
  exportTo: Field,
  namespace: string,
  kind: { serviceEntry?: boolean; workloadSelector?: Field } = {},
): void {
  const seen = new Set<string>();
  for (const entry of items(exportTo)) {
    const key = text(entry) === "." ? namespace : text(entry);
    if (seen.has(key)) reject(verdict, "MESH1228", entry, { value: text(entry) });
    else if (key === "*" || isDnsLabel(key) || (kind.serviceEntry && key === "~")) seen.add(key);
    else reject(verdict, "MESH1232", entry, { value: key });
  }
  const selected = kind.workloadSelector !== undefined && isSet(kind.workloadSelector);
  if (selected && seen.size > 0 && !(seen.size === 1 && seen.has(namespace))) reject(verdict, "MESH1238", exportTo);
  if (sizeOf(exportTo) > 1 && (seen.has("*") || seen.has("~"))) reject(verdict, "MESH1239", exportTo);
}
