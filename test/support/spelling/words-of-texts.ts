/** The words of what a learner reads, with where they stand: prose of lessons, strings of card files, interview, levels, museum, locales. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Nodes } from "mdast";
import { parse } from "yaml";
import type { Language } from "../../../src/i18n/index.ts";
import { diagramTexts } from "../../../src/lessons/claims/retold-numbers.ts";
import { splitFrontmatter } from "../../../src/lessons/frontmatter.ts";
import { parseMdx } from "../../../src/lessons/import/mdx.ts";

/** Names and code: not for a dictionary. */
const silentKeys: ReadonlySet<string> = new Set([
  "slug",
  "source",
  "sources",
  "tags",
  "type",
  "config",
  "files",
  "scenario",
  "experiment",
  "yaml",
  "facts",
  "lesson",
  "lessons",
  "url",
  "id",
  "fact",
  "diagram",
  "part",
  "code",
  "versions",
  "seen",
  "avoid",
]);

const wordPattern: Readonly<Record<Language, RegExp>> = {
  // Neither part of an identifier, a path or an address, nor an abbreviation in capitals.
  en: /(?<![\p{L}\p{N}_.$@/:#=-])[A-Za-z]?[a-z]+(?:['’][a-z]+)?(?![\p{L}\p{N}_/=@(]|[.:]\w|-\w*\d)/gu,
  ru: /(?<![\p{L}\p{N}])[А-Яа-яЁё]+(?![\p{L}\p{N}])/gu,
};

export function wordsIn(text: string, language: Language): string[] {
  const prose = text
    .replaceAll(/```[\s\S]*?```|`[^`]*`|<[^>]*>|\{\{c\d+::|\}\}|\{\{[^}]*\}\}|\[@[^\]]*\]|https?:\/\/\S+/g, " ")
    .replaceAll("­", "");
  return [...prose.matchAll(wordPattern[language])].map(([word]) => word);
}

function stringsOf(value: unknown, key = ""): string[] {
  if (silentKeys.has(key)) return [];
  if (typeof value === "string") return [value];
  if (Array.isArray(value)) return value.flatMap((entry) => stringsOf(entry, key));
  if (typeof value === "object" && value !== null)
    return Object.entries(value).flatMap(([name, entry]) => stringsOf(entry, name));
  return [];
}

/** Running text, texts in attributes, and the words of diagrams. */
function proseOf(page: string): string[] {
  const { head, body } = splitFrontmatter(page);
  const texts = stringsOf(parse(head));
  const visit = (node: Nodes): string => {
    if (node.type === "text") return node.value;
    if (node.type === "code" && node.lang === "mermaid") texts.push(...diagramTexts(node.value));
    if ("attributes" in node) {
      for (const attribute of node.attributes) {
        if (
          attribute.type === "mdxJsxAttribute" &&
          ["ask", "why"].includes(attribute.name) &&
          typeof attribute.value === "string"
        )
          texts.push(attribute.value);
      }
    }
    // Emphasis inside a word and code beside it must not cut or join words.
    if (node.type === "inlineCode") return "`-`";
    return "children" in node
      ? node.children
          .map((child) => visit(child as Nodes))
          .join(node.type === "root" || node.type.startsWith("table") || node.type.startsWith("list") ? "\n" : "")
      : "";
  };
  return [visit(parseMdx(body)), ...texts];
}

export interface TextFile {
  file: string;
  texts: string[];
}

const read = new Map<Language, TextFile[]>();

/** Everything in one language, as files beneath the project's root. Read once: parsing the lessons takes seconds. */
export function textFiles(language: Language): readonly TextFile[] {
  const known = read.get(language) ?? readTexts(language);
  read.set(language, known);
  return known;
}

function readTexts(language: Language): TextFile[] {
  const list = (folder: string, pattern: RegExp) =>
    readdirSync(folder, { recursive: true, encoding: "utf8" })
      .filter((name) => pattern.test(name))
      .map((name) => join(folder, name));
  const textOf = (file: string) => readFileSync(file, "utf8");
  const shared = (["facts.yaml", "glossary.yaml", "curriculum.yaml", "exam-domains.yaml"] as const).map((name) => {
    const own = (value: unknown): unknown[] => {
      if (Array.isArray(value)) return value.flatMap(own);
      if (typeof value !== "object" || value === null) return [];
      return Object.entries(value).flatMap(([key, entry]) => (key === language ? [entry] : own(entry)));
    };
    return { file: `content/${name}`, texts: stringsOf(own(parse(textOf(join("content", name))))) };
  });
  return [
    ...list(join("content", language), /\.mdx$/).map((file) => ({ file, texts: proseOf(textOf(file)) })),
    ...list(join("content", language), /\.yaml$/).map((file) => ({ file, texts: stringsOf(parse(textOf(file))) })),
    ...list(join("src/i18n/locales", language), /\.json$/).map((file) => ({ file, texts: stringsOf(JSON.parse(textOf(file))) })),
    ...shared,
  ];
}
