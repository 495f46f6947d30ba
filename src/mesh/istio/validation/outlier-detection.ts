/** Outlier detection: percentages, durations, and local-origin failures that need the split. */
import { child, type Field, flag, isSet, number } from "../../resource/field.ts";
import { validateDuration, validatePercent } from "./numbers.ts";
import { reject, type Verdict, warn } from "./verdict.ts";

export function validateOutlierDetection(verdict: Verdict, outlier: Field): void {
  if (!isSet(outlier)) return;
  validateDuration(verdict, child(outlier, "baseEjectionTime"));
  validateDuration(verdict, child(outlier, "interval"));
  const consecutive = child(outlier, "consecutiveErrors");
  if (number(consecutive) !== 0)
    warn(verdict, "MESH1286", consecutive, { better: "consecutiveGatewayErrors, consecutive5xxErrors" });
  const local = child(outlier, "consecutiveLocalOriginFailures");
  if (number(local) > 0 && !flag(child(outlier, "splitExternalLocalOriginErrors"))) reject(verdict, "MESH1248", local);
  validatePercent(verdict, child(outlier, "maxEjectionPercent"));
  validatePercent(verdict, child(outlier, "minHealthPercent"));
}
