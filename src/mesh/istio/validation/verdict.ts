/** Collects what a validator finds. `reject` is what makes istioctl and the webhook say no; `warn` is printed beside a yes. */
import type { Finding, Params } from "../../diagnostics/finding.ts";
import { type Field, pathOf } from "../../resource/field.ts";

export type Verdict = Finding[];

export function reject(verdict: Verdict, code: string, field: Field, params: Params = {}): void {
  verdict.push({ code, path: pathOf(field), params });
}

export function warn(verdict: Verdict, code: string, field: Field, params: Params = {}): void {
  verdict.push({ code, path: pathOf(field), params, severity: "warning" });
}

/** The field that is missing (a text that is empty, a list without items). */
export function rejectMissing(verdict: Verdict, field: Field): void {
  reject(verdict, "MESH1210", field, { field: String(field.key) });
}
