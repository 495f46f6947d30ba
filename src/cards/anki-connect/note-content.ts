/**
 * What of a note is compared between here and Anki, in one form for both sides: sanitised HTML, the source, our own tags.
 * Its hash, kept from the last time both sides were equal, is the base of the three-way comparison.
 */
import { plainText, sanitiseHtml } from "../apkg-import/sanitise-html.ts";
import { isOwnSlug, type Note } from "../model/note.ts";
import { sha1Hex } from "../model/sha1.ts";

export interface NoteContent {
  front: string;
  back: string;
  source: string;
  /** Sorted; without those that Anki sets by itself. */
  tags: readonly string[];
}

export const contentFields = ["front", "back", "source", "tags"] as const;
export type ContentField = (typeof contentFields)[number] | "picture";

/** Set when a note is gone here and was taken out of practice in Anki. */
export const removedTag = "mesh::removed";

/** Tags that say something about a card in Anki, not about the note. */
export function isAnkiTag(tag: string): boolean {
  return /^(?:leech|marked|mesh::removed)$/i.test(tag);
}

/** @param note ours, or as it was read from Anki */
export function contentOf(note: Note): NoteContent {
  const clean = (html: string, cloze = false) => sanitiseHtml(html, { cloze }).normalize("NFC").trim();
  const lesson = note.lesson === "" || !isOwnSlug(note.slug) ? [] : [`lesson::${note.lesson}`];
  const tags = [...lesson, ...note.tags].filter((tag) => !isAnkiTag(tag)).map((tag) => tag.normalize("NFC"));
  const { title = "", url = "" } = note.source ?? {};
  return {
    front: clean(note.frontHtml, note.type === "cloze"),
    back: clean(note.backHtml),
    source: `${plainText(clean(title.replaceAll("<", "&lt;")))} ${url}`.trim(),
    tags: [...new Set(tags)].sort(),
  };
}

export function hashOfContent({ front, back, source, tags }: NoteContent): string {
  return sha1Hex([front, back, source, ...tags].join("\u001f")).slice(0, 16);
}

export interface FieldDifference {
  field: ContentField;
  here: string;
  there: string;
}

/** The fields that differ, as texts to read; HTML where only the markup differs. */
export function differencesOf(here: NoteContent, there: NoteContent): FieldDifference[] {
  return contentFields.flatMap((field): FieldDifference[] => {
    if (field === "tags" || field === "source") {
      const [a, b] = [here[field], there[field]].map((value) => (typeof value === "string" ? value : value.join(" ")));
      return a === b ? [] : [{ field, here: a!, there: b! }];
    }
    if (here[field] === there[field]) return [];
    const [a, b] = [plainText(here[field]), plainText(there[field])];
    return [a === b ? { field, here: here[field], there: there[field] } : { field, here: a, there: b }];
  });
}
