/** DestinationRule as the webhook judges it. */

import { child, type Field, items, text } from "../../resource/field.ts";
import type { Resource } from "../../resource/resource.ts";
import { validateExportTo } from "./export-to.ts";
import { validateWildcardDomain } from "./hosts.ts";
import { isDnsLabel, validateLabels } from "./names.ts";
import { validateSelector } from "./selectors.ts";
import { validateTrafficPolicy } from "./traffic-policy.ts";
import { reject, rejectMissing, type Verdict } from "./verdict.ts";

export function validateDestinationRule(verdict: Verdict, spec: Field, resource: Resource): void {
  validateWildcardDomain(verdict, child(spec, "host"));
  validateTrafficPolicy(verdict, child(spec, "trafficPolicy"), resource.namespace);
  const names = new Set<string>();
  for (const subset of items(child(spec, "subsets"))) {
    const name = child(subset, "name");
    if (names.has(text(name))) reject(verdict, "MESH1228", name, { value: text(name) });
    names.add(text(name));
    if (text(name) === "") rejectMissing(verdict, name);
    else if (!isDnsLabel(text(name))) reject(verdict, "MESH1232", name, { value: text(name) });
    validateLabels(verdict, child(subset, "labels"));
    validateTrafficPolicy(verdict, child(subset, "trafficPolicy"), resource.namespace);
  }
  const workloadSelector = child(spec, "workloadSelector");
  validateExportTo(verdict, child(spec, "exportTo"), resource.namespace, { workloadSelector });
  validateSelector(verdict, workloadSelector, "matchLabels");
}
