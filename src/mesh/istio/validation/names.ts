/** Istio's label and name syntax: pkg/config/labels. */
import { entries, type Field, text } from "../../resource/field.ts";
import { reject, type Verdict } from "./verdict.ts";

const label = /^[a-zA-Z0-9](?:[-a-zA-Z0-9]*[a-zA-Z0-9])?$/;
const wildcardLabel = /^(?:\*|(?:\*|\*-)?[a-zA-Z0-9](?:[-a-zA-Z0-9]*[a-zA-Z0-9])?)$/;
const qualifiedName = /^(?:[A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]$/;

export function isDnsLabel(value: string): boolean {
  return value.length <= 63 && label.test(value);
}

/** A label, `*`, or a label behind `*` or `*-`. */
export function isWildcardDnsLabel(value: string): boolean {
  return value.length <= 63 && wildcardLabel.test(value);
}

function isLabelKey(key: string): boolean {
  const slash = key.indexOf("/");
  const name = key.slice(slash + 1);
  if (name.length > 63 || !qualifiedName.test(name)) return false;
  if (slash < 0) return true;
  const prefix = key.slice(0, slash);
  return prefix.length <= 253 && prefix.split(".").every((part) => label.test(part));
}

export function validateLabels(verdict: Verdict, labels: Field): void {
  for (const entry of entries(labels)) {
    if (!isLabelKey(String(entry.key))) reject(verdict, "MESH1231", entry, { value: String(entry.key) });
    else if (text(entry) !== "" && !qualifiedName.test(text(entry))) reject(verdict, "MESH1231", entry, { value: text(entry) });
  }
}
