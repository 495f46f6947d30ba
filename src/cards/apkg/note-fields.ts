/** A note's texts as the fields and tags of our Anki note types; the same for a package and for an update through AnkiConnect. */
import { ankiSafeText } from "../model/anki-safe-text.ts";
import type { CardSource } from "../model/card-sources.ts";
import { isOwnSlug, type Note } from "../model/note.ts";
import { noteFields } from "./note-types.ts";

type NoteField = (typeof noteFields)[number];

/** Every field in its frozen order; the spare ones are empty. @param picture name of a media file above the front */
export function fieldsOf(note: Note, picture?: string): Record<NoteField, string> {
  return {
    Key: note.slug,
    Front: picture === undefined ? note.frontHtml : `${pictureHtml(picture)}${note.frontHtml}`,
    Back: note.backHtml,
    Source: note.source ? sourceHtml(note.source) : "",
    Lang: note.lang,
    Extra1: "",
    Extra2: "",
    Extra3: "",
  };
}

/** The fields as a row of `notes` holds them. */
export function joinedFields(note: Note, picture?: string): string {
  const fields = fieldsOf(note, picture);
  // A separator inside a text would move all fields behind it.
  return noteFields.map((name) => fields[name].replaceAll("\u001f", " ")).join("\u001f");
}

/** The front as it was before its picture was put above it: ours are named mesh-…, so that other pictures stay. */
export function withoutPicture(frontHtml: string): string {
  return frontHtml.replace(/^<img src="mesh-[^"<>]*" alt="">/, "");
}

/** Names of ours are plain; what a name could do in an attribute is taken from it all the same. */
function pictureHtml(name: string): string {
  return `<img src="${name.replaceAll("&", "&amp;").replaceAll('"', "&quot;")}" alt="">`;
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
