/**
 * `npm run diagrams`: draws every diagram of the lessons that is not stored yet and removes the stored ones no lesson
 * uses. The only part of the pipeline that needs a browser; the site is built from what is stored.
 */
import { accessSync, constants, readFileSync } from "node:fs";
import { delimiter, join } from "node:path";
import { fileURLToPath } from "node:url";
import { chromium } from "playwright";
import { listPages } from "../pages.ts";
import { classDefinitions, mermaidConfig, nodeClasses, sentinelColours } from "./colour-roles.ts";
import { accessibleTexts, findDiagrams } from "./diagram-source.ts";
import { readDiagram, removeDiagram, storedHashes, writeDiagram } from "./diagram-store.ts";
import { drawInPage } from "./draw-in-page.ts";

/** CHROMIUM_PATH, then PATH, then what Playwright has downloaded. */
function chromiumPath(): string | undefined {
  if (process.env.CHROMIUM_PATH) return process.env.CHROMIUM_PATH;
  for (const folder of (process.env.PATH ?? "").split(delimiter)) {
    for (const name of ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"]) {
      const file = join(folder, name);
      try {
        accessSync(file, constants.X_OK);
        return file;
      } catch {
        // The next place on the path.
      }
    }
  }
  return undefined;
}

/** "#aabbcc" → "rgb(170, 187, 204)", as a browser reports it. */
function asRgb(hex: string): string {
  const number = Number.parseInt(hex.slice(1), 16);
  return `rgb(${number >> 16}, ${(number >> 8) & 255}, ${number & 255})`;
}

const roles = Object.fromEntries(Object.entries(sentinelColours).map(([role, colour]) => [asRgb(colour), role]));
const wanted = new Map(
  listPages().flatMap((page) =>
    findDiagrams(readFileSync(page.file, "utf8")).map((diagram) => [diagram.hash, { ...diagram, file: page.file }] as const),
  ),
);
const missing = [...wanted.values()].filter((diagram) => process.argv.includes("--all") || !readDiagram(diagram.hash));
let failures = 0;

if (missing.length > 0) {
  const executablePath = chromiumPath();
  const browser = await chromium.launch({
    ...(executablePath ? { executablePath } : {}),
    args: process.getuid?.() === 0 ? ["--no-sandbox"] : [],
  });
  const page = await browser.newPage({ viewport: { width: 1200, height: 900 }, colorScheme: "light" });
  await page.setContent("<!doctype html><html><body></body></html>");
  await page.addScriptTag({
    path: fileURLToPath(new URL("mermaid.min.js", import.meta.resolve("mermaid"))),
  });
  for (const diagram of missing) {
    const place = `${diagram.file}:${diagram.line}`;
    const { title, description } = accessibleTexts(diagram.source);
    try {
      if (!title || !description) throw new Error("a diagram needs accTitle: and accDescr: lines");
      const ownColour = /^\s*(style|linkStyle|classDef)\s.*$/m.exec(diagram.source);
      if (ownColour)
        throw new Error(
          `"${ownColour[0].trim()}": colours come from the classes ${nodeClasses.join(", ")} (A:::data), which exist in both themes`,
        );
      const answer = await page.evaluate(drawInPage, {
        source: diagram.source,
        classDefinitions: classDefinitions(),
        id: `dg-${diagram.hash}`,
        config: mermaidConfig,
        roles,
      });
      writeDiagram(diagram.hash, { ...answer, title, description });
      console.log(`${place}: drawn as ${diagram.hash}`);
    } catch (error) {
      failures += 1;
      console.error(`${place}: ${error instanceof Error ? error.message : String(error)}`);
    }
  }
  await browser.close();
}

for (const hash of storedHashes()) {
  if (wanted.has(hash)) continue;
  removeDiagram(hash);
  console.log(`removed ${hash}: no lesson uses it`);
}
console.log(`${wanted.size} diagrams, ${missing.length} drawn, ${failures} failed`);
process.exitCode = failures > 0 ? 1 : 0;
