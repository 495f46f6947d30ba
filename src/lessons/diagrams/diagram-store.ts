/** The drawn diagrams kept in the repository: content/diagrams/<hash>.svg beside <hash>.json. Never draws one. */
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { contentFolder } from "../content-folder.ts";

export interface DiagramEdge {
  from: string;
  to: string;
  label: string;
}

export interface DrawnDiagram {
  svg: string;
  kind: string;
  title: string;
  description: string;
  /** From Mermaid's own reading of the source; `[*]` stands for the start or the end of a state diagram. */
  edges: DiagramEdge[];
  widthPx: number;
  heightPx: number;
}

export const diagramCommand = "npm run diagrams";

function diagramFolder(content: string = contentFolder): string {
  return join(content, "diagrams");
}

/** @returns undefined when the diagram was never drawn (or its source or style changed since). */
export function readDiagram(hash: string, content?: string): DrawnDiagram | undefined {
  const file = join(diagramFolder(content), hash);
  if (!existsSync(`${file}.svg`) || !existsSync(`${file}.json`)) return undefined;
  const facts = JSON.parse(readFileSync(`${file}.json`, "utf8")) as Omit<DrawnDiagram, "svg">;
  return { ...facts, svg: readFileSync(`${file}.svg`, "utf8").trim() };
}

export function writeDiagram(hash: string, diagram: DrawnDiagram, content?: string): void {
  const { svg, ...facts } = diagram;
  const folder = diagramFolder(content);
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, `${hash}.svg`), `${svg}\n`);
  writeFileSync(join(folder, `${hash}.json`), `${JSON.stringify(facts, null, 2)}\n`);
}

/** Hashes of everything that is stored, complete or not. */
export function storedHashes(content?: string): string[] {
  const folder = diagramFolder(content);
  if (!existsSync(folder)) return [];
  return [...new Set(readdirSync(folder).flatMap((file) => /^([0-9a-f]{16})\.(svg|json)$/.exec(file)?.[1] ?? []))].sort();
}

export function removeDiagram(hash: string, content?: string): void {
  for (const extension of ["svg", "json"]) rmSync(join(diagramFolder(content), `${hash}.${extension}`), { force: true });
}
