/** Brings together what a session needs: the deck from the site, the store of this browser, the scheduler. */
import { err, ok, type Result } from "#base";
import { type CardDeck, type CardStore, createScheduler, defaultDeckOptions, localDayClock, openCardStore } from "#cards";
import { createPracticeSession, type PracticeSession } from "./practice-session.ts";

export interface Practice {
  deck: CardDeck;
  store: CardStore;
  session: PracticeSession;
}

/** @param lesson only its cards, when it has any; an unknown one is left in, so that the page can say so */
export async function loadPractice(deckUrl: string, lesson: string | undefined): Promise<Result<Practice, "deck">> {
  const scheduler = createScheduler(defaultDeckOptions, localDayClock());
  try {
    const [deck, store] = await Promise.all([fetchDeck(deckUrl), openCardStore({ scheduler })]);
    const session = createPracticeSession({ notes: deck.notes, store, scheduler, lesson, now: Date.now });
    return ok({ deck, store, session });
  } catch {
    return err("deck");
  }
}

async function fetchDeck(url: string): Promise<CardDeck> {
  const response = await fetch(url);
  if (!response.ok) throw new Error(String(response.status));
  return response.json();
}
