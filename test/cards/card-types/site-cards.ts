/** The site's own cards, read as the build reads them. */
import { readdirSync, readFileSync } from "node:fs";
import { type ParsedCards, parseCards } from "#cards";
import { cardSurroundings } from "#lessons";

let parsed: Promise<ParsedCards> | undefined;

export function siteCards(): Promise<ParsedCards> {
  parsed ??= read();
  return parsed;
}

async function read(): Promise<ParsedCards> {
  const files = ["en", "ru"].flatMap((lang) =>
    readdirSync(`content/${lang}`, { recursive: true, encoding: "utf8" })
      .filter((name) => name.endsWith(".cards.yaml"))
      .map((name) => ({ path: `${lang}/${name}`, text: readFileSync(`content/${lang}/${name}`, "utf8") })),
  );
  return parseCards(files, await cardSurroundings());
}
