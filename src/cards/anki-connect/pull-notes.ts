/**
 * The full pull: Anki exports our decks into its media folder, from where they are fetched and read. Notes of ours that the
 * learner moved to other decks are looked for (find-strays.ts), and their decks pulled as well.
 */
import { fromBase64 } from "../model/base64.ts";
import { isPresent } from "./anki-actions.ts";
import { type AnkiClient, chunksOf } from "./anki-client.ts";
import { AnkiRefusal } from "./anki-failure.ts";
import { type AnkiSnapshot, emptySnapshot, joinSnapshots, onlyNotes } from "./anki-snapshot.ts";
import { findStrays } from "./find-strays.ts";
import type { LocalSide, PackageTool } from "./sync-host.ts";
import { pullFileName, withTemporaryMedia } from "./temporary-media.ts";

/** The deck above all of ours. */
const rootDeck = "Meshwise";
const idsAtOnce = 500;

export async function pullNotes(client: AnkiClient, here: LocalSide, tool: PackageTool): Promise<AnkiSnapshot> {
  const existing = new Set(await client.call("deckNames"));
  const wanted = new Set([rootDeck, ...here.notes.flatMap(({ deck }) => (deck === undefined || deck === "" ? [] : [deck]))]);
  const pulled = withoutChildren([...wanted].filter((deck) => existing.has(deck)));
  let snapshot = emptySnapshot;
  const slugs = new Set(here.notes.map(({ slug }) => slug));
  for (const deck of pulled) {
    const pulled = await pullDeck(client, deck, tool);
    // A deck of other people's: what it holds besides the notes that are here is the learner's own affair.
    snapshot = joinSnapshots(snapshot, deck === rootDeck ? pulled : onlyNotes(pulled, ({ slug }) => slugs.has(slug)));
  }
  const strays = await findStrays(client, here, snapshot);
  for (const deck of withoutChildren(await decksOf(client, strays.ids))) {
    snapshot = joinSnapshots(
      snapshot,
      onlyNotes(await pullDeck(client, deck, tool), ({ id }) => strays.ids.has(id)),
    );
  }
  return { ...snapshot, copies: new Map([...snapshot.copies, ...strays.copies]) };
}

/** Parents hold their children. */
function withoutChildren(decks: readonly string[]): string[] {
  return decks.filter((deck) => !decks.some((other) => deck.startsWith(`${other}::`)));
}

async function pullDeck(client: AnkiClient, deck: string, tool: PackageTool): Promise<AnkiSnapshot> {
  const file = await withTemporaryMedia(client, pullFileName, async (folder) => {
    const exported = await client.call("exportPackage", { deck, path: `${folder}/${pullFileName}`, includeSched: true });
    if (!exported) throw new AnkiRefusal("ExportRefused", { deck });
    return client.call("retrieveMediaFile", { filename: pullFileName });
  });
  if (file === false) throw new AnkiRefusal("PackageIncomplete", { deck });
  const read = await tool.read(fromBase64(file));
  if (!read.ok) throw new AnkiRefusal("PackageUnreadable", { deck }, read.error);
  return read.value;
}

async function decksOf(client: AnkiClient, notes: ReadonlySet<number>): Promise<string[]> {
  const decks = new Set<string>();
  for (const some of chunksOf([...notes], idsAtOnce)) {
    const infos = (await client.call("notesInfo", { notes: some })).filter(isPresent);
    const cards = infos.flatMap((info) => info.cards);
    for (const info of await client.call("cardsInfo", { cards })) if (isPresent(info)) decks.add(info.deckName);
  }
  return [...decks];
}
