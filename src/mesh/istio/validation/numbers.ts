/** Ports, percentages, weights, durations: the ranges Istio accepts. */
import { durationMs, type Field, isSet, number } from "../../resource/field.ts";
import { reject, type Verdict } from "./verdict.ts";

export function isPort(value: number): boolean {
  return value >= 1 && value <= 65535;
}

export function validatePort(verdict: Verdict, field: Field): void {
  const value = number(field);
  if (!isPort(value)) reject(verdict, "MESH1215", field, { value });
}

/** 0 … 100, whole. */
export function validatePercent(verdict: Verdict, field: Field): void {
  const value = number(field);
  if (value < 0 || value > 100) reject(verdict, "MESH1214", field, { value, minimum: 0, maximum: 100 });
}

/** 0, or 0.0001 … 100: what fits parts of a million. */
export function validateFractionalPercent(verdict: Verdict, percentage: Field, valueField: Field): void {
  if (!isSet(percentage)) return;
  const value = number(valueField);
  if (value < 0 || value > 100 || (value > 0 && value < 0.0001)) {
    reject(verdict, "MESH1214", valueField, { value, minimum: 0.0001, maximum: 100 });
  }
}

export function validateNotNegative(verdict: Verdict, field: Field): void {
  if (number(field) < 0) reject(verdict, "MESH1213", field, { value: number(field) });
}

/** At least 1 ms, and whole milliseconds. An absent field is fine. */
export function validateDuration(verdict: Verdict, field: Field): void {
  if (!isSet(field)) return;
  const ms = durationMs(field);
  if (ms === undefined) return;
  if (ms < 1) reject(verdict, "MESH1216", field, { value: String(field.value) });
  else if (Math.abs(ms - Math.round(ms)) > 1e-9) reject(verdict, "MESH1217", field, { value: String(field.value) });
}

export function validateHttpStatus(verdict: Verdict, field: Field): void {
  const value = number(field);
  if (value < 200 || value > 600) reject(verdict, "MESH1214", field, { value, minimum: 200, maximum: 599 });
}

/** A port as text, as AuthorizationPolicy writes it; 0 is taken. */
export function isPortText(value: string): boolean {
  return /^\d+$/.test(value) && Number(value) <= 65535;
}
