/** What the site hands to the practice page of one language: its lessons in order and their notes. Plain JSON. */
import type { CardLanguage, Note } from "./note.ts";

export interface DeckLesson {
  slug: string;
  title: string;
}

export interface CardDeck {
  lang: CardLanguage;
  /** Lessons that have cards, in teaching order. */
  lessons: DeckLesson[];
  /** In the lessons' order. */
  notes: Note[];
}

/**
 * The deck of one language.
 * @param lessons published lessons in teaching order; notes of others are left out
 */
export function createCardDeck(
  lang: CardLanguage,
  lessons: readonly (DeckLesson & { module: string })[],
  notes: readonly Note[],
): CardDeck {
  const notesOf = (lesson: { module: string; slug: string }) =>
    notes.filter((note) => note.lang === lang && note.module === lesson.module && note.lesson === lesson.slug);
  const withCards = lessons.filter((lesson) => notesOf(lesson).length > 0);
  return {
    lang,
    lessons: withCards.map(({ slug, title }) => ({ slug, title })),
    notes: withCards.flatMap(notesOf),
  };
}
