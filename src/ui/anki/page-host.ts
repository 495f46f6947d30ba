/** The page's side of a sync: the site's decks, the learner's store, and what the browser remembers of his Anki. */
import type { Result } from "#base";
import {
  AnkiRefusal,
  applyEdits,
  type CardDeck,
  type CardLanguage,
  type CardStore,
  type LinkStore,
  type StoreFailure,
  type SyncHost,
  sanitiseNote,
} from "#cards";

export interface PageSide {
  /** The decks that could be loaded. */
  decks: readonly CardDeck[];
  /** False when one of them could not: then nothing counts as removed. */
  complete: boolean;
  store: CardStore;
  links: LinkStore;
}

/** @param languages whose cards are to be in Anki; read anew at each look */
export function createPageHost(
  { decks, complete, store, links }: PageSide,
  languages: () => ReadonlySet<CardLanguage>,
): SyncHost {
  const siteNotes = decks.flatMap((deck) => deck.notes);
  const siteSlugs = new Set(siteNotes.map(({ slug }) => slug));
  return {
    keepsEdits: true,
    async read() {
      const [log, imported, edits] = [stored(await store.log()), stored(await store.notes()), stored(await store.edits())];
      const others = imported.filter(({ slug }) => !siteSlugs.has(slug)).map(sanitiseNote);
      const wanted = languages();
      const worded = applyEdits([...siteNotes, ...others], edits);
      return {
        notes: worded.filter(({ lang }) => wanted.has(lang)),
        unsynced: new Set(worded.filter(({ lang }) => !wanted.has(lang)).map(({ slug }) => slug)),
        siteSlugs,
        edited: new Set(edits.map(({ slug }) => slug)),
        allSlugs: complete ? siteSlugs : undefined,
        log,
        links: await guarded(() => links.read()),
      };
    },
    async keep(part) {
      stored(await store.merge({ ...part, ownSlugs: siteSlugs }));
    },
    media: async (names) => stored(await store.media(names)),
    keepLinks: (found) => guarded(() => links.write(found)),
  };
}

function stored<Value>(result: Result<Value, StoreFailure>): Value {
  if (result.ok) return result.value;
  throw new AnkiRefusal("StoreFailed", { detail: result.error.detail || result.error.code });
}

async function guarded<Value>(work: () => Promise<Value>): Promise<Value> {
  try {
    return await work();
  } catch (error) {
    throw new AnkiRefusal("StoreFailed", { detail: String(error) });
  }
}
