/**
 * Rows of `notes` → notes that can be practised here. Ours keep their slug (it is in the GUID, or in the field Key: of our
 * note types, and of those that other tools of the author made, where it stands first); others get one from their GUID, which is what Anki itself knows a note by. All HTML is sanitised.
 */
import type { SqlValue } from "sql.js";
import { withoutPictures } from "../apkg/note-fields.ts";
import { noteTypes } from "../apkg/note-types.ts";
import type { CardSource } from "../model/card-sources.ts";
import type { CardLanguage, CardType, Note } from "../model/note.ts";
import { isOwnSlug, ordinalsOf } from "../model/note.ts";
import { sha1Hex } from "../model/sha1.ts";
import type { CollectionDatabase } from "./collection-database.ts";
import { fillTemplate, isEmptyField, withoutOuterBreaks } from "./fill-template.ts";
import type { NoticeBoard } from "./import-failure.ts";
import type { ImportLimits } from "./import-limits.ts";
import type { CardTemplate, CollectionFacts, ForeignNoteType } from "./note-kinds.ts";
import { plainText, sanitiseHtml } from "./sanitise-html.ts";

export interface PackageNote {
  note: Note;
  templates: number;
}

/** A row as Anki has it: fields by name, HTML untouched. */
export interface RawNote {
  id: number;
  guid: string;
  /** What we know it by; two rows may have the same. */
  slug: string;
  type: ForeignNoteType;
  changedAtS: number;
  tags: readonly string[];
  fields: ReadonlyMap<string, string>;
}

export interface NoteReading {
  limits: ImportLimits;
  notices: NoticeBoard;
  observe?: ((note: RawNote) => void) | undefined;
}

/** A card's place in the package, as far as a note needs it. */
export interface NotePlace {
  ords: ReadonlySet<number>;
  deck: string;
}

const unplaced: NotePlace = { ords: new Set([0]), deck: "Default" };
const ourTypes = new Map(Object.entries(noteTypes).map(([type, { id }]) => [id, type as CardType]));

/**
 * @param places note id → its cards; a note without one comes as a new one
 * @returns note id → note
 */
export function readNotes(
  database: CollectionDatabase,
  { noteTypes: types }: CollectionFacts,
  places: ReadonlyMap<number, NotePlace>,
  { limits, notices, observe }: NoteReading,
): Map<number, PackageNote> {
  const notes = new Map<number, PackageNote>();
  const guids = new Set<string>();
  const slugs = new Set<string>();
  const fields = `CASE WHEN length(flds)>${limits.noteCharacters} THEN NULL ELSE flds END`;
  database.eachRow("notes", ["id", "guid", "mid", "mod", "tags", fields], limits.notes, (row) => {
    const [id, guidCell, typeId, mod, tags, values] = row;
    const place = places.get(Number(id));
    const type = types.get(Number(typeId));
    if (!type) return notices.add("UnknownNoteType");
    if (values === null) return notices.add("FieldTooLong");
    const texts = textOfCell(values).split("\u001f");
    if (texts.length !== type.fields.length) return notices.add("WrongFieldCount");
    const guid = textOfCell(guidCell);
    const slug = slugOf(guid, type, texts);
    observe?.({
      id: Number(id),
      guid,
      slug,
      type,
      changedAtS: Number(mod),
      tags: tagsIn(textOfCell(tags)),
      fields: new Map(type.fields.map((name, index) => [name, texts[index]!])),
    });
    if (guids.has(guid) || slugs.has(slug)) return notices.add("DuplicateGuid");
    const parts = { guid, slug, type, texts, place: place ?? unplaced, tags: textOfCell(tags), mod: Number(mod) };
    if (!hasQuestion(parts)) return notices.add("EmptyNote");
    if (type.kind === "cloze" && texts.some((text) => text.includes("::image-occlusion:"))) return notices.add("ImageOcclusion");
    const note = noteFrom(parts);
    if (ordinalsOf(note).length === 0) return notices.add("EmptyNote");
    guids.add(guid);
    slugs.add(slug);
    notes.set(Number(id), { note, templates: type.templates.length });
  });
  return notes;
}

function slugOf(guid: string, type: ForeignNoteType, texts: readonly string[]): string {
  const named = guid.startsWith("mesh:") ? guid.slice("mesh:".length) : "";
  if (isOwnSlug(named)) return named;
  const key = ourTypes.has(type.id) || type.fields[0] === "Key" ? (texts[type.fields.indexOf("Key")] ?? "") : "";
  if (isOwnSlug(key)) return key;
  return `anki-${sha1Hex(guid).slice(0, 16)}`;
}

interface NoteParts {
  guid: string;
  slug: string;
  type: ForeignNoteType;
  texts: readonly string[];
  place: NotePlace;
  tags: string;
  mod: number;
}

/** Whether a field of the question says something; the text around the fields alone is no question, in Anki neither. */
function hasQuestion({ type, place, texts }: NoteParts): boolean {
  const { questionFields } = sidesOf(type, kindOf(type, place));
  return questionFields.some((field) => !isEmptyField(texts[type.fields.indexOf(field)] ?? ""));
}

function noteFrom({ guid, slug, type, texts, place, tags, mod }: NoteParts): Note {
  const kind = kindOf(type, place);
  const value = (field: string) => texts[type.fields.indexOf(field)] ?? "";
  const sides = sidesOf(type, kind);
  const isOurs = isOwnSlug(slug);
  const html = (fields: readonly string[], cloze = false) =>
    fields
      .map((field) => sanitiseHtml(isOurs ? withoutPictures(value(field)) : value(field), { cloze, media: !isOurs }))
      .filter((text) => text !== "")
      .join("<br>");
  // A side of a reversed card is question and answer in turn: its fields alone.
  const asWritten = isOurs || kind === "reversed" ? undefined : sides.question;
  const frontHtml =
    asWritten === undefined
      ? html(sides.questionFields, kind === "cloze")
      : withoutOuterBreaks(sanitiseHtml(fillTemplate(asWritten, valueIn(type, texts)), { cloze: kind === "cloze", media: true }));
  const words = tagsIn(tags);
  const source = isOurs ? sourceFrom(value("Source")) : undefined;
  return {
    slug,
    lang: languageOf(slug, value("Lang"), `${frontHtml} ${value(sides.answerFields[0] ?? "")}`),
    type: kind,
    lesson: words.find((tag) => tag.startsWith("lesson::"))?.slice("lesson::".length) ?? "",
    module: "",
    deck: place.deck,
    frontHtml,
    backHtml: html(sides.answerFields),
    ...(source ? { source } : {}),
    tags: isOurs ? words.filter((tag) => tag.startsWith("topic::")).map((tag) => tag.slice("topic::".length)) : words,
    changedAtS: Number.isSafeInteger(mod) && mod > 0 ? mod : 0,
    ...(guid === `mesh:${slug}` ? {} : { ankiGuid: guid }),
  };
}

function valueIn(type: ForeignNoteType, texts: readonly string[]): (field: string) => string | undefined {
  const values = new Map(type.fields.map((name, index) => [name, texts[index]!]));
  return (field) => values.get(field);
}

function tagsIn(text: string): string[] {
  return text.split(/\s+/).filter((tag) => tag !== "");
}

/** Two templates that mirror each other, and a card of the second: both directions. */
function kindOf(type: ForeignNoteType, { ords }: NotePlace): CardType {
  const ours = ourTypes.get(type.id);
  if (ours) return ours;
  if (type.kind === "cloze") return "cloze";
  const [first, second] = type.templates;
  const mirrored =
    first !== undefined && second?.questionFields[0] !== undefined && first.answerFields.includes(second.questionFields[0]);
  return mirrored && ords.has(1) ? "reversed" : "basic";
}

type Sides = Omit<CardTemplate, "question"> & Partial<CardTemplate>;

/** Of our own fields some only label a card; of others a template tells what stands on which side. */
function sidesOf(type: ForeignNoteType, kind: CardType): Sides {
  if (type.fields[0] === "Key" && type.fields.includes("Front") && type.fields.includes("Back")) {
    return { questionFields: ["Front"], answerFields: ["Back"] };
  }
  const [first, ...others] = type.fields;
  const template = type.templates[0];
  if (!template || template.questionFields.length === 0)
    return { questionFields: first === undefined ? [] : [first], answerFields: others };
  const answerFields = template.answerFields.length === 0 && kind !== "cloze" ? others : template.answerFields;
  return { question: template.question, questionFields: template.questionFields, answerFields };
}

/** The suffix of a slug of ours, the field Lang, or the alphabet that most letters are of. */
function languageOf(slug: string, lang: string, text: string): CardLanguage {
  const suffix = isOwnSlug(slug) ? slug.slice(-2) : lang.trim().toLowerCase().slice(0, 2);
  if (suffix === "en" || suffix === "ru") return suffix;
  const plain = text.slice(0, 20_000).replace(/<[^>]*>/g, "");
  return (plain.match(/\p{Script=Cyrillic}/gu)?.length ?? 0) > (plain.match(/\p{Script=Latin}/gu)?.length ?? 0) ? "ru" : "en";
}

function sourceFrom(html: string): CardSource | undefined {
  const title = plainText(html).slice(0, 500);
  if (title === "") return undefined;
  const url = /<a href="([^"]*)"/.exec(sanitiseHtml(html))?.[1]?.replaceAll("&amp;", "&");
  return url === undefined ? { title } : { title, url };
}

export function textOfCell(cell: SqlValue | undefined): string {
  if (cell === null || cell === undefined) return "";
  return cell instanceof Uint8Array ? new TextDecoder().decode(cell) : String(cell);
}
