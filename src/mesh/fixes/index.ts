/** One-click repairs, only where there is one sure way: applied, the diagnostic is gone and no other error has come. */
import type { Finding } from "../diagnostics/finding.ts";
import type { Resource } from "../resource/resource.ts";
import { moveWeight } from "./move-weight.ts";
import { schemaFixes } from "./schema-fixes.ts";

export function suggestFix(finding: Finding, resource: Resource): Finding["fix"] {
  const unknownField = finding.code === "MESH1101" || finding.code === "MESH1200";
  const moved = unknownField && resource.kind === "VirtualService" ? moveWeight(finding.path) : undefined;
  const fix = schemaFixes[finding.code];
  return moved ?? (fix && ((owner) => fix(finding, owner)));
}
