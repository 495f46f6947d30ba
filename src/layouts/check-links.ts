/**
 * Refuses a built site with a link of its own that leads nowhere: to a page or file that is not there, or to a place that its page
 * does not have. Runs once after the build, over the written files; what only a script adds to a page it does not see.
 */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const link = /<(?:a|link|script|img)\b[^>]*?\s(?:href|src)="([^"]+)"/g;
const place = /\sid="([^"]+)"/g;
/** Places in a hash that a script reads, not the browser: the sandbox's state. */
const readByScript = /^s\d+\./;

const unescaped = (text: string) => text.replaceAll("&amp;", "&").replaceAll("&#38;", "&").replaceAll("&#39;", "'");

interface BuiltPage {
  address: string;
  places: Set<string>;
  links: Set<string>;
}

function readPage(folder: string, file: string): BuiltPage {
  // What is shown as text or data is not a link.
  const html = readFileSync(join(folder, file), "utf8").replace(/<(script|style|template)\b[^>]*>[\s\S]*?<\/\1>/g, (block) =>
    block.slice(0, block.indexOf(">") + 1),
  );
  return {
    address: `/${file.replaceAll("\\", "/").replace(/index\.html$/, "")}`,
    places: new Set([...html.matchAll(place)].map(([, id = ""]) => unescaped(id))),
    links: new Set([...html.matchAll(link)].map(([, target = ""]) => unescaped(target))),
  };
}

/** @returns a sentence for each broken link of the built site in `folder` */
export function brokenLinks(folder: string): string[] {
  const pages = readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((file) => file.endsWith(".html"))
    .map((file) => readPage(folder, file));
  const byAddress = new Map(pages.map((page) => [page.address, page]));
  const exists = new Map<string, boolean>();
  const isFile = (path: string): boolean => {
    const known = exists.get(path) ?? existsSync(join(folder, path));
    exists.set(path, known);
    return known;
  };
  return pages.flatMap((page) =>
    [...page.links].flatMap((target) => {
      if (/^(?:[a-z][a-z0-9+.-]*:|\/\/)/i.test(target)) return [];
      const url = new URL(target, `http://site${page.address}`);
      const path = decodeURIComponent(url.pathname);
      const found = byAddress.get(path) ?? byAddress.get(`${path}/`);
      if (!found) return isFile(path) ? [] : [`${page.address}: ${target} leads nowhere`];
      const asked = decodeURIComponent(url.hash.slice(1));
      if (asked === "" || asked === "_top" || readByScript.test(asked) || found.places.has(asked)) return [];
      return [`${page.address}: ${target}: that page has no place "${asked}"`];
    }),
  );
}

export function checkLinks() {
  return {
    name: "meshwise:check-links",
    hooks: {
      "astro:build:done": ({ dir }: { dir: URL }): void => {
        const broken = brokenLinks(fileURLToPath(dir));
        if (broken.length > 0) throw new Error(`The site has ${broken.length} broken links:\n${broken.join("\n")}`);
      },
    },
  };
}
