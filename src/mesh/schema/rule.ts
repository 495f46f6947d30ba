/** What CEL rules of every dialect share: reporting, presence, and the few shapes that come again and again. */
import type { Finding, Params } from "../diagnostics/finding.ts";
import { child, type Field, pathOf } from "../resource/field.ts";
import { isObject } from "../resource/json-value.ts";

export type Rule = (findings: Finding[], spec: Field) => void;

export function refuse(findings: Finding[], code: string, field: Field, params: Params = {}): void {
  findings.push({ code, path: pathOf(field), params });
}

/** CEL's has(): the field stands in the text, whatever its value. */
export function has(field: Field, name: string): boolean {
  return isObject(field.value) && field.value[name] !== undefined;
}

export function atMostOne(findings: Finding[], field: Field, ...names: string[]): void {
  const present = names.filter((name) => has(field, name));
  if (present.length > 1) refuse(findings, "MESH1111", child(field, present[1]!), { fields: present.join(", ") });
}

/** Each value of `type` owns one field: it must be there, and the others' must not. */
export function typeOwnsField(findings: Finding[], field: Field, type: string, owners: Readonly<Record<string, string>>): void {
  for (const [value, name] of Object.entries(owners)) {
    if ((value === type) === has(field, name)) continue;
    const code = value === type ? "MESH1140" : "MESH1141";
    refuse(findings, code, value === type ? child(field, "type") : child(field, name), { type: value, field: name });
  }
}
