/** Brings together what a session needs: the deck from the site, the store of this browser, the scheduler. */
import { err, ok, type Result } from "#base";
import {
  type CardDeck,
  type CardStore,
  createDeckSchedulers,
  type DayClock,
  type DeckSchedulers,
  loadPracticeSettings,
  localDayClock,
  type Note,
  openCardStore,
  sanitiseNote,
} from "#cards";
import { keepRecall } from "./keep-recall.ts";
import { createPracticeSession, type PracticeSession } from "./practice-session.ts";

export interface Practice {
  deck: CardDeck;
  /** The deck's notes and those that came by import. */
  notes: readonly Note[];
  store: CardStore;
  schedulers: DeckSchedulers;
  clock: DayClock;
  session: PracticeSession;
}

/** @param lesson only its cards, when it has any; an unknown one is left in, so that the page can say so */
export async function loadPractice(deckUrl: string, lesson: string | undefined): Promise<Result<Practice, "deck">> {
  const clock = localDayClock();
  try {
    const [deck, settings] = await Promise.all([fetchDeck(deckUrl), loadPracticeSettings()]);
    const schedulers = createDeckSchedulers(settings, clock);
    const store = await openCardStore({ scheduler: schedulers.base });
    const notes = await notesToPractise(deck, store);
    const lessons = new Map(notes.map((note) => [note.slug, note.lesson]));
    void keepRecall(store, schedulers, (slug) => lessons.get(slug));
    const session = createPracticeSession({ notes, store, schedulers, clock, lesson, now: Date.now });
    return ok({ deck, notes, store, schedulers, clock, session });
  } catch {
    return err("deck");
  }
}

/**
 * The page's own notes, then imported ones of its language. What is in storage is made safe once more before it is shown.
 * Storage that cannot be read is told by the session's own first reading.
 */
export async function notesToPractise(deck: CardDeck, store: CardStore): Promise<readonly Note[]> {
  const imported = await store.notes();
  if (!imported.ok) return deck.notes;
  const slugs = new Set(deck.notes.map(({ slug }) => slug));
  const others = imported.value.filter((note) => note.lang === deck.lang && !slugs.has(note.slug));
  return [...deck.notes, ...others.map(sanitiseNote)];
}

/** Slugs of the site's notes in every language: their text comes from the site, never from a file. */
export async function siteSlugs(deck: CardDeck, otherDeckUrls: readonly string[]): Promise<ReadonlySet<string>> {
  const others = await Promise.all(otherDeckUrls.map((url) => fetchDeck(url).catch(() => undefined)));
  return new Set([deck, ...others].flatMap((one) => one?.notes.map(({ slug }) => slug) ?? []));
}

async function fetchDeck(url: string): Promise<CardDeck> {
  const response = await fetch(url);
  if (!response.ok) throw new Error(String(response.status));
  return response.json();
}
