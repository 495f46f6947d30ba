/** A field in words: what it means, what it takes, what holds without it. The same lines stand in the tooltip and in the panel. */
import { type FieldTexts, fieldText } from "#i18n";
import type { FieldDescription } from "#mesh";
import type { SandboxTexts } from "../texts.tsx";

export interface FieldWords {
  /** "spec.http.retries.attempts". */
  title: string;
  /** Undefined where nobody wrote a sentence. */
  meaning: string | undefined;
  facts: readonly string[];
  source: string;
}

export function fieldWords(field: FieldDescription, sentences: FieldTexts, texts: SandboxTexts): FieldWords {
  const { t } = texts;
  const { limits } = field;
  const facts = [
    typeWords(field, texts),
    field.required ? t("editing:field.required") : "",
    field.allowed.length > 0 ? t("editing:field.allowed", { values: field.allowed.join(", ") }) : "",
    range(limits.minimum, limits.maximum, (bounds) => t("editing:field.range", bounds)),
    range(limits.minLength, limits.maxLength, (bounds) => t("editing:field.length", bounds)),
    range(limits.minItems, limits.maxItems, (bounds) => t("editing:field.items", bounds)),
    limits.pattern === undefined ? "" : t("editing:field.pattern", { pattern: limits.pattern }),
    field.atMostOneOf.length > 0 ? t("editing:field.rivals", { names: field.atMostOneOf.join(", ") }) : "",
    field.default ? t("editing:field.default", { value: field.default.value }) : "",
    field.simulated ? "" : t("editing:field.notSimulated"),
  ];
  return {
    title: field.path.join("."),
    meaning: fieldText(sentences, field.kind, field.path),
    facts: facts.filter((fact) => fact !== ""),
    source: field.default?.source ?? "",
  };
}

function typeWords(field: FieldDescription, { t }: SandboxTexts): string {
  if (field.type === "array" && field.itemType !== "")
    return t("editing:type.listOf", { items: t(`editing:type.${field.itemType}`) });
  if (field.type === "object" && field.itemType !== "")
    return t("editing:type.mapOf", { items: t(`editing:type.${field.itemType}`) });
  return t(`editing:type.${field.type}`);
}

function range(
  least: number | undefined,
  most: number | undefined,
  words: (bounds: { least: string; most: string }) => string,
): string {
  if (least === undefined && most === undefined) return "";
  return words({ least: least === undefined ? "–∞" : String(least), most: most === undefined ? "∞" : String(most) });
}
