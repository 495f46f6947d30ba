/**
 * Notes of ours outside the pulled decks, and keys that stand in several notes. Every search walks through Anki's notes, so one
 * asks for all that have a key; single keys are asked for only where no note is known to have them.
 */
import { noteTypes } from "../apkg/note-types.ts";
import { isOwnSlug } from "../model/note.ts";
import { type AnkiNoteInfo, isPresent } from "./anki-actions.ts";
import { type AnkiClient, chunksOf } from "./anki-client.ts";
import type { AnkiSnapshot } from "./anki-snapshot.ts";
import type { LocalSide } from "./sync-host.ts";

export interface Strays {
  ids: ReadonlySet<number>;
  /** Slug → several notes of Anki that have it as their key. */
  copies: ReadonlyMap<string, readonly number[]>;
}

const idsAtOnce = 500;
/** A field Key that is not empty (docs.ankiweb.net/searching.html: `_` is any one character). */
const anyKey = '"Key:_*"';

export async function findStrays(client: AnkiClient, { notes, links }: LocalSide, pulled: AnkiSnapshot): Promise<Strays> {
  const known = new Set(pulled.notes.map(({ id }) => id));
  const isUnknown = (id: number) => !known.has(id);
  const ofOurTypes = Object.values(noteTypes).map(({ name }) => ({ query: `"note:${name}"` }));
  const [keyed = [], ...typed] = await client.callEach("findNotes", [{ query: anyKey }, ...ofOurTypes]);
  const linked = [...links.values()].flatMap(({ ankiId }) => ankiId ?? []);
  const own = new Set([...typed.flat(), ...linked].filter(isUnknown));
  const others = keyed.filter(isUnknown);
  // Thousands of notes of other people's with a field of that name: then key by key is the shorter way.
  const isKeyedKnown = others.length <= idsAtOnce && findsKeys(keyed, pulled);
  const infos = await infosOf(client, new Set([...own, ...(isKeyedKnown ? others : [])]));

  const byKey = new Map<string, Set<number>>();
  const addKey = (slug: string, id: number) => byKey.set(slug, (byKey.get(slug) ?? new Set()).add(id));
  if (isKeyedKnown) for (const { slug, id } of pulled.notes) addKey(slug, id);
  for (const { noteId, fields } of infos) if (fields.Key) addKey(fields.Key.value.toLowerCase(), noteId);
  const slugs = notes.map(({ slug }) => slug).filter(isOwnSlug);
  const unknown = isKeyedKnown ? slugs.filter((slug) => !byKey.has(slug)) : slugs;
  const queries = unknown.map((slug) => ({ query: `"Key:${slug}"` }));
  for (const [i, ids] of (await client.callEach("findNotes", queries)).entries()) {
    for (const id of ids) addKey(unknown[i]!, id);
  }

  const ofKeys = slugs.flatMap((slug): [string, number[]][] => (byKey.has(slug) ? [[slug, [...byKey.get(slug)!]]] : []));
  const there = infos.map(({ noteId }) => noteId).filter((id) => own.has(id));
  return {
    ids: new Set([...there, ...ofKeys.flatMap(([, ids]) => ids)].filter(isUnknown)),
    copies: new Map(ofKeys.filter(([, ids]) => ids.length > 1)),
  };
}

/** Whether the answer to `anyKey` can be believed: it must name notes of which the pull says that they have the field. */
function findsKeys(keyed: readonly number[], { notes }: AnkiSnapshot): boolean {
  const found = new Set(keyed);
  const withKey = notes.filter(({ fieldNames }) => fieldNames.includes("Key"));
  return withKey.length === 0 || withKey.some(({ id }) => found.has(id));
}

async function infosOf(client: AnkiClient, ids: ReadonlySet<number>): Promise<AnkiNoteInfo[]> {
  const infos: AnkiNoteInfo[] = [];
  for (const some of chunksOf([...ids], idsAtOnce))
    infos.push(...(await client.call("notesInfo", { notes: some })).filter(isPresent));
  return infos;
}
