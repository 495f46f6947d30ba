/**
 * A level as one file: YAML (JSON is YAML too) with the pieces of a folder of content/scenarios under their names, so that an author can
 * copy them there. Reading never throws: what is no level is null.
 */
import { parse, stringify } from "yaml";
import type { Language } from "#i18n";
import { type MadeLevel, readMadeLevel } from "../level/made-level.ts";

const largestFile = 2_000_000;

export function levelFileName(title: string): string {
  const slug = title
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, "-")
    .replace(/^-+|-+$/g, "");
  return `${slug.slice(0, 60) || "level"}.level.yaml`;
}

export function writeLevelFile({ title, task, hints, explanation, ...files }: MadeLevel, language: Language): string {
  const texts = { title, task, hints, ...(explanation === "" ? {} : { explanation }) };
  const { experiment, start, solution } = files;
  const level = {
    ...{ apiVersion: "meshwise.dev/v1", kind: "Level", metadata: { name: levelFileName(title).replace(".level.yaml", "") } },
    spec: { language, texts, files: { "experiment.yaml": experiment, "start.yaml": start, "solution.yaml": solution } },
  };
  return stringify(level, { lineWidth: 0, blockQuote: "literal" });
}

export function readLevelFile(text: string): MadeLevel | null {
  if (text.length > largestFile) return null;
  try {
    const { kind, spec } = objectOf(parse(text, { maxAliasCount: 0, logLevel: "error" }));
    const { texts, files } = objectOf(spec);
    const { title, task, hints, explanation } = objectOf(texts);
    const own = objectOf(files);
    if (kind !== "Level") return null;
    return readMadeLevel({
      ...{ title, task, hints, explanation: explanation ?? "" },
      ...{ experiment: own["experiment.yaml"], start: own["start.yaml"], solution: own["solution.yaml"] },
    });
  } catch {
    return null;
  }
}

function objectOf(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null ? (value as Readonly<Record<string, unknown>>) : {};
}
