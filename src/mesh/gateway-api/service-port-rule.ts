/** CEL rule of every backend reference: a Service is named together with its port. */
import type { Finding } from "../diagnostics/finding.ts";
import { child, type Field, isSet, text } from "../resource/field.ts";
import { has, refuse } from "../schema/rule.ts";

/** A backend that is a Service needs a port; group and kind default to that. */
export function servicePort(findings: Finding[], reference: Field): void {
  const isService = text(child(reference, "group")) === "" && ["", "Service"].includes(text(child(reference, "kind")));
  if (isSet(reference) && isService && !has(reference, "port")) refuse(findings, "MESH1144", reference);
}
