/**
 * A note is what a learner knows or does not know; it gives one or more cards to practise, as in Anki.
 * Plain data that travels from the card files through the site's JSON to the page and to Anki; holds no schedule.
 */

import type { SidePictures } from "../card-types/card-type.ts";
import { ankiFormOf, type CardContent, type CardType } from "../card-types/index.ts";
import type { CardSource } from "./card-sources.ts";
import { clozeOrdinals } from "./cloze.ts";

export type { CardType };

export const cardLanguages = ["en", "ru"] as const;
export type CardLanguage = (typeof cardLanguages)[number];

export interface Note {
  /** Identity for ever; never derived from text or position; ends in "-en" or "-ru", or begins with "anki-" (others' notes). */
  slug: string;
  lang: CardLanguage;
  type: CardType;
  lesson: string;
  module: string;
  /** The Anki deck it came from; only notes that are not the site's own have one. */
  deck?: string | undefined;
  /** Clean HTML; a cloze keeps Anki's markers `{{c1::…}}` in `frontHtml`, every other `{{` is broken up. */
  frontHtml: string;
  backHtml: string;
  /** Only the site's own notes have any. */
  pictures?: SidePictures | undefined;
  /** What the learner does with the card on the page; without it the two sides are all there is, as in Anki. */
  content?: CardContent | undefined;
  source?: CardSource | undefined;
  tags: readonly string[];
  /** Comes into practice by being asked for (a question of the interview), never by itself as a new card. */
  onRequest?: true | undefined;
  /** When the content last changed, seconds since the epoch; grows with every change, stays without one. */
  changedAtS: number;
  ankiId?: number | undefined;
  ankiGuid?: string | undefined;
}

/** One card of a note: `ord` counts its templates (reversed) or its cloze numbers minus one, as Anki does. */
export interface CardRef {
  slug: string;
  ord: number;
}

/** True for slugs of card files; a note of another author has one made from its GUID. */
export function isOwnSlug(slug: string): boolean {
  return slug.length <= 200 && /^[a-z0-9]+(?:-[a-z0-9]+)*-(?:en|ru)$/.test(slug);
}

/** What the slug of a card file says; of another author's note nothing but that it is not known to be Russian. */
export function languageOfSlug(slug: string): CardLanguage {
  return slug.endsWith("-ru") ? "ru" : "en";
}

/** The key of a card in the store: "why-mesh-definition-en#0". */
export function cardIdOf(ref: CardRef): string {
  return `${ref.slug}#${ref.ord}`;
}

/** What siblings share: the EN and the RU note of one idea, and all cards of a note. */
export function siblingKeyOf(slug: string): string {
  return slug.replace(/-(?:en|ru)$/, "");
}

/** The cards a note gives, in Anki's order. */
export function ordinalsOf(note: Pick<Note, "type" | "frontHtml">): number[] {
  const form = ankiFormOf(note.type);
  if (form === "basic") return [0];
  if (form === "reversed") return [0, 1];
  return [...new Set(clozeOrdinals(note.frontHtml))].sort((a, b) => a - b);
}
