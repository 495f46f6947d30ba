/**
 * Note types and decks of a collection: JSON in `col` (schema 11) or tables with protobuf (schema 14 and later). Of a card
 * template the question's text and the fields of both sides are of interest; its scripts and styles are never run and never shown.
 */
import type { CollectionDatabase } from "./collection-database.ts";
import { fieldIn, isAskedFor, type TemplateField } from "./fill-template.ts";
import { ImportRefusal } from "./import-failure.ts";
import type { ImportLimits } from "./import-limits.ts";
import { numberOf, readMessage, textOf } from "./protobuf.ts";

export interface CardTemplate {
  /** As its author wrote it; cut where none is as long. */
  question: string;
  /** Fields in the order they stand on the side; those of the question are not repeated in the answer. */
  questionFields: readonly string[];
  answerFields: readonly string[];
}

export interface ForeignNoteType {
  id: number;
  kind: "standard" | "cloze";
  fields: readonly string[];
  templates: readonly CardTemplate[];
}

export interface CollectionFacts {
  /** When the collection's days begin to count, seconds since the epoch. */
  createdAtS: number;
  noteTypes: ReadonlyMap<number, ForeignNoteType>;
  decks: ReadonlyMap<number, string>;
}

const longestTemplate = 200_000;
const oldestSchema = 11;
const newestSchema = 18;

/** @throws ImportRefusal TooNew, TooOld, NotAnki */
export function readCollectionFacts(database: CollectionDatabase, limits: ImportLimits): CollectionFacts {
  const column = (name: string) => `CASE WHEN length(${name})>${limits.jsonCharacters} THEN '' ELSE ${name} END`;
  let facts: CollectionFacts | undefined;
  database.eachRow("col", ["ver", "crt", column("models"), column("decks")], 1, ([ver, crt, models, decks]) => {
    const version = Number(ver);
    if (version > newestSchema) throw new ImportRefusal("TooNew", { version });
    if (!(version >= oldestSchema)) throw new ImportRefusal("TooOld", { version });
    const createdAtS = Number.isSafeInteger(crt) ? Number(crt) : 0;
    const inTables = database.has("notetypes");
    facts = {
      createdAtS,
      noteTypes: inTables ? noteTypesFromTables(database, limits) : noteTypesFromJson(String(models)),
      decks: database.has("decks") ? decksFromTable(database, limits) : decksFromJson(String(decks)),
    };
  });
  if (!facts) throw new ImportRefusal("NotAnki", { table: "col" });
  return facts;
}

function noteTypesFromJson(text: string): Map<number, ForeignNoteType> {
  return new Map(
    objectsIn(text).map(([id, type]): [number, ForeignNoteType] => {
      const fields = byOrd(type.flds).map(({ name }) => String(name));
      const templates = byOrd(type.tmpls).map(({ qfmt, afmt }) => templateOf(String(qfmt), String(afmt), fields));
      return [id, { id, kind: type.type === 1 ? "cloze" : "standard", fields, templates }];
    }),
  );
}

function noteTypesFromTables(database: CollectionDatabase, limits: ImportLimits): Map<number, ForeignNoteType> {
  const rows = limits.noteTypes * 20;
  const fields = new Map<number, [ord: number, name: string][]>();
  database.eachRow("fields", ["ntid", "ord", "name"], rows, ([type, ord, name]) => {
    const of = fields.get(Number(type)) ?? [];
    of.push([Number(ord), String(name)]);
    fields.set(Number(type), of);
  });
  const templates = new Map<number, [ord: number, config: Uint8Array][]>();
  database.eachRow("templates", ["ntid", "ord", "config"], rows, ([type, ord, config]) => {
    const of = templates.get(Number(type)) ?? [];
    if (config instanceof Uint8Array) of.push([Number(ord), config]);
    templates.set(Number(type), of);
  });
  const noteTypes = new Map<number, ForeignNoteType>();
  database.eachRow("notetypes", ["id", "config"], limits.noteTypes, ([idCell, config]) => {
    const id = Number(idCell);
    const names = inOrder(fields.get(id) ?? []);
    const kind = config instanceof Uint8Array && numberOf(readMessage(config, "NotAnki"), 1) === 1 ? "cloze" : "standard";
    const sides = inOrder(templates.get(id) ?? []).map((bytes) => readMessage(bytes, "NotAnki"));
    noteTypes.set(id, {
      id,
      kind,
      fields: names,
      templates: sides.map((message) => templateOf(textOf(message, 1), textOf(message, 2), names)),
    });
  });
  return noteTypes;
}

function templateOf(question: string, answer: string, fields: readonly string[]): CardTemplate {
  const asked = mentionedFields(question, fields);
  const questionFields = namesOf(asked.filter((field) => !isAskedFor(field)));
  const answerFields = namesOf([...mentionedFields(answer, fields), ...asked]);
  return {
    question: question.slice(0, longestTemplate).replace(/<!--.*?-->/gs, ""),
    questionFields,
    answerFields: answerFields.filter((field) => !questionFields.includes(field)),
  };
}

function namesOf(fields: readonly TemplateField[]): string[] {
  return [...new Set(fields.map(({ name }) => name))];
}

/** `{{Field}}`, `{{filter:Field}}`; not inside a tag, where a field is an attribute; not conditions (`{{#Field}}`). */
function mentionedFields(template: string, fields: readonly string[]): TemplateField[] {
  const outsideTags = template.slice(0, longestTemplate).replace(/<!--.*?-->|<[^<>]*>/gs, " ");
  const mentioned = [...outsideTags.matchAll(/\{\{([^{}]*)\}\}/g)].flatMap(([, inner = ""]) => fieldIn(inner) ?? []);
  return mentioned.filter(({ name, filters }) => fields.includes(name) && !filters.some((filter) => filter.startsWith("tts")));
}

function decksFromJson(text: string): Map<number, string> {
  return new Map(objectsIn(text).map(([id, deck]) => [id, String(deck.name ?? "")]));
}

/** From schema 15 on the levels of a deck's name are parted by U+001F. */
function decksFromTable(database: CollectionDatabase, limits: ImportLimits): Map<number, string> {
  const decks = new Map<number, string>();
  database.eachRow("decks", ["id", "name"], limits.decks, ([id, name]) => {
    decks.set(Number(id), String(name).replaceAll("\u001f", "::"));
  });
  return decks;
}

/** The keys of Anki's JSON that count here. */
interface JsonObject {
  name?: unknown;
  type?: unknown;
  ord?: unknown;
  qfmt?: unknown;
  afmt?: unknown;
  flds?: unknown;
  tmpls?: unknown;
}

function objectsIn(text: string): [id: number, value: JsonObject][] {
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch {
    throw new ImportRefusal("NotAnki", { table: "col" });
  }
  if (!isObject(parsed)) throw new ImportRefusal("NotAnki", { table: "col" });
  return Object.entries(parsed).flatMap(([id, value]): [number, JsonObject][] => (isObject(value) ? [[Number(id), value]] : []));
}

function byOrd(list: unknown): JsonObject[] {
  if (!Array.isArray(list)) return [];
  return list.filter(isObject).sort((a, b) => Number(a.ord) - Number(b.ord));
}

function inOrder<Value>(rows: readonly [ord: number, value: Value][]): Value[] {
  return [...rows].sort(([a], [b]) => a - b).map(([, value]) => value);
}

function isObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
