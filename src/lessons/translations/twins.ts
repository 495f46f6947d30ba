/**
 * Every piece of content that has a Russian twin of its own, as text: the sections of lessons, cards, interview questions
 * and design tasks, the texts of levels and exhibits, facts, terms of the glossary. Small enough that "this one is stale" helps an author.
 */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { splitFrontmatter } from "../frontmatter.ts";

/** Text of both languages; one of them is undefined when the piece exists in the other alone. */
export interface Twin {
  /** Path beneath content/en and content/ru, or of the file that holds both languages. */
  file: string;
  /** A heading of the English text, a slug, or "text" for a file that is one piece. */
  section: string;
  en: string | undefined;
  ru: string | undefined;
}

type Pieces = ReadonlyMap<string, string>;

/** The title and description, then each part under a heading of the second level, in order of the page. */
export function lessonSections(page: string): { title: string; text: string }[] {
  const { head, body } = splitFrontmatter(page);
  const sections = [{ title: "", text: head }];
  let fence: string | undefined;
  for (const line of body.split("\n")) {
    const mark = /^\s*(`{3,}|~{3,})/.exec(line)?.[1];
    if (mark && !fence) fence = mark;
    else if (mark && fence && mark.startsWith(fence)) fence = undefined;
    const heading = fence ? undefined : /^## (.+)$/.exec(line)?.[1];
    if (heading) sections.push({ title: heading.replace(/<[^>]*>/g, "").trim(), text: "" });
    const last = sections.at(-1);
    if (last) last.text += `\n${line}`;
  }
  return sections;
}

function lessonTwins(file: string, en: string, ru: string): Twin[] {
  const [english, russian] = [lessonSections(en), lessonSections(ru)];
  return Array.from({ length: Math.max(english.length, russian.length) }, (_, index) => {
    const title = english[index]?.title ?? `section ${index}`;
    return { file, section: `${index} ${title}`.trim(), en: english[index]?.text, ru: russian[index]?.text };
  });
}

/** Entries of a list by their slug, without the language at its end. */
function listPieces(text: string): Pieces {
  const parsed = parse(text) as unknown;
  const list = Array.isArray(parsed) ? parsed : ((parsed as { cards?: unknown[] } | null)?.cards ?? []);
  return new Map(
    list.map((entry) => [String((entry as { slug?: unknown }).slug).replace(/-(en|ru)$/, ""), JSON.stringify(entry)] as const),
  );
}

function pieceTwins(file: string, en: Pieces, ru: Pieces): Twin[] {
  return [...new Set([...en.keys(), ...ru.keys()])].map((section) => ({
    file,
    section,
    en: en.get(section),
    ru: ru.get(section),
  }));
}

function twinsOfPair(file: string, en: string, ru: string): Twin[] {
  if (file.endsWith(".mdx")) return lessonTwins(file, en, ru);
  if (file.endsWith(".cards.yaml") || file.startsWith("interview/")) return pieceTwins(file, listPieces(en), listPieces(ru));
  return [{ file, section: "text", en, ru }];
}

/** Lists whose entries hold both languages side by side, under `en` and `ru` or under names that end so. */
const sharedLists = [
  { file: "facts.yaml", list: "facts", id: "id" },
  { file: "glossary.yaml", list: "terms", id: "id" },
] as const;

function sharedTwins(content: string): Twin[] {
  return sharedLists.flatMap(({ file, list, id }) => {
    const path = join(content, file);
    if (!existsSync(path)) return [];
    const entries = (parse(readFileSync(path, "utf8")) as Record<string, Record<string, unknown>[]>)[list] ?? [];
    return entries.map((entry) => ({
      file,
      section: String(entry[id]),
      en: entry.en === undefined ? undefined : JSON.stringify(entry.en),
      ru: entry.ru === undefined ? undefined : JSON.stringify(entry.ru),
    }));
  });
}

/** In the order of the files' names, then of the English text. A file that only one language has is another check's to name. */
export function listTwins(content: string): Twin[] {
  const files = readdirSync(join(content, "en"), { recursive: true, encoding: "utf8" })
    .map((file) => file.replaceAll("\\", "/"))
    .filter((file) => /\.(mdx|yaml)$/.test(file) && existsSync(join(content, "ru", file)))
    .sort();
  const read = (language: string, file: string) => readFileSync(join(content, language, file), "utf8");
  return [...files.flatMap((file) => twinsOfPair(file, read("en", file), read("ru", file))), ...sharedTwins(content)];
}
