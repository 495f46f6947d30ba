/** What the site hands to the practice page of one language: its lessons in order and their notes. Plain JSON. */
import type { CardLanguage, Note } from "./note.ts";

export interface DeckLesson {
  slug: string;
  title: string;
  module: string;
}

/** A domain of the exam (Istio Certified Associate) and the lessons that prepare for it. */
export interface ExamDomain {
  id: string;
  title: string;
  /** Share of the exam, 0 … 1. */
  weight: number;
  lessons: string[];
}

export interface CardDeck {
  lang: CardLanguage;
  /** Lessons that have cards, in teaching order. */
  lessons: DeckLesson[];
  domains: ExamDomain[];
  /** In the lessons' order. */
  notes: Note[];
}

/**
 * The deck of one language.
 * @param lessons published lessons in teaching order; notes of others are left out
 */
export function createCardDeck(
  lang: CardLanguage,
  lessons: readonly DeckLesson[],
  notes: readonly Note[],
  domains: readonly ExamDomain[] = [],
): CardDeck {
  const notesOf = (lesson: { module: string; slug: string }) =>
    notes.filter((note) => note.lang === lang && note.module === lesson.module && note.lesson === lesson.slug);
  const withCards = lessons.filter((lesson) => notesOf(lesson).length > 0);
  return {
    lang,
    lessons: withCards.map(({ slug, title, module }) => ({ slug, title, module })),
    domains: domains.map((domain) => ({
      ...domain,
      lessons: domain.lessons.filter((slug) => withCards.some((lesson) => lesson.slug === slug)),
    })),
    notes: withCards.flatMap(notesOf),
  };
}
