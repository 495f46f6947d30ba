/**
 * What `istioctl analyze` makes of the webhook's verdict: IST0106 for errors, IST0133 for warnings, and codes of their own
 * for rules of a VirtualService that can never win (IST0130, IST0131).
 */
import type { Finding } from "../../diagnostics/finding.ts";

const unreachable: Readonly<Record<string, string>> = {
  MESH1343: "IST0130",
  MESH1345: "IST0130",
  MESH1344: "IST0131",
  MESH1346: "IST0131",
};

/** Annotations are not handed to the analyzer's validation. */
const annotationCodes: ReadonlySet<string> = new Set(["MESH1335", "MESH1354"]);

export const schemaCodes = ["IST0106", "IST0130", "IST0131", "IST0133"] as const;

/** Splits a webhook verdict: what istioctl validate says, and what analyze says of the same. */
export function splitVerdict(verdict: readonly Finding[]): { validate: Finding[]; analyze: Finding[] } {
  const validate: Finding[] = [];
  const analyze: Finding[] = [];
  let [errors, warnings] = [0, 0];
  for (const finding of verdict) {
    const code = unreachable[finding.code];
    if (code) {
      const { severity: _, ...rest } = finding;
      analyze.push({ ...rest, code, params: { ...finding.params, reason: finding.code } });
      continue;
    }
    validate.push(finding);
    if (annotationCodes.has(finding.code)) continue;
    const isWarning = finding.severity === "warning";
    // One of each is enough: the single problems stand beside it with their own places.
    if (isWarning ? warnings++ === 0 : errors++ === 0) {
      analyze.push({ code: isWarning ? "IST0133" : "IST0106", path: finding.path, params: { reason: finding.code } });
    }
  }
  return { validate, analyze };
}
