/** A note's texts as the fields and tags of our Anki note types; the same for a package and for an update through AnkiConnect. */
import type { DiagramSource } from "../card-types/card-type.ts";
import { ankiSafeText } from "../model/anki-safe-text.ts";
import type { CardSource } from "../model/card-sources.ts";
import { isOwnSlug, type Note } from "../model/note.ts";
import { noteFields } from "./note-types.ts";
import { pictureFile } from "./picture-file.ts";

type NoteField = (typeof noteFields)[number];

/** Every field in its frozen order, its picture above its text; the spare ones are empty. */
export function fieldsOf(note: Note): Record<NoteField, string> {
  const { front, back } = note.pictures ?? {};
  return {
    Key: note.slug,
    Front: pictureHtml(front) + inOneField(note.frontHtml),
    Back: pictureHtml(back) + inOneField(note.backHtml),
    Source: note.source ? sourceHtml(note.source) : "",
    Lang: note.lang,
    Extra1: "",
    Extra2: "",
    Extra3: "",
  };
}

/** Anki's own between fields. */
const separator = "\u001f";

/** A separator inside a text would move all fields behind it. */
function inOneField(html: string): string {
  return html.includes(separator) ? html.replaceAll(separator, " ") : html;
}

/** The fields as a row of `notes` holds them. */
export function joinedFields(note: Note): string {
  const fields = fieldsOf(note);
  return noteFields.map((name) => fields[name]).join(separator);
}

/** Pictures of ours are named mesh-…, so that others stay; wherever an editor has put one, and whatever it made of its tag. */
const ourPicture = /<img\b[^<>]*\bsrc=["']?(mesh-[^"'<>\s]*)[^<>]*>/g;

/** The text as it was before its picture was put above it. */
export function withoutPictures(html: string): string {
  return html.replace(ourPicture, "");
}

/** Names of the pictures of ours in a field of Anki. */
export function pictureNamesIn(html: string): string[] {
  return [...html.matchAll(ourPicture)].map(([, name = ""]) => name);
}

function pictureHtml(picture: DiagramSource | undefined): string {
  if (!picture) return "";
  const text = picture.description.replace(/[&"<>{}]/g, (character) => `&#${character.charCodeAt(0)};`);
  return `<img src="${pictureFile(picture).name}" alt="${text}">`;
}

function sourceHtml({ title, url }: CardSource): string {
  const shown = inOneField(ankiSafeText(title));
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
