/**
 * Completes the Content-Security-Policy of built pages: Astro hashes the scripts it may write into some page, not the few that
 * are written inline on purpose (the theme is set before the first paint). Each page gets the hashes of its own inline
 * scripts and no other permission. Runs once after the build; never touches a script.
 */
import { createHash } from "node:crypto";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { assert } from "#base";

const inlineScript = /<script\b([^>]*)>([\s\S]*?)<\/script>/g;
const policyTag = /(<meta http-equiv="content-security-policy" content="[^"]*?script-src )([^;"]*)/;

/** `'sha256-…'` for each script of the page that a browser would run from the page itself. */
export function inlineScriptHashes(html: string): string[] {
  const runnable = [...html.matchAll(inlineScript)].filter(
    ([, attributes = ""]) =>
      !/\bsrc\s*=/.test(attributes) && !/\btype\s*=\s*["']?(?!module|text\/javascript)[\w+/.-]+/.test(attributes),
  );
  return [...new Set(runnable.map(([, , source = ""]) => `'sha256-${createHash("sha256").update(source).digest("base64")}'`))];
}

/** The page with the hashes of its inline scripts in script-src, and no other hash. */
export function sealPage(html: string): string {
  assert(policyTag.test(html), "every built page carries a content security policy");
  const own = inlineScriptHashes(html);
  return html.replace(policyTag, (_tag, before: string, sources: string) => {
    const others = sources.split(" ").filter((source) => source !== "" && !source.startsWith("'sha256-"));
    return `${before}${[...others, ...own].join(" ")}`;
  });
}

/** The Astro integration; goes last, so that it sees what the others wrote. */
export function sealInlineScripts() {
  return {
    name: "meshwise:seal-inline-scripts",
    hooks: {
      "astro:build:done": ({ dir }: { dir: URL }) => {
        const folder = fileURLToPath(dir);
        for (const name of readdirSync(folder, { recursive: true, encoding: "utf8" })) {
          if (!name.endsWith(".html")) continue;
          const file = join(folder, name);
          writeFileSync(file, sealPage(readFileSync(file, "utf8")));
        }
      },
    },
  };
}
