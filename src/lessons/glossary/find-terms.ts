/**
 * Finds the glossary's terms in running text, with the endings they take: plurals in English, cases in Russian. No dictionary: an
 * ending is whatever short run of letters follows the stem.
 */
import type { Language } from "#i18n";
import type { GlossaryTerm } from "./glossary.ts";

export interface FoundTerm {
  id: string;
  /** As the text has it. */
  words: string;
  start: number;
}

const russianEnding = /(?:ый|ий|ой|ая|яя|ое|ее|ые|ие|ия|[аяоеыиьйую])$/;

function quoted(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\/]/g, "\\$&");
}

function englishForms(word: string): string {
  return /[^aeiou]y$/.test(word) ? `${quoted(word.slice(0, -1))}(?:y|ies)` : `${quoted(word)}(?:s|es)?`;
}

function russianForms(word: string): string {
  const stem = word.replace(russianEnding, "");
  return /^[а-яё-]+$/i.test(word) && stem.length >= 3 ? `${quoted(stem)}[а-яё]{0,3}` : quoted(word);
}

function formsOf(name: string, language: Language): string {
  const words = name.split(" ");
  const forms = words.map((word, index) => {
    if (language === "ru") return russianForms(word);
    return index === words.length - 1 ? englishForms(word) : quoted(word);
  });
  return forms.join("[\\s\\u00a0]+");
}

/** Names written with capitals (SDS, VirtualService) are those names only when written so. */
function isSameCase(name: string, words: string): boolean {
  return !/\p{Lu}/u.test(name) || words.startsWith(name.slice(0, Math.max(1, name.length - 2)));
}

/** @returns a function that lists the terms of a text in order, the longest where several begin at one place. */
export function createTermFinder(terms: readonly GlossaryTerm[], language: Language): (text: string) => FoundTerm[] {
  const names = terms
    .flatMap((term) => [term[language].term, ...term[language].also].map((name) => ({ id: term.id, name })))
    .sort((left, right) => right.name.length - left.name.length);
  if (names.length === 0) return () => [];
  const pattern = new RegExp(
    `(?<![\\p{L}\\p{N}_.-])(?:${names.map(({ name }) => `(${formsOf(name, language)})`).join("|")})(?![\\p{L}\\p{N}_])`,
    "giu",
  );
  return (text) =>
    [...text.matchAll(pattern)].flatMap((match) => {
      const [words] = match;
      const name = names[match.slice(1).findIndex((group) => group !== undefined)];
      return name && isSameCase(name.name, words) ? [{ id: name.id, words, start: match.index }] : [];
    });
}
