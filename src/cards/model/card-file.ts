/**
 * Reads card files (content/<lang>/<module>/<lesson>.cards.yaml) into notes. Takes texts, not paths on a disk, so that the
 * site's build, the CLI and tests share it. What is wrong in a file comes back as issues with line and column, never thrown.
 */
import { type Document, isMap, isScalar, LineCounter, parseDocument } from "yaml";
import { z } from "zod";
import { picturesOf } from "../apkg/picture-file.ts";
import type { DiagramSource, FormWord, Grader } from "../card-types/card-type.ts";
import { cardTypeDefinitions, cardTypes } from "../card-types/index.ts";
import type { CardIssue, CardIssueCode } from "./card-issue.ts";
import { type CardSource, type CardSources, resolveSource } from "./card-sources.ts";
import { renderMarkdown } from "./markdown-html.ts";
import { type CardLanguage, type Note, ordinalsOf } from "./note.ts";
import { type CardRevisions, changedAtS, type RevisedContent } from "./revision.ts";

/** `path` as below the content folder: "en/foundations/why-mesh.cards.yaml". */
export interface CardFileText {
  path: string;
  text: string;
}

export interface ParsedCards {
  /** In the order of the files and of the cards in them; a card with an issue of its own is left out. */
  notes: Note[];
  /** What the revisions are counted over. */
  contents: RevisedContent[];
  issues: CardIssue[];
}

const variableRange = z.union([
  z.strictObject({ from: z.number(), to: z.number(), step: z.number().positive() }),
  z.array(z.number()).min(2),
]);

const derivedValue = z.union([
  z.strictObject({ of: z.union([z.number(), z.string()]), minus: z.string() }),
  z.strictObject({ repeat: z.number(), times: z.string() }),
]);

/** Fields of single card types; which type has which its definition says. */
const typeFields = {
  accept: z.array(z.string()).optional(),
  items: z.array(z.string()).optional(),
  config: z.string().optional(),
  wrong: z.string().optional(),
  right: z.string().optional(),
  diagram: z.string().optional(),
  part: z.string().optional(),
  scenario: z
    .strictObject({
      files: z.string(),
      variables: z.record(z.string().regex(/^\w+$/), variableRange),
      derived: z.record(z.string().regex(/^\w+$/), derivedValue).optional(),
      ask: z.record(z.string(), z.unknown()),
      scale: z.number().positive().optional(),
      unit: z.string().optional(),
      tolerance: z.number().min(0).optional(),
    })
    .optional(),
};

const cardSchema = z.strictObject({
  ...typeFields,
  slug: z.string(),
  type: z.enum(cardTypes).default("basic"),
  front: z.string(),
  back: z.string().default(""),
  source: z.string().optional(),
  tags: z.array(z.string().regex(/^\S+$/)).default([]),
  anki_id: z.int().positive().optional(),
  anki_guid: z.string().min(1).optional(),
  synced_at: z.string().optional(),
  synced_hash: z.string().optional(),
});

const fileSchema = z.strictObject({
  lesson: z.string(),
  draft: z.boolean().optional(),
  on_request: z.boolean().default(false),
  cards: z.array(cardSchema),
});

type CardEntry = z.infer<typeof cardSchema>;

/** What the file's own place says: its language, module and lesson. */
interface Place {
  path: string;
  lang: CardLanguage;
  module: string;
  lesson: string;
}

/** What a card file refers to. */
export interface CardSurroundings {
  /** content/card-revisions.json; none: every card is of the first edition. */
  revisions?: CardRevisions | undefined;
  /** The facts of content/facts.yaml; none: a fact's id is shown as it is. */
  sources?: CardSources | undefined;
  /** Drawn diagrams by title, for cards that show one or hide a part of it. */
  diagrams?: ReadonlyMap<string, DiagramSource> | undefined;
  /** Runs the scenario of an executable card for its static form; none: that form has no answer. */
  grader?: Grader | undefined;
  /** Words of static forms; none: the keys stand for themselves. */
  words?: ((lang: CardLanguage, key: FormWord) => string) | undefined;
}

/** One file: its notes and its issues. */
export function parseCardFile(file: CardFileText, around: CardSurroundings): ParsedCards {
  const lineCounter = new LineCounter();
  const document = parseDocument(file.text, { lineCounter });
  const parsed: ParsedCards = { notes: [], contents: [], issues: [] };
  const report: Report = (code, at, values = {}) => {
    const place = typeof at === "number" ? lineCounter.linePos(at) : positionOf(document, at, lineCounter);
    parsed.issues.push({ code, file: file.path, line: place.line, column: place.col, values });
  };

  const place = placeOf(file.path);
  if (!place) report("FileName", 0);
  for (const error of document.errors) report("Yaml", error.pos[0], { message: error.message.split("\n")[0] ?? "" });
  if (!place || document.errors.length > 0) return parsed;

  const checked = fileSchema.safeParse(document.toJS());
  if (!checked.success) {
    for (const issue of checked.error.issues) reportShape(issue, report);
    return parsed;
  }
  if (checked.data.lesson !== place.lesson) report("LessonName", ["lesson"], { lesson: place.lesson });
  for (const [index, card] of checked.data.cards.entries()) {
    const problems = parsed.issues.length;
    const reportField: FieldReport = (code, field, values) => report(code, ["cards", index, field], values);
    const source = sourceOf(card, around.sources, reportField);
    const note = noteOf(card, place, around, reportField);
    const content = contentOf(card, source, note);
    if (parsed.issues.length > problems) continue;
    const asked = checked.data.on_request ? { onRequest: true as const } : {};
    parsed.notes.push({ ...note, ...asked, source, changedAtS: changedAtS(content, around.revisions ?? {}) });
    parsed.contents.push(content);
  }
  return parsed;
}

/** All files of the site; slugs and GUIDs must be unique over all of them. */
export function parseCards(files: readonly CardFileText[], around: CardSurroundings): ParsedCards {
  const all: ParsedCards = { notes: [], contents: [], issues: [] };
  const slugs = new Set<string>();
  const guids = new Set<string>();
  for (const file of files) {
    const parsed = parseCardFile(file, around);
    all.notes.push(...parsed.notes);
    all.contents.push(...parsed.contents);
    all.issues.push(...parsed.issues);
    for (const { slug, ankiGuid: guid } of parsed.notes) {
      if (slugs.has(slug)) all.issues.push({ code: "DuplicateSlug", ...lineOfSlug(file, slug), values: { slug } });
      if (guid && guids.has(guid)) all.issues.push({ code: "DuplicateGuid", ...lineOfSlug(file, slug), values: { slug, guid } });
      slugs.add(slug);
      if (guid) guids.add(guid);
    }
  }
  return all;
}

/** Every card has its twin of the same type in the other language; drafts (named by lesson) are left out. */
export function checkPairs(files: readonly CardFileText[], notes: readonly Note[], drafts: ReadonlySet<string>): CardIssue[] {
  const bySlug = new Map(notes.map((note) => [note.slug, note]));
  return notes.flatMap((note): CardIssue[] => {
    if (drafts.has(note.lesson)) return [];
    const pair = note.slug.replace(/(en|ru)$/, note.lang === "en" ? "ru" : "en");
    const twin = bySlug.get(pair);
    if (twin && twin.type === note.type) return [];
    const file = files.find(({ path }) => path === `${note.lang}/${note.module}/${note.lesson}.cards.yaml`);
    const place = file ? lineOfSlug(file, note.slug) : { file: note.lesson, line: 1, column: 1 };
    return [{ code: twin ? "PairType" : "MissingPair", ...place, values: { slug: note.slug, pair } }];
  });
}

type Path = readonly (string | number)[];
type Report = (code: CardIssueCode, at: number | Path, values?: CardIssue["values"]) => void;
type FieldReport = (code: CardIssueCode, field: keyof CardEntry, values?: CardIssue["values"]) => void;

function placeOf(path: string): Place | undefined {
  const match = /^(en|ru)\/([a-z0-9-]+)\/([a-z0-9-]+)\.cards\.yaml$/.exec(path);
  if (!match) return undefined;
  const [, lang, module = "", lesson = ""] = match;
  return { path, lang: lang === "ru" ? "ru" : "en", module, lesson };
}

function reportShape(issue: z.core.$ZodIssue, report: Report): void {
  const path = issue.path.filter((part) => typeof part !== "symbol");
  const field = String(path.at(-1) ?? "cards");
  if (issue.code === "unrecognized_keys") {
    for (const key of issue.keys) report("UnknownField", [...path, key], { field: key });
  } else if (issue.code === "invalid_type" && issue.message.endsWith("received undefined")) {
    report("MissingField", path.slice(0, -1), { field });
  } else {
    report("WrongValue", path, { field });
  }
}

function noteOf(
  card: CardEntry,
  place: Place,
  around: CardSurroundings,
  report: FieldReport,
): Omit<Note, "source" | "changedAtS"> {
  if (!/^[a-z0-9]+(?:-[a-z0-9]+)*-(?:en|ru)$/.test(card.slug)) report("SlugForm", "slug", { slug: card.slug });
  else if (!card.slug.endsWith(`-${place.lang}`)) report("SlugLanguage", "slug", { slug: card.slug, lang: place.lang });
  if (card.front.trim() === "") report("Empty", "front", { field: "front" });
  if (card.back.trim() === "" && (card.type === "basic" || card.type === "reversed")) report("Empty", "back", { field: "back" });

  const definition = cardTypeDefinitions[card.type];
  for (const field of Object.keys(typeFields) as (keyof typeof typeFields)[]) {
    const isOwn = (definition.fields as readonly string[]).includes(field);
    if (card[field] !== undefined && !isOwn) report("UnknownField", field, { field });
  }
  const render = (markdown: string, field: string): string => {
    const isCloze = card.type === "cloze" && field === "front";
    const { html, unsupported, openCloze, hasCloze } = renderMarkdown(markdown, isCloze);
    const at = field as keyof CardEntry;
    for (const { construct, line } of unsupported) report("Markdown", at, { construct, textLine: line });
    if (isCloze && openCloze) report("OpenCloze", "front");
    if (!isCloze && hasCloze && card.type !== "cloze") report("ClozeInBasic", "front");
    if (isCloze && ordinalsOf({ type: "cloze", frontHtml: html }).length === 0)
      report("NoCloze", "front", { example: "{{c1::…}}" });
    return html;
  };
  const { content, frontHtml, backHtml, pictures } = definition.read(card, {
    lang: place.lang,
    slug: card.slug,
    render,
    report: (code, field, values) => report(code, field as keyof CardEntry, values),
    words: (key) => around.words?.(place.lang, key) ?? key,
    diagrams: around.diagrams ?? new Map(),
    grader: around.grader,
  });
  return {
    slug: card.slug,
    lang: place.lang,
    type: card.type,
    lesson: place.lesson,
    module: place.module,
    frontHtml,
    backHtml,
    ...(pictures ? { pictures } : {}),
    ...(content ? { content } : {}),
    tags: card.tags,
    ankiId: card.anki_id,
    ankiGuid: card.anki_guid,
  };
}

function sourceOf(card: CardEntry, known: CardSources | undefined, report: FieldReport): CardSource | undefined {
  if (card.source === undefined) return undefined;
  const source = resolveSource(card.source, known);
  if (!source) report("UnknownSource", "source", { source: card.source });
  return source;
}

function contentOf(card: CardEntry, source: CardSource | undefined, note: Pick<Note, "pictures">): RevisedContent {
  const fields = cardTypeDefinitions[card.type].fields.map((field) => card[field]).filter((value) => value !== undefined);
  const own = [...fields, ...picturesOf([note]).keys()];
  const back = own.length === 0 ? card.back : `${card.back}\u001f${JSON.stringify(own)}`;
  return { slug: card.slug, front: card.front, back, source: source?.url ?? source?.title, tags: card.tags };
}

/** The place of the innermost node on the path that is really in the document. */
function positionOf(document: Document, path: Path, lineCounter: LineCounter): { line: number; col: number } {
  for (let length = path.length; length >= 0; length--) {
    const offset = offsetAt(document, path.slice(0, length));
    if (offset !== undefined) return lineCounter.linePos(offset);
  }
  return { line: 1, col: 1 };
}

/** A field is found by its key, so that a block text (`front: |`) is reported where it is named. */
function offsetAt(document: Document, path: Path): number | undefined {
  const parent = path.length === 0 ? document.contents : document.getIn(path.slice(0, -1), true);
  const last = path.at(-1);
  if (isMap(parent) && typeof last === "string") {
    const key = parent.items.find((pair) => isScalar(pair.key) && pair.key.value === last)?.key;
    return isScalar(key) ? key.range?.[0] : undefined;
  }
  const node = path.length === 0 ? parent : document.getIn(path, true);
  return (node as { range?: [number, number, number] } | undefined)?.range?.[0];
}

function lineOfSlug(file: CardFileText, slug: string): { file: string; line: number; column: number } {
  const named = new RegExp(`\\bslug:\\s*["']?${slug}["']?\\s*$`);
  const lines = file.text.split(/\r?\n/);
  const index = Math.max(
    0,
    lines.findLastIndex((line) => named.test(line)),
  );
  return { file: file.path, line: index + 1, column: Math.max(1, (lines[index] ?? "").indexOf(slug) + 1) };
}
