/** What the importer reads and says: a note as its author keeps it, and the problems found in it. Never touches files. */

export type Language = "en" | "ru";

/** A problem of one note, with its place. `error` = the note is not imported; `warning` = imported, something was mended. */
export interface NoteProblem {
  severity: "error" | "warning";
  code: NoteProblemCode;
  params: Readonly<Record<string, string | number>>;
  file: string;
  /** 1-based, in the note. */
  line: number;
}

/** Keys of the texts in `i18n/locales/<lang>/notes.json`. */
export type NoteProblemCode =
  | "empty"
  | "notText"
  | "frontmatterOpen"
  | "frontmatterRecovered"
  | "frontmatterUnreadable"
  | "fenceOpen"
  | "answerMissing"
  | "questionMissing"
  | "cardWithoutSlug"
  | "cardLanguageMissing"
  | "cardLanguageUnknown"
  | "slugTaken"
  | "columnsLost"
  | "linkUnresolved"
  | "imageNotCopied"
  | "htmlAsText"
  | "countsDiffer"
  | "structureDiffers"
  | "editedKept";

export interface NoteFile {
  /** As the user named it, for messages. */
  path: string;
  /** File name without folder and extension: what a wiki link names. */
  stem: string;
  text: string;
}

/** An `anki_cards` entry of the frontmatter, as it stands. */
export interface NoteCard {
  slug: string;
  language: Language;
  ankiId?: number;
  ankiGuid?: string;
  syncedAt?: string;
  syncedHash?: string;
}

/** 1-based line of the first place of `needle` in a note, or `fallback` where it stands nowhere as written. */
export function lineOf(source: string, needle: string, fallback: number): number {
  const index = source.indexOf(needle);
  return index < 0 ? fallback : source.slice(0, index).split("\n").length;
}

/** One language of a note as Markdown. */
export interface NoteSection {
  language: Language;
  markdown: string;
  /** Line in the note where the section starts, 1-based. */
  line: number;
  /** Present in notes of the question/answer shape. */
  question?: string;
  answer?: string;
}

export interface Note {
  file: string;
  stem: string;
  /** The note as it was read: problems found later are placed in it. */
  source: string;
  title: string;
  /** Every field of the frontmatter, recovered where it was damaged. */
  fields: Readonly<Record<string, unknown>>;
  cards: readonly NoteCard[];
  sections: readonly NoteSection[];
}
