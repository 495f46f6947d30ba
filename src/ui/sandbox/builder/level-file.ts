/**
 * A level as one file: YAML (JSON is YAML too) with the pieces of a folder of content/scenarios under their names, so that an author can
 * copy them there. Reading never throws: what is no level is null.
 */
import type { Language } from "#i18n";
import { type MadeLevel, readMadeLevel } from "../level/made-level.ts";
import type { YamlDesk } from "../run/yaml-desk.ts";

const largestFile = 2_000_000;

export function levelFileName(title: string): string {
  const slug = title
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, "-")
    .replace(/^-+|-+$/g, "");
  return `${slug.slice(0, 60) || "level"}.level.yaml`;
}

/** @returns null where nobody can write it now */
export function writeLevelFile(
  desk: YamlDesk,
  { title, task, hints, explanation, ...files }: MadeLevel,
  language: Language,
): Promise<string | null> {
  const texts = { title, task, hints, ...(explanation === "" ? {} : { explanation }) };
  const { experiment, start, solution } = files;
  const level = {
    ...{ apiVersion: "meshwise.dev/v1", kind: "Level", metadata: { name: levelFileName(title).replace(".level.yaml", "") } },
    spec: { language, texts, files: { "experiment.yaml": experiment, "start.yaml": start, "solution.yaml": solution } },
  };
  return desk.editText("", { type: "append", object: level });
}

export async function readLevelFile(desk: YamlDesk, text: string): Promise<MadeLevel | null> {
  if (text.length > largestFile) return null;
  const { kind, spec } = (await desk.readParts(text))?.[0]?.object ?? {};
  const { texts, files } = objectOf(spec);
  const { title, task, hints, explanation } = objectOf(texts);
  const own = objectOf(files);
  if (kind !== "Level") return null;
  return readMadeLevel({
    ...{ title, task, hints, explanation: explanation ?? "" },
    ...{ experiment: own["experiment.yaml"], start: own["start.yaml"], solution: own["solution.yaml"] },
  });
}

function objectOf(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null ? (value as Readonly<Record<string, unknown>>) : {};
}
