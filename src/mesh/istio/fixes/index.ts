/** One-click repairs, only where there is one sure way. */
import type { Finding } from "../../diagnostics/finding.ts";
import type { Resource } from "../../resource/resource.ts";
import { moveWeight } from "./move-weight.ts";

export function suggestFix(finding: Finding, resource: Resource): Finding["fix"] {
  const unknownField = finding.code === "MESH1101" || finding.code === "MESH1200";
  return unknownField && resource.kind === "VirtualService" ? moveWeight(finding.path) : undefined;
}
