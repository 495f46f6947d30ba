/**
 * Notes → Anki. New ones as a package, the only way that keeps their GUID, puts them into their decks and carries their
 * progress; addNote does neither. Changed ones field by field, so that the learner's own tags stay.
 */

import { fieldsOf, isOwnTag, tagsOf } from "../apkg/note-fields.ts";
import { picturesOf } from "../apkg/picture-file.ts";
import { ankiFormOf } from "../card-types/index.ts";
import { toBase64 } from "../model/base64.ts";
import { mediaNamesIn } from "../model/media-html.ts";
import { cardIdOf, isOwnSlug, type Note } from "../model/note.ts";
import { replay } from "../scheduling/review-log.ts";
import type { Scheduler } from "../scheduling/schedule.ts";
import { isPresent } from "./anki-actions.ts";
import { type AnkiClient, chunksOf } from "./anki-client.ts";
import type { AnkiNote } from "./anki-snapshot.ts";
import { guidOf } from "./match-notes.ts";
import { isAnkiTag, removedTag } from "./note-content.ts";
import { type ContentChange, isMarkedRemoved } from "./plan-content.ts";
import type { LocalSide, PackageTool, SyncHost } from "./sync-host.ts";
import { pushFileName, withTemporaryMedia } from "./temporary-media.ts";

/** Notes of one package: Anki's window stands still while it reads one. */
const notesAtOnce = 500;

export type Report = (done: number, total: number) => void;

interface CreateTools {
  tool: PackageTool;
  scheduler: Scheduler;
  media: SyncHost["media"];
  nowMs: number;
  report: Report;
}

export async function createNotes(
  client: AnkiClient,
  notes: readonly Note[],
  here: LocalSide,
  { tool, scheduler, media, nowMs, report }: CreateTools,
): Promise<void> {
  let done = 0;
  for (const some of chunksOf(notes, notesAtOnce)) {
    report(done, notes.length);
    const slugs = new Set(some.map(({ slug }) => slug));
    const log = (here.log ?? []).filter(({ slug }) => slugs.has(slug));
    const schedules = new Map([...Map.groupBy(log, cardIdOf)].map(([id, rows]) => [id, replay(id, rows, scheduler)]));
    const named = some.map((note) => ({ ...note, ankiGuid: guidOf(note, here.links.get(note.slug)) }));
    const shown = await media(some.flatMap(({ frontHtml, backHtml }) => mediaNamesIn(frontHtml + backHtml)));
    const files = new Map(shown.map(({ name, bytes }) => [name, bytes]));
    const file = await tool.write({ notes: named, schedules, log, options: scheduler.options, nowMs, media: files });
    await withTemporaryMedia(client, pushFileName, async (folder) => {
      const stored = await client.call("storeMediaFile", { filename: pushFileName, data: toBase64(file) });
      await client.call("importPackage", { path: `${folder}/${stored}` });
    });
    done += some.length;
  }
}

/** Whether the fields of a note in Anki are ones that we know how to fill. */
export function isWritable({ note, anki }: ContentChange): boolean {
  return (
    (isOwnSlug(note.slug) || anki.fieldNames[0] === "Key") &&
    ankiFormOf(note.type) === anki.note.type &&
    ["Front", "Back"].every((name) => anki.fieldNames.includes(name))
  );
}

/** @returns how many were written; a note that was changed in Anki since the pull is left for the next one. */
export async function updateNotes(client: AnkiClient, changes: readonly ContentChange[]): Promise<number> {
  if (changes.length === 0) return 0;
  const times = await client.call("notesModTime", { notes: changes.map(({ anki }) => anki.id) });
  const modOf = new Map(times.filter(isPresent).map(({ noteId, mod }) => [noteId, mod]));
  const steady = changes.filter(({ anki }) => modOf.get(anki.id) === anki.changedAtS);
  // The pictures first: a field must not name a file that is not there.
  for (const [filename, bytes] of picturesOf(steady.map(({ note }) => note))) {
    await client.call("storeMediaFile", { filename, data: toBase64(bytes) });
  }
  await client.callEach(
    "updateNote",
    steady.map(({ note, anki }) => {
      const fields = Object.entries(fieldsOf(note)).filter(
        ([name]) => anki.fieldNames.includes(name) && !name.startsWith("Extra") && name !== "Key",
      );
      // Of the site's notes all other tags are the learner's own; of his own notes and of others' all are compared but Anki's.
      const kept = anki.tags.filter((tag) => (isOwnSlug(note.slug) ? !isOwnTag(tag) : isAnkiTag(tag)));
      const tags = [...new Set([...kept, ...tagsOf(note)])];
      return { note: { id: anki.id, fields: Object.fromEntries(fields), tags } };
    }),
  );
  return steady.length;
}

/** Takes notes out of practice and marks them, so that they can be found, given back or deleted. */
export async function suspendNotes(client: AnkiClient, notes: readonly AnkiNote[]): Promise<void> {
  const cards = notes.flatMap((note) => note.cards.filter(({ queue }) => queue !== -1).map(({ id }) => id));
  for (const some of chunksOf(cards, notesAtOnce)) await client.call("suspend", { cards: some });
  const unmarked = notes.filter((note) => !isMarkedRemoved(note)).map(({ id }) => id);
  if (unmarked.length > 0) await client.call("addTags", { notes: unmarked, tags: removedTag });
}

export async function deleteNotes(client: AnkiClient, notes: readonly AnkiNote[]): Promise<void> {
  await client.call("deleteNotes", { notes: notes.map(({ id }) => id) });
}
