/**
 * The learner's progress as a JSON file, out and in. Versioned; read as carefully as a package, since a file may come from
 * anywhere: every row is checked, HTML is sanitised again, and what is no row of ours is counted and left out.
 */
import { z } from "zod";
import { err, ok, type Result } from "#base";
import { cardTypes } from "../card-types/index.ts";
import { fromBase64, toBase64 } from "../model/base64.ts";
import { type MediaFile, mediaTypeOf } from "../model/media-file.ts";
import { mediaNameFault } from "../model/media-name.ts";
import { cardLanguages, type Note } from "../model/note.ts";
import type { NoteEdit } from "../model/note-edit.ts";
import type { ProgressRow } from "../progress/progress-row.ts";
import { flags } from "../scheduling/card-marks.ts";
import { type PracticeSettings, readPracticeSettings } from "../scheduling/practice-settings.ts";
import type { LogRow } from "../scheduling/review-log.ts";
import { cardStates } from "../scheduling/schedule.ts";
import { createNoticeBoard, failureFrom, type ImportFailure, ImportRefusal, type NoticeBoard } from "./import-failure.ts";
import { importLimits } from "./import-limits.ts";
import type { ImportedDeck } from "./read-package.ts";
import { clockSkewMs, earliestReviewMs } from "./review-reader.ts";
import { plainText, sanitiseHtml, sanitiseNote } from "./sanitise-html.ts";

const format = "meshwise-backup";
/**
 * 2: marks, own wording and settings came in. 3: media, 4: the sandbox's progress, 5: lessons read and drills done, each written only
 * for them. Files of earlier versions are read as they are.
 */
const version = 5;

export interface Backup {
  notes: readonly Note[];
  log: readonly LogRow[];
  /** The learner's own wording of notes. */
  edits?: readonly NoteEdit[] | undefined;
  settings?: PracticeSettings | undefined;
  /** Pictures and sounds of the notes. */
  media?: readonly MediaFile[] | undefined;
  /** What was done beside reviewing. */
  progress?: readonly ProgressRow[] | undefined;
}

/** The same log gives the same text: rows stand in their order, and no clock is read. */
export function writeBackup({ notes, log, edits = [], settings, media = [], progress = [] }: Backup): string {
  const rows = [...log].sort(
    (a, b) => a.id - b.id || compareTexts(a.slug, b.slug) || a.ord - b.ord || compareTexts(a.kind, b.kind),
  );
  const texts = [...notes].sort((a, b) => compareTexts(a.slug, b.slug));
  const lines = (values: readonly unknown[]) => values.map((value) => `\n    ${JSON.stringify(value, sortedKeys)}`).join(",");
  const own = [...edits].sort((a, b) => compareTexts(a.slug, b.slug));
  const head = `{\n  "format": "${format}",\n  "version": ${versionFor(media, progress)},\n`;
  const options = settings === undefined ? "" : `  "settings": ${JSON.stringify(settings, sortedKeys)},\n`;
  const files = [...media]
    .sort((a, b) => compareTexts(a.name, b.name))
    .map(({ name, bytes }) => ({ name, base64: toBase64(bytes) }));
  const pictures = files.length === 0 ? "" : `  "media": [${lines(files)}],\n`;
  const done = [...progress].sort((a, b) => a.id - b.id || compareTexts(a.kind, b.kind) || compareTexts(a.subject, b.subject));
  const sandbox = done.length === 0 ? "" : `  "progress": [${lines(done)}],\n`;
  return `${head}${options}${pictures}${sandbox}  "notes": [${lines(texts)}],\n  "edits": [${lines(own)}],\n  "log": [${lines(rows)}]\n}\n`;
}

function versionFor(media: readonly MediaFile[], progress: readonly ProgressRow[]): number {
  if (progress.some(({ kind }) => kind === "read" || kind === "drill")) return version;
  return progress.length > 0 ? 4 : media.length > 0 ? 3 : 2;
}

/** Rows from a store and rows from a file have their keys in different orders. */
function sortedKeys(_key: string, value: unknown): unknown {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).sort(([a], [b]) => compareTexts(a, b)));
}

const slug = z.string().min(1).max(300);
const interval = z.int().min(-864_000_000).max(36_500);
const rating = z.union([z.literal(1), z.literal(2), z.literal(3), z.literal(4)]);
const finite = z.number().min(0).max(1e12);
const entry = {
  id: z.int().min(earliestReviewMs),
  slug,
  ord: z.int().min(0).max(65_535),
  source: z.enum(["app", "anki"]),
};
const scheduleSchema = z.object({
  state: z.enum(cardStates),
  dueMs: z.int(),
  stability: finite,
  difficulty: z.number().min(0).max(10),
  scheduledDays: z.int().min(0).max(36_500),
  learningSteps: z.int().min(0).max(1000),
  reps: z.int().min(0),
  lapses: z.int().min(0),
  lastReviewMs: z.int().optional(),
});
const rowSchema = z.discriminatedUnion("kind", [
  z.object({
    ...entry,
    kind: z.literal("review"),
    rating,
    stateBefore: z.enum(cardStates),
    ivlBefore: interval,
    ivlAfter: interval,
    sAfter: finite,
    dAfter: finite,
    durationMs: finite,
  }),
  z.object({ ...entry, kind: z.literal("undo"), undoes: z.int() }),
  z.object({
    ...entry,
    kind: z.literal("manual"),
    change: z.enum(["reset", "due", "rescheduled", "cram"]),
    ivlBefore: interval,
    ivlAfter: interval,
    rating: rating.optional(),
    durationMs: finite.optional(),
  }),
  z.object({ ...entry, kind: z.literal("state"), schedule: scheduleSchema }),
  z.object({
    ...entry,
    kind: z.literal("mark"),
    change: z.object({
      suspended: z.boolean().optional(),
      buriedUntilMs: finite.optional(),
      flag: z.literal(flags).optional(),
      leech: z.boolean().optional(),
      deck: z.string().max(300).optional(),
      deleted: z.boolean().optional(),
    }),
    inAnki: z
      .object({ suspended: z.boolean().optional(), flag: z.int().optional(), deck: z.string().max(300).optional() })
      .optional(),
  }),
]);
const done = { id: z.int().min(earliestReviewMs), subject: z.string().min(1).max(300) };
const progressSchema = z.discriminatedUnion("kind", [
  z.object({
    ...done,
    kind: z.literal("prediction"),
    question: z.string().max(1000),
    predicted: z.number(),
    measured: z.number(),
    right: z.boolean(),
    confidence: z.number().min(0).max(1),
  }),
  z.object({ ...done, kind: z.literal("solved"), edits: z.int().min(0).max(1_000_000) }),
  z.object({ ...done, kind: z.literal("answered"), chosen: z.int().min(0).max(100), right: z.boolean() }),
  z.object({ ...done, kind: z.literal("read") }),
  z.object({ ...done, kind: z.literal("drill"), found: z.boolean() }),
]);
const editSchema = z.object({
  slug,
  frontHtml: z.string().max(importLimits.noteCharacters),
  backHtml: z.string().max(importLimits.noteCharacters),
  tags: z.array(z.string().max(300)).max(1000),
  editedAtMs: finite,
  baseChangedAtS: finite,
});
const noteSchema = z.object({
  slug,
  lang: z.enum(cardLanguages),
  type: z.enum(cardTypes),
  lesson: z.string().max(300),
  module: z.string().max(300),
  deck: z.string().max(300).optional(),
  frontHtml: z.string().max(importLimits.noteCharacters),
  backHtml: z.string().max(importLimits.noteCharacters),
  source: z.object({ title: z.string().max(1000), url: z.url({ protocol: /^https?$/ }).optional() }).optional(),
  tags: z.array(z.string().max(300)).max(1000),
  changedAtS: z.int().min(0),
  content: z
    .object({
      type: z.literal("typed"),
      accept: z.array(z.string().max(1000)).max(100),
      whyHtml: z.string().max(importLimits.noteCharacters),
    })
    .optional()
    .catch(undefined),
  ankiId: z.int().optional(),
  ankiGuid: z.string().max(300).optional(),
});
const fileSchema = z.object({
  format: z.literal(format),
  version: z.int(),
  notes: z.array(z.unknown()),
  log: z.array(z.unknown()),
  edits: z.array(z.unknown()).default([]),
  settings: z.unknown().optional(),
  media: z.array(z.unknown()).default([]),
  progress: z.array(z.unknown()).default([]),
});
const mediaSchema = z.object({ name: z.string().max(300), base64: z.base64().max(importLimits.keptMediaFileBytes * 2) });

/** @param nowMs rows from the future are left out */
export function readBackup(text: string, nowMs: number): Result<ImportedDeck, ImportFailure> {
  try {
    const notices = createNoticeBoard();
    const { notes, log, edits, settings, media, progress } = parseFile(text);
    const deck: ImportedDeck = { notes: [], media: mediaFrom(media, notices), log: [], cards: [], notices: [] };
    const slugs = new Set<string>();
    for (const one of notes) {
      const parsed = noteSchema.safeParse(one);
      if (!parsed.success) notices.add("WrongFieldCount");
      else if (slugs.has(parsed.data.slug)) notices.add("DuplicateGuid");
      else {
        slugs.add(parsed.data.slug);
        const deckName = parsed.data.deck === undefined ? {} : { deck: plainText(parsed.data.deck) };
        deck.notes.push(sanitiseNote({ ...parsed.data, ...deckName }));
      }
    }
    for (const one of log) {
      const parsed = rowSchema.safeParse(one);
      if (!parsed.success) notices.add("AbsurdReview");
      else if (parsed.data.id > nowMs + clockSkewMs) notices.add("FutureReview");
      else deck.log.push(parsed.data);
    }
    const own: NoteEdit[] = [];
    for (const one of edits) {
      const parsed = editSchema.safeParse(one);
      if (!parsed.success) notices.add("WrongFieldCount");
      else if (parsed.data.editedAtMs > nowMs + clockSkewMs) notices.add("FutureReview");
      else own.push({ ...parsed.data, ...sanitisedSides(parsed.data) });
    }
    const rows: ProgressRow[] = [];
    for (const one of progress) {
      const parsed = progressSchema.safeParse(one);
      if (!parsed.success) notices.add("AbsurdReview");
      else if (parsed.data.id > nowMs + clockSkewMs) notices.add("FutureReview");
      else rows.push(parsed.data);
    }
    const chosen = settings === undefined ? {} : { settings: readPracticeSettings(settings) };
    return ok({ ...deck, edits: own, progress: rows, ...chosen, notices: notices.list() });
  } catch (thrown) {
    return err(failureFrom(thrown));
  }
}

/** Deletions are kept: whether the note is a cloze is not known here. */
function sanitisedSides({ frontHtml, backHtml }: { frontHtml: string; backHtml: string }) {
  return { frontHtml: sanitiseHtml(frontHtml, { cloze: true, media: true }), backHtml: sanitiseHtml(backHtml, { media: true }) };
}

function mediaFrom(entries: readonly unknown[], notices: NoticeBoard): MediaFile[] {
  const files = new Map<string, MediaFile>();
  for (const one of entries) {
    const parsed = mediaSchema.safeParse(one);
    const name = parsed.data?.name ?? "";
    const file = parsed.success ? { name, bytes: fromBase64(parsed.data.base64) } : undefined;
    if (!file || mediaNameFault(name) !== undefined || mediaTypeOf(file) === undefined) notices.add("MediaOfOtherKind");
    else files.set(name, file);
  }
  return [...files.values()];
}

function parseFile(text: string): z.infer<typeof fileSchema> {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new ImportRefusal("BadBackup");
  }
  const parsed = fileSchema.safeParse(value);
  if (!parsed.success) throw new ImportRefusal("BadBackup");
  if (parsed.data.version > version) throw new ImportRefusal("NewerBackup", { version: parsed.data.version });
  if (parsed.data.version < 1) throw new ImportRefusal("BadBackup");
  const { reviews, notes, entries } = importLimits;
  if (parsed.data.media.length > entries) throw new ImportRefusal("TooManyRows", { table: "media", limit: entries });
  if (parsed.data.edits.length > notes) throw new ImportRefusal("TooManyRows", { table: "edits", limit: notes });
  if (parsed.data.progress.length > reviews) throw new ImportRefusal("TooManyRows", { table: "progress", limit: reviews });
  if (parsed.data.log.length > reviews) throw new ImportRefusal("TooManyRows", { table: "log", limit: reviews });
  if (parsed.data.notes.length > notes) throw new ImportRefusal("TooManyRows", { table: "notes", limit: notes });
  return parsed.data;
}

function compareTexts(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
