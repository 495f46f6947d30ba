/** Between what a reader types into a field and the value in the YAML: numbers with comma or point, lists by commas. Pure. */
import type { FormControl } from "./form-kind.ts";

export type Typed = { ok: true; value: unknown } | { ok: false; why: "number" | "range" | "duration" };

/** As the field shows it; "" where nothing is written. */
export function shownValue(value: unknown): string {
  if (value === undefined || value === null) return "";
  if (Array.isArray(value))
    return value.map((item) => (typeof item === "object" ? JSON.stringify(item) : String(item))).join(", ");
  return typeof value === "object" ? JSON.stringify(value) : String(value);
}

/** Go's durations, as Istio takes them: "1.5s", "200ms", "1m30s". */
const duration = /^(?:0|(?:\d+(?:[.,]\d+)?(?:ns|us|µs|ms|s|m|h))+)$/;

/** @returns value undefined: the field was emptied and goes. */
export function typedValue(text: string, control: FormControl): Typed {
  const trimmed = text.trim();
  if (trimmed === "") return { ok: true, value: undefined };
  switch (control.type) {
    case "number": {
      const number = Number(trimmed.replace(",", "."));
      if (!Number.isFinite(number)) return { ok: false, why: "number" };
      const { min = Number.NEGATIVE_INFINITY, max = Number.POSITIVE_INFINITY } = control;
      return number < min || number > max ? { ok: false, why: "range" } : { ok: true, value: number };
    }
    case "duration":
      return duration.test(trimmed) ? { ok: true, value: trimmed.replace(",", ".") } : { ok: false, why: "duration" };
    case "list":
      return {
        ok: true,
        value: trimmed
          .split(",")
          .map((part) => part.trim())
          .filter((part) => part !== ""),
      };
    default:
      return { ok: true, value: trimmed };
  }
}
