/**
 * Decks of a package: Meshwise::EN::Foundations. Anki finds a deck by its name, so the name comes from the folder of the
 * module, the same in both languages, and not from a title that may be reworded.
 */
import type { CardLanguage, Note } from "../model/note.ts";
import { sha1Hex } from "../model/sha1.ts";

export interface Deck {
  id: number;
  name: string;
}

const rootDeck: Deck = { id: 1_720_000_000_100, name: "Meshwise" };
const languageDecks: Readonly<Record<CardLanguage, Deck>> = {
  en: { id: 1_720_000_000_101, name: "Meshwise::EN" },
  ru: { id: 1_720_000_000_102, name: "Meshwise::RU" },
};

export function deckName(note: Pick<Note, "lang" | "module" | "deck">): string {
  if (note.deck !== undefined && note.deck !== "") return note.deck;
  const known = moduleDecks[note.lang].get(note.module);
  if (known !== undefined) return known;
  const words = note.module.replaceAll("-", " ");
  const name = `${languageDecks[note.lang].name}::${words.charAt(0).toUpperCase()}${words.slice(1)}`;
  moduleDecks[note.lang].set(note.module, name);
  return name;
}

/** A package asks thousands of times for a handful of names. */
const moduleDecks: Readonly<Record<CardLanguage, Map<string, string>>> = { en: new Map(), ru: new Map() };

/** Every deck the notes need, parents first; and those that the learner moved cards to. */
export function decksFor(notes: readonly Note[], others: Iterable<string> = []): Deck[] {
  const decks = new Map<string, Deck>([[rootDeck.name, rootDeck]]);
  for (const name of [...notes.map(deckName), ...others]) {
    if (decks.has(name)) continue;
    const parent = Object.values(languageDecks).find((one) => name === one.name || name.startsWith(`${one.name}::`));
    if (parent) decks.set(parent.name, parent);
    if (parent?.name === name) continue;
    // Far above the constant ids, the same for a name for ever.
    decks.set(name, { id: 1_720_000_001_000 + Number.parseInt(sha1Hex(name).slice(0, 7), 16), name });
  }
  return [...decks.values()];
}
