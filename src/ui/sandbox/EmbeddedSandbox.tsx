/** The sandbox inside a lesson: one level's files and texts, no address, no chooser. Loaded when the reader opens the block. */
import type { Language } from "#i18n";
import type { MeshFile } from "#mesh";
import { levelTextsOf } from "./level/level.ts";
import { Sandbox } from "./Sandbox.tsx";

export interface EmbeddedSandboxProps {
  lang: Language;
  scenarioId: string;
  files: readonly MeshFile[];
  /** content/<lang>/scenarios/<id>.yaml as an object. */
  texts: Readonly<Record<string, unknown>>;
}

export function EmbeddedSandbox({ lang, scenarioId, files, texts }: EmbeddedSandboxProps) {
  // The learner's own file first: it is the one that opens.
  const ordered = files.toSorted((a, b) => Number(/experiment/.test(a.name)) - Number(/experiment/.test(b.name)));
  return <Sandbox embedded lang={lang} scenarioId={scenarioId} files={ordered} texts={levelTextsOf(scenarioId, texts)} />;
}
