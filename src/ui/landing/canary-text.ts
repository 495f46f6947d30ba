/** Edits of the start page's YAML by its two controls: text in, text out, nothing else changes. */
import type { MeshFile } from "#mesh";

export const canaryFileName = "canary.yaml";
export const strictFileName = "strict.yaml";

/** Sets the two `weight:` lines in order: the first gets the rest, the second `percent`. */
export function withCanaryWeight(text: string, percent: number): string {
  const weights = [100 - percent, percent];
  let at = 0;
  return text.replace(/^(\s*weight:\s*)\d+/gm, (_whole, before: string) => `${before}${weights[at++] ?? 0}`);
}

export interface CanarySettings {
  percent: number;
  strict: boolean;
}

/** What is applied: the rule, the mesh around it, and the STRICT policy where it was switched on. */
export function canaryFiles(texts: { canary: string; world: string; strict: string }, settings: CanarySettings): MeshFile[] {
  const files = [
    { name: canaryFileName, text: withCanaryWeight(texts.canary, settings.percent) },
    { name: "world.yaml", text: texts.world },
  ];
  return settings.strict ? [...files, { name: strictFileName, text: texts.strict }] : files;
}

/** One text of several documents, as the sandbox opens with. */
export function asOneFile(files: readonly MeshFile[]): MeshFile {
  return {
    name: "mesh.yaml",
    text: files
      .map((file) => file.text.trimEnd())
      .join("\n---\n")
      .concat("\n"),
  };
}
