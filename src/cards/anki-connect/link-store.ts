/**
 * What a browser remembers of its learner's Anki: note ids, GUIDs, and the texts that were last equal on both sides. A database
 * of its own, since losing it costs no progress: the next sync asks about more differences, and that is all.
 */
import Dexie, { type Table } from "dexie";
import type { DatabaseFactory } from "../store/card-store-api.ts";
import type { SyncLink } from "./sync-host.ts";

export interface LinkStore {
  /** @throws what IndexedDB throws */
  read(): Promise<Map<string, SyncLink>>;
  write(links: ReadonlyMap<string, SyncLink>): Promise<void>;
}

interface LinkRow extends SyncLink {
  slug: string;
}

export function createLinkStore(name = "meshwise-anki", factory?: DatabaseFactory): LinkStore {
  const database = new Dexie(name, factory) as Dexie & { links: Table<LinkRow, string> };
  database.version(1).stores({ links: "slug" });
  return {
    read: async () => new Map((await database.links.toArray()).map(({ slug, ...link }) => [slug, link])),
    async write(links) {
      await database.links.bulkPut([...links].map(([slug, link]) => ({ ...link, slug })));
    },
  };
}
