/** What the search asks besides a card, from what a page has at hand; and what is wrong with a search, in words. */
import type { CardDeck, DayClock, DeckSchedulers, NoteEdit, SearchContext, SearchIssue } from "#cards";
import type { Translator } from "#i18n";

export interface SearchSurroundings {
  deck: CardDeck;
  schedulers: DeckSchedulers;
  clock: DayClock;
  edits: readonly NoteEdit[];
  nowMs: number;
}

export function searchContext({ deck, schedulers, clock, edits, nowMs }: SearchSurroundings): SearchContext {
  const domains = new Map<string, readonly string[]>();
  for (const { id, lessons } of deck.domains) {
    for (const lesson of lessons) domains.set(lesson, [...(domains.get(lesson) ?? []), id]);
  }
  return {
    nowMs,
    clock,
    retrievability: ({ schedule }) => schedulers.base.retrievability(schedule, nowMs),
    domains,
    edited: new Set(edits.map(({ slug }) => slug)),
  };
}

export function searchIssueText(t: Translator, { code, term }: SearchIssue): string {
  return t(`practice:searchIssue.${code}`, { term });
}
