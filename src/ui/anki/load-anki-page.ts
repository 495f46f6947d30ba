/** Everything the page needs: the decks of all languages, the learner's store and links. A deck that cannot be loaded is left out and said to be missing. */
import { err, ok, type Result } from "#base";
import {
  type CardDeck,
  type CardLanguage,
  createBrowserProbe,
  createFetchTransport,
  createScheduler,
  loadPracticeSettings,
  localDayClock,
  type Note,
  openCardStore,
  openLinkStore,
} from "#cards";
import { type AnkiSession, createAnkiSession } from "./anki-session.ts";
import { createWorkerTool } from "./package-tool.ts";
import { createPageHost, type PageSide } from "./page-host.ts";

/** AnkiConnect's own default; the only other origin that the page's policy lets it speak to. */
const ankiUrl = "http://127.0.0.1:8765";

export interface AnkiPageParts {
  side: PageSide;
  session: AnkiSession;
  /** The page's own deck. */
  deck: CardDeck;
  /** Languages that the learner has reviewed cards of, and the page's own. */
  languages: ReadonlySet<CardLanguage>;
  chooseLanguages(languages: ReadonlySet<CardLanguage>): void;
  notes: readonly Note[];
}

export async function loadAnkiPage(lang: CardLanguage, deckUrls: readonly string[]): Promise<Result<AnkiPageParts, "deck">> {
  const { options } = await loadPracticeSettings();
  const scheduler = createScheduler(options, localDayClock());
  const decks = (await Promise.all(deckUrls.map((url) => fetchDeck(url).catch(() => undefined)))).filter(
    (one) => one !== undefined,
  );
  const deck = decks.find((one) => one.lang === lang);
  if (!deck) return err("deck");
  const [store, links] = await Promise.all([openCardStore({ scheduler }), openLinkStore()]);
  const side: PageSide = { decks, complete: decks.length === deckUrls.length, store, links };
  const log = await store.log();
  const practised = new Set(log.ok ? log.value.map(({ slug }) => slug) : []);
  const withReviews = decks.filter(({ notes }) => notes.some(({ slug }) => practised.has(slug))).map((one) => one.lang);
  let languages: ReadonlySet<CardLanguage> = new Set([lang, ...withReviews]);
  const session = createAnkiSession({
    transport: createFetchTransport(ankiUrl, createBrowserProbe(ankiUrl)),
    host: createPageHost(side, () => languages),
    tool: createWorkerTool(),
    scheduler,
    now: Date.now,
  });
  return ok({
    side,
    session,
    deck,
    languages,
    notes: deck.notes,
    chooseLanguages: (next) => {
      languages = next;
    },
  });
}

async function fetchDeck(url: string): Promise<CardDeck> {
  const response = await fetch(url);
  if (!response.ok) throw new Error(String(response.status));
  return response.json();
}
