/**
 * Which note in Anki is which note here: by GUID, then by the field Key, then by the note id kept from an earlier sync.
 * Pure. Several candidates are reported, never chosen from.
 */
import type { Note } from "../model/note.ts";
import type { AnkiNote, AnkiSnapshot } from "./anki-snapshot.ts";
import type { LocalSide, SyncLink } from "./sync-host.ts";

export interface Matching {
  /** Slug here → its note in Anki. */
  pairs: ReadonlyMap<string, AnkiNote>;
  /** The snapshot with the slugs of this side. */
  there: AnkiSnapshot;
  /** Slugs that several notes in Anki answer to. */
  ambiguous: ReadonlyMap<string, readonly number[]>;
}

/** The GUID that a note has in Anki, or would get there. */
export function guidOf(note: Pick<Note, "slug" | "ankiGuid">, link: SyncLink | undefined): string {
  return link?.ankiGuid ?? note.ankiGuid ?? `mesh:${note.slug}`;
}

export function matchNotes({ notes, links }: LocalSide, snapshot: AnkiSnapshot): Matching {
  const byGuid = new Map(snapshot.notes.map((note) => [note.guid, note]));
  const bySlug = new Map(snapshot.notes.map((note) => [note.slug, note]));
  const byId = new Map(snapshot.notes.map((note) => [note.id, note]));
  const pairs = new Map<string, AnkiNote>();
  const here = new Set(notes.map(({ slug }) => slug));
  const ambiguous = new Map([...snapshot.copies].filter(([slug]) => here.has(slug)));
  const taken = new Set<number>();
  const names = new Map<string, string>();
  for (const note of notes) {
    const link = links.get(note.slug);
    const known = link?.ankiId === undefined ? undefined : byId.get(link.ankiId);
    const found = new Set([byGuid.get(guidOf(note, link)), bySlug.get(note.slug)].filter((one) => one !== undefined));
    // An id is only a trace: it counts where neither GUID nor Key say anything.
    if (found.size === 0 && known && !taken.has(known.id)) found.add(known);
    const [match, ...others] = found;
    if (others.length > 0) ambiguous.set(note.slug, [...found].map(({ id }) => id).sort());
    if (!match) continue;
    taken.add(match.id);
    names.set(match.slug, note.slug);
    pairs.set(note.slug, { ...match, slug: note.slug, note: { ...match.note, slug: note.slug } });
  }
  return { pairs, there: renamed(snapshot, names), ambiguous };
}

function renamed(snapshot: AnkiSnapshot, names: ReadonlyMap<string, string>): AnkiSnapshot {
  return {
    ...snapshot,
    notes: snapshot.notes.map((note) => ({ ...note, slug: names.get(note.slug) ?? note.slug })),
    log: snapshot.log.map((row) => ({ ...row, slug: names.get(row.slug) ?? row.slug })),
  };
}
