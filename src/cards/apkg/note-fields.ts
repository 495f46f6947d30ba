/** A note's texts as the fields and tags of our Anki note types; the same for a package and for an update through AnkiConnect. */
import { ankiSafeText } from "../model/anki-safe-text.ts";
import type { CardSource } from "../model/card-sources.ts";
import { isOwnSlug, type Note } from "../model/note.ts";
import { noteFields } from "./note-types.ts";

type NoteField = (typeof noteFields)[number];

/** Every field in its frozen order; the spare ones are empty. */
export function fieldsOf(note: Note): Record<NoteField, string> {
  const values: Partial<Record<NoteField, string>> = {
    Key: note.slug,
    Front: note.frontHtml,
    Back: note.backHtml,
    Source: note.source ? sourceHtml(note.source) : "",
    Lang: note.lang,
  };
  return Object.fromEntries(noteFields.map((name) => [name, values[name] ?? ""])) as Record<NoteField, string>;
}

function sourceHtml({ title, url }: CardSource): string {
  const shown = ankiSafeText(title);
  if (url === undefined) return shown;
  return `<a href="${new URL(url).href.replaceAll("&", "&amp;").replaceAll('"', "%22")}">${shown}</a>`;
}

/** Notes of other authors keep their tags as they are. */
export function tagsOf(note: Note): string[] {
  if (!isOwnSlug(note.slug)) return [...note.tags];
  const lesson = note.lesson === "" ? [] : [`lesson::${note.lesson}`];
  return ["meshwise", `lang::${note.lang}`, ...lesson, ...note.tags.map((tag) => `topic::${tag}`)];
}

/** What `tagsOf` makes; all other tags of a note of ours are the learner's own. */
export function isOwnTag(tag: string): boolean {
  return /^(?:meshwise$|(?:lang|lesson|topic)::)/i.test(tag);
}
