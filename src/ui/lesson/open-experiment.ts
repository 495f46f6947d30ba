/** Loads the sandbox into a lesson's "try it" block. Kept out of the page's own script so that a closed block costs nothing. */

import { type ComponentType, createElement } from "react";
import { createRoot } from "react-dom/client";
import { isLanguage, type Language } from "#i18n";
import type { MeshFile } from "#mesh";

interface EmbeddedSandboxProps {
  lang: Language;
  scenarioId: string;
  files: MeshFile[];
  texts: Record<string, unknown>;
}

// A glob and not an import: the lessons build while the sandbox is being taken apart, and say so when it is opened.
const sandbox = import.meta.glob<{ EmbeddedSandbox: ComponentType<EmbeddedSandboxProps> }>("../sandbox/EmbeddedSandbox.tsx");

/** @throws when the sandbox cannot be loaded; the block tells the reader. */
export async function openExperiment(stage: HTMLElement, data: DOMStringMap): Promise<void> {
  const load = Object.values(sandbox)[0];
  if (!load) throw new Error("this build has no sandbox");
  const { EmbeddedSandbox } = await load();
  createRoot(stage).render(
    createElement(EmbeddedSandbox, {
      lang: isLanguage(data.language) ? data.language : "en",
      scenarioId: data.experiment ?? "",
      files: JSON.parse(data.files ?? "[]"),
      texts: JSON.parse(data.texts ?? "{}"),
    }),
  );
}
