/**
 * A note that the learner writes. Its GUID is drawn once and never again; its slug is made from it, as that of every note which is
 * not the site's, so that the note is known again when it comes back from Anki.
 */
import { sanitiseHtml, sanitiseNote } from "../apkg-import/sanitise-html.ts";
import { ankiSafeText } from "./anki-safe-text.ts";
import { type CardLanguage, type Note, ordinalsOf } from "./note.ts";
import { sha1Hex } from "./sha1.ts";

export const ownNoteTypes = ["basic", "reversed", "cloze", "typed"] as const;

export interface OwnNoteDraft {
  type: (typeof ownNoteTypes)[number];
  lang: CardLanguage;
  /** As an editor gives it; made clean here. */
  frontHtml: string;
  backHtml: string;
  /** What is accepted as a typed answer, the one to show first. */
  accept: readonly string[];
  tags: readonly string[];
  deck: string;
}

export type OwnNoteFault = "noFront" | "noBack" | "noCloze" | "noAnswer";

/** @param random 10 bytes or more */
export function makeOwnNote(draft: OwnNoteDraft, random: Uint8Array, nowMs: number): Note | OwnNoteFault {
  const { type, lang, tags, deck } = draft;
  const guid = `mesh-own:${[...random].map((byte) => byte.toString(16).padStart(2, "0")).join("")}`;
  const accept = draft.accept.map((one) => one.trim()).filter((one) => one !== "");
  const shown = type === "typed" ? `<p><strong>${ankiSafeText(accept[0] ?? "")}</strong></p>` : "";
  const note = sanitiseNote({
    slug: `anki-${sha1Hex(guid).slice(0, 16)}`,
    lang,
    type,
    lesson: "",
    module: "",
    deck,
    frontHtml: draft.frontHtml,
    backHtml: [shown, draft.backHtml].filter((html) => html.trim() !== "").join("\n"),
    ...(type === "typed" ? { content: { type, accept, whyHtml: sanitiseHtml(draft.backHtml, { media: true }) } } : {}),
    tags: [...new Set(tags)],
    changedAtS: Math.floor(nowMs / 1000),
    ankiGuid: guid,
  });
  if (isEmpty(note.frontHtml)) return "noFront";
  if (type === "typed" && accept.length === 0) return "noAnswer";
  if (type === "cloze" && ordinalsOf(note).length === 0) return "noCloze";
  return type !== "cloze" && isEmpty(note.backHtml) ? "noBack" : note;
}

function isEmpty(html: string): boolean {
  return html.replace(/<(?!img\b)[^>]*>/g, "").trim() === "";
}
