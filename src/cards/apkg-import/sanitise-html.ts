/**
 * A stranger's HTML → HTML that can only be read. The input is cut into tags and text, and the output is written anew from
 * a short list of tags, without attributes but a checked link; text is escaped as everywhere in our cards. Nothing of the
 * input's markup is copied, and no element with rules of its own (svg, math, style, template …) is ever written, so a
 * browser cannot read the result otherwise than meant. One function for page, worker and command line: none of them
 * needs a DOM. Clean HTML goes through unchanged, so it may be applied again wherever HTML comes from storage or a file.
 */
import { ankiSafeText } from "../model/anki-safe-text.ts";
import { type ClozeState, splitCloze } from "../model/cloze.ts";
import { mediaNameAsSource, mediaNameFault, mediaNameOf } from "../model/media-name.ts";
import { isOwnSlug, type Note } from "../model/note.ts";
import { decodeEntities } from "./html-entities.ts";

const voidTags = new Set(["br", "hr"]);
const allowedTags = new Set(
  (
    "p br hr div span b strong i em u s del ins sub sup small mark code pre kbd samp var blockquote ul ol li dl dt dd " +
    "table caption thead tbody tfoot tr th td h1 h2 h3 h4 h5 h6 ruby rt rp a"
  ).split(" "),
);
/** What stands inside is not text for the reader. */
const droppedWithContent = new Set(
  "script style iframe object embed svg math template noscript noembed noframes textarea title select xmp audio video canvas head".split(
    " ",
  ),
);
/** Deeper than any text; browsers and this function's own search stay quick. */
const deepestNesting = 100;
const blockTags = new Set("div p".split(" "));

/**
 * @param cloze keep Anki's deletions `{{c1::…}}`, and nothing else of what Anki would act upon
 * @param media keep pictures and sounds that are named as files in Anki's media folder; nothing is ever loaded from elsewhere
 */
export function sanitiseHtml(html: string, { cloze = false, media = false } = {}): string {
  const state: ClozeState = { openBraces: [] };
  const open: string[] = [];
  let output = "";
  // Text waits until markup is written: what is left out between two pieces must not join them into something Anki acts upon.
  let pending = "";
  const addText = (text: string) => {
    pending += text;
  };
  const flush = () => {
    const text = pending;
    pending = "";
    let before = "";
    for (const piece of text.split(/(\[sound:[^\]]*\])/)) {
      const name = /^\[sound:(.*)\]$/s.exec(piece)?.[1];
      if (name === undefined) {
        const joined = joins(before, piece);
        if (joined) output += "<!-- -->";
        writeText(piece);
        before = joined ? piece : before + piece;
      } else if (media && mediaNameFault(name) === undefined) {
        output += `[sound:${ankiSafeText(name)}]`;
        before = "";
      }
    }
  };
  const writeText = (text: string) => {
    if (!cloze) {
      output += ankiSafeText(text);
      return;
    }
    const pieces = splitCloze(text, state);
    for (const [index, { kind, text: part }] of pieces.entries()) {
      // A brace of the text must not join a marker's.
      const apart = kind === "literal" && pieces[index + 1] !== undefined && /[{}]$/.test(part);
      output += kind === "literal" ? ankiSafeText(part) + (apart ? "<!-- -->" : "") : part;
    }
  };
  const write = (markup: string) => {
    flush();
    output += markup;
  };
  let at = 0;
  while (at < html.length) {
    const next = html.indexOf("<", at);
    const textEnd = next === -1 ? html.length : next;
    if (textEnd > at) addText(decodeEntities(html.slice(at, textEnd)));
    if (next === -1) break;
    const token = readTag(html, next);
    at = token.end;
    if (token.kind === "comment" && token.empty) write("<!-- -->");
    else if (token.kind === "text") addText("<");
    else if (token.kind === "open") {
      if (droppedWithContent.has(token.name)) {
        const name = media && /^(?:audio|video)$/.test(token.name) ? mediaNameOf(token.attributes.get("src") ?? "") : undefined;
        if (name !== undefined) addText(`[sound:${name}]`);
        at = endOfDropped(html, at, token.name);
      } else if (token.name === "img") {
        const image = media ? imageTag(token.attributes) : undefined;
        if (image === undefined) addText(imageText(token.attributes));
        else write(image);
      } else if (allowedTags.has(token.name)) {
        if (open.length >= deepestNesting) continue;
        write(openTag(token.name, token.attributes));
        if (!voidTags.has(token.name)) open.push(token.name);
      }
    } else if (token.kind === "close" && open.includes(token.name)) {
      while (open.at(-1) !== token.name) write(`</${open.pop()}>`);
      write(`</${open.pop()}>`);
    } else if (token.kind === "close" && blockTags.has(token.name) && open.length === 0) {
      addText(" ");
    }
  }
  while (open.length > 0) write(`</${open.pop()}>`);
  flush();
  // A deletion left open would swallow what the page writes behind it.
  return state.openBraces.length > 0 ? sanitiseHtml(html, { media }) : output;
}

/** Would Anki act upon what two texts are together, and upon neither alone? */
function joins(one: string, other: string): boolean {
  return ankiSafeText(one + other) !== ankiSafeText(one) + ankiSafeText(other);
}

/** A note from a file or from storage; nothing changes in one that was sanitised before. Of what a learner can do, typing alone comes with it. */
export function sanitiseNote({ pictures: _ours, content, ...note }: Note): Note {
  const media = !isOwnSlug(note.slug);
  const frontHtml = sanitiseHtml(note.frontHtml, { cloze: note.type === "cloze", media });
  const clean: Note = { ...note, frontHtml, backHtml: sanitiseHtml(note.backHtml, { media }) };
  if (content?.type !== "typed") return clean;
  const accept = content.accept.map(String).filter((one) => one.trim() !== "");
  return accept.length === 0
    ? clean
    : { ...clean, content: { type: "typed", accept, whyHtml: sanitiseHtml(content.whyHtml, { media }) } };
}

/** The text alone: for names, tags and previews. */
export function plainText(html: string): string {
  const clean = sanitiseHtml(html).replace(/<(?:br|hr)>|<\/(?:p|div|li|tr|h\d)>/g, " ");
  return decodeEntities(clean.replace(/<[^>]*>/g, ""))
    .replace(/\s+/g, " ")
    .trim();
}

type Attributes = ReadonlyMap<string, string>;
type Tag =
  | { kind: "text"; end: number }
  | { kind: "comment"; end: number; empty: boolean }
  | { kind: "open"; end: number; name: string; attributes: Attributes }
  | { kind: "close"; end: number; name: string };

/** What begins with the "<" at `start`; follows the HTML tokenizer closely enough to find where it ends. */
function readTag(html: string, start: number): Tag {
  if (html.startsWith("<!--", start)) {
    const close = html.indexOf("-->", start + 4);
    const end = close === -1 ? html.length : close + 3;
    return { kind: "comment", end, empty: html.slice(start, end) === "<!-- -->" };
  }
  const nameMatch = /^<(\/?)([a-zA-Z][^\s/>]{0,60})/.exec(html.slice(start, start + 64));
  if (!nameMatch) {
    if (!/^<[!?/]/.test(html.slice(start, start + 2))) return { kind: "text", end: start + 1 };
    const close = html.indexOf(">", start);
    return { kind: "comment", end: close === -1 ? html.length : close + 1, empty: false };
  }
  const name = nameMatch[2]!.toLowerCase();
  const { end, attributes } = readAttributes(html, start + nameMatch[0].length);
  return nameMatch[1] === "/" ? { kind: "close", end, name } : { kind: "open", end, name, attributes };
}

const attribute = /[\s/]*([^\s/>=][^\s/>=]*)(?:\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s>"'][^\s>]*)))?/y;

function readAttributes(html: string, start: number): { end: number; attributes: Attributes } {
  const attributes = new Map<string, string>();
  let at = start;
  for (;;) {
    attribute.lastIndex = at;
    const match = attribute.exec(html);
    if (!match) break;
    at = attribute.lastIndex;
    const [, name = "", double, single, bare] = match;
    if (!attributes.has(name.toLowerCase())) attributes.set(name.toLowerCase(), decodeEntities(double ?? single ?? bare ?? ""));
  }
  const close = html.indexOf(">", at);
  return { end: close === -1 ? html.length : close + 1, attributes };
}

function endOfDropped(html: string, at: number, name: string): number {
  const close = new RegExp(`</${name}(?=[\\s/>])[^>]*>`, "gi");
  close.lastIndex = at;
  return close.exec(html) ? close.lastIndex : html.length;
}

function openTag(name: string, attributes: Attributes): string {
  if (name === "a") {
    const href = safeLink(attributes.get("href") ?? "");
    return href === undefined ? "<a>" : `<a href="${href}" rel="noopener">`;
  }
  // What our own Markdown writes, so that our cards come back as they went.
  const start = name === "ol" && /^\d{1,6}$/.test(attributes.get("start") ?? "") ? ` start="${attributes.get("start")}"` : "";
  const aligned = (name === "td" || name === "th") && /^(?:left|center|right)$/.test(attributes.get("align") ?? "");
  if (aligned) return `<${name} align="${attributes.get("align")}">`;
  const language = name === "code" && /^language-[\w+-]{1,30}$/.test(attributes.get("class") ?? "");
  return `<${name}${start}${language ? ` class="${attributes.get("class")}"` : ""}>`;
}

/** https, http and mailto only; written so that no character of it can end the attribute or start a field in Anki. */
function safeLink(value: string): string | undefined {
  if (!URL.canParse(value)) return undefined;
  const url = new URL(value);
  if (!["https:", "http:", "mailto:"].includes(url.protocol) || url.username !== "" || url.password !== "") return undefined;
  const written: Readonly<Record<string, string>> = {
    "&": "&amp;",
    '"': "%22",
    "'": "%27",
    "<": "%3C",
    ">": "%3E",
    "{": "%7B",
    "}": "%7D",
  };
  return url.href.replace(/[&"'<>{}]/g, (character) => written[character]!);
}

/** A picture in Anki's media folder. */
function imageTag(attributes: Attributes): string | undefined {
  const name = mediaNameOf(attributes.get("src") ?? "");
  if (name === undefined) return undefined;
  const alt = ankiSafeAttribute((attributes.get("alt") ?? "").trim().slice(0, 500));
  return `<img src="${mediaNameAsSource(name)}" alt="${alt}">`;
}

/** No character of it can end the attribute, begin a field or a deletion in Anki. */
function ankiSafeAttribute(text: string): string {
  return text.replace(/[&"<>{}[\]\\]/g, (character) => `&#${character.charCodeAt(0)};`);
}

/** Pictures from elsewhere are not kept; their name or their description stands in their place. Addresses elsewhere are not shown. */
function imageText(attributes: Attributes): string {
  const alt = (attributes.get("alt") ?? "").trim();
  const source = attributes.get("src") ?? "";
  const name = alt !== "" ? alt : /^[\p{L}\p{N}_ .()-]{1,120}$/u.test(source) && source.length > 1 ? source : "";
  return name === "" ? "" : `[${name}]`;
}
