/** ProxyConfig: selector and concurrency. */
import { child, type Field } from "../../resource/field.ts";
import { validateNotNegative } from "./numbers.ts";
import { validateSelector } from "./selectors.ts";
import type { Verdict } from "./verdict.ts";

export function validateProxyConfig(verdict: Verdict, spec: Field): void {
  validateSelector(verdict, child(spec, "selector"), "matchLabels");
  validateNotNegative(verdict, child(spec, "concurrency"));
}
