/**
 * The numbers a lesson's prose says, block by block (a paragraph, an item, a row of a table), with what stands beside them. A number in
 * digits is a claim unless it is of one of the kinds below, which say nothing about how a mesh behaves.
 */
import type { Nodes, Root } from "mdast";
import type { Language } from "#i18n";
import { parseMdx } from "../import/mdx.ts";
import { wordNumbersIn } from "./number-words.ts";

export interface ProseNumber {
  /** As written: "1,200", "0,5". */
  text: string;
  value: number;
  isPercent: boolean;
}

export interface ProseBlock {
  line: number;
  /** The block's words, for arithmetic shown in it. */
  text: string;
  /** Facts cited in the block's section, that is, under the same heading of the second level. */
  cites: string[];
  numbers: ProseNumber[];
}

/** Parts of a page that claim nothing: what one will be able to do, questions about the text, code, the list of sources. */
const silentElements: ReadonlySet<string> = new Set(["Goals", "Question", "Sources", "Experiment", "Card", "Measured", "Cite"]);
const silentNodes: ReadonlySet<string> = new Set(["code", "inlineCode", "mdxjsEsm", "heading"]);

/** Names that a version, a port or a number of their own follows. */
const named =
  "Istio|Envoy|Linkerd|Kuma|Consul|Cilium|Kubernetes|HTTP|TLS|RFC|ports?|порт\\p{L}*|versions?|верси\\p{L}*|notes?|заметк\\p{L}*|layer|level|уров\\p{L}*";
const month =
  "January|February|March|April|May|June|July|August|September|October|November|December|января|февраля|марта|апреля|мая|июня|июля|августа|сентября|октября|ноября|декабря";
/** What follows a number that counts or measures; without it 200 and 500 are status codes. */
const counted = "requests?|ms|мс|s|с|запрос\\p{L}*|services|сервис\\p{L}*|files|файл\\p{L}*|MB|МБ|a second|в секунду|%";

/** Each with the reason why it is no claim. */
const kinds: readonly { why: string; before?: RegExp; is?: RegExp; after?: RegExp }[] = [
  { why: "part of a name: p99, v2, L4, S3, 5xx, x-b3", before: /[\p{L}_#/.-]$/u },
  { why: "part of a name", after: /^[-/]?(?:[\p{L}_])/u },
  { why: "version of three parts", after: /^\.[\dx]/ },
  { why: "part of a longer number", before: /\d[.:]$/ },
  { why: "time of day", after: /^:\d\d/ },
  {
    why: "number after its name",
    before: new RegExp(`(?<!\\p{L})(?:${named})\\s+(?:[\\d.]+(?:,|–|-| and| or| to| и| или| до)\\s*)*$`, "u"),
  },
  { why: "note", is: /^00\d$/ },
  { why: "year", is: /^(?:19[789]\d|20[0-4]\d)$/ },
  { why: "day of a date", after: new RegExp(`^\\s(?:${month})`) },
  { why: "port", is: /^(?:80|443|587|330[67]|4143|4191|4444|5432|6379|8080|8443|9090|150\d\d|27017)$/ },
  { why: "status code", is: /^(?:101|20[1-6]|30[1-8]|40[1-9]|41\d|42\d|431|50[1-4])$/ },
  { why: "status code", is: /^[245]00$/, after: new RegExp(`^(?!\\s*(?:${counted})(?!\\p{L}))`, "u") },
];

const numberPattern: Readonly<Record<Language, RegExp>> = {
  en: /\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?/g,
  ru: /\d{1,3}(?:[\u00a0\u202f ]\d{3})+(?!\d)(?:,\d+)?|\d+(?:,\d+)?/g,
};

function readNumber(text: string, language: Language): number {
  return Number(language === "en" ? text.replaceAll(",", "") : text.replace(/[\s\u00a0\u202f]/g, "").replace(",", "."));
}

/** In digits and in words. */
export function numbersIn(text: string, language: Language): ProseNumber[] {
  const inWords = wordNumbersIn(text, language).map(({ text: written, value }) => ({ text: written, value, isPercent: false }));
  return [...inDigits(text, language), ...inWords];
}

function inDigits(text: string, language: Language): ProseNumber[] {
  return [...text.matchAll(numberPattern[language])].flatMap((match) => {
    const [written] = match;
    const before = text.slice(Math.max(0, match.index - 40), match.index);
    const after = text.slice(match.index + written.length, match.index + written.length + 24);
    const isNoClaim = kinds.some(
      (kind) =>
        (kind.is === undefined || kind.is.test(written)) &&
        (kind.before === undefined || kind.before.test(before)) &&
        (kind.after === undefined || kind.after.test(after)),
    );
    return isNoClaim ? [] : [{ text: written, value: readNumber(written, language), isPercent: /^[\s\u00a0]?%/.test(after) }];
  });
}

const isElement = (node: Nodes) => node.type === "mdxJsxFlowElement" || node.type === "mdxJsxTextElement";
const nameOf = (node: Nodes): string => (isElement(node) ? ((node as { name?: string | null }).name ?? "") : "");

/** Code becomes a stroke, so that what stood around it does not run together. */
function wordsOf(node: Nodes): string {
  if (node.type === "inlineCode" || nameOf(node) === "Measured") return "–";
  if (silentNodes.has(node.type) || silentElements.has(nameOf(node))) return "";
  if ("value" in node && node.type === "text") return node.value;
  const inside = "children" in node ? node.children.map(wordsOf).join(node.type === "tableRow" ? " | " : "") : "";
  return nameOf(node) === "sup" ? `^${inside}` : inside;
}

function citesOf(node: Nodes): string[] {
  if (nameOf(node) === "Cite") {
    const { attributes } = node as unknown as { attributes: { name: string; value: unknown }[] };
    return attributes.flatMap(({ name, value }) => (name === "id" && typeof value === "string" ? [value] : []));
  }
  return "children" in node ? node.children.flatMap(citesOf) : [];
}

/** @throws as the parser does for text that is no MDX */
export function proseBlocks(body: string, language: Language): ProseBlock[] {
  const blocks: ProseBlock[] = [];
  let cites: string[] = [];
  const add = (node: Nodes) => {
    const text = wordsOf(node);
    cites.push(...citesOf(node));
    blocks.push({ line: node.position?.start.line ?? 1, text, cites, numbers: numbersIn(text, language) });
  };
  const visit = (node: Nodes) => {
    if (node.type === "heading" && node.depth === 2) cites = [];
    if (silentNodes.has(node.type) || silentElements.has(nameOf(node))) return;
    const isWhole =
      node.type === "paragraph" ||
      node.type === "tableRow" ||
      (isElement(node) && !("children" in node && node.children.some((child) => child.type === "paragraph")));
    if (isWhole) add(node);
    else if ("children" in node) for (const child of node.children) visit(child as Nodes);
  };
  visit(parseMdx(body) as Root);
  return blocks;
}
