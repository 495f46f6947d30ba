/**
 * The texts of both sides against the last common state, note by note: what goes to Anki, what was changed there, what was
 * changed on both sides. Pure; it decides nothing that a person should decide.
 */

import { picturesOf } from "../apkg/picture-file.ts";
import { isOwnSlug, type Note } from "../model/note.ts";
import { firstEditionS } from "../model/revision.ts";
import { deletionsIn } from "../scheduling/deletions.ts";
import type { AnkiNote } from "./anki-snapshot.ts";
import type { Matching } from "./match-notes.ts";
import { contentOf, differencesOf, type FieldDifference, hashOfContent, type NoteContent, removedTag } from "./note-content.ts";
import type { LocalSide } from "./sync-host.ts";

export interface ContentChange {
  note: Note;
  anki: AnkiNote;
  differences: readonly FieldDifference[];
}

export interface ContentPlan {
  /** Not in Anki yet. */
  create: readonly Note[];
  /** Changed here only. */
  update: readonly ContentChange[];
  /** Changed in Anki only: shown for the site's notes, taken for imported ones. */
  incoming: readonly ContentChange[];
  /** Changed on both sides, or different without a common state: both stay as they are until a person has chosen. */
  conflicts: readonly ContentChange[];
  /** Once in Anki and no longer there: to be asked about, since adding them again would undo a deletion. */
  missing: readonly Note[];
  /** Ours in Anki, and gone here; or deleted here by the learner. */
  removed: readonly AnkiNote[];
  /** Equal on both sides: slug → hash. */
  equal: ReadonlyMap<string, string>;
  /** Imported notes that are new in Anki's decks of ours. */
  adopted: readonly Note[];
}

export function planContent(here: LocalSide, { pairs, there }: Matching): ContentPlan {
  const plan = {
    create: [] as Note[],
    update: [] as ContentChange[],
    incoming: [] as ContentChange[],
    conflicts: [] as ContentChange[],
    missing: [] as Note[],
    equal: new Map<string, string>(),
  };
  for (const note of here.notes) {
    const anki = pairs.get(note.slug);
    const link = here.links.get(note.slug);
    if (!anki) {
      const wasThere = link !== undefined && (link.syncedAt !== undefined || link.ankiId !== undefined);
      (wasThere ? plan.missing : plan.create).push(note);
      continue;
    }
    const [ours, theirs] = [contentOf(note), contentOf(anki.note)];
    const base = link?.syncedHash ?? baseWithoutLink(anki, theirs);
    const [ourHash, theirHash] = [hashOfContent(ours), hashOfContent(theirs)];
    const change = { note, anki, differences: differencesOf(ours, theirs) };
    if (ourHash === theirHash) {
      plan.equal.set(note.slug, ourHash);
      const picture = pictureDifference(note, anki);
      if (picture) plan.update.push({ note, anki, differences: [picture] });
    } else if (theirHash === base) plan.update.push(change);
    else if (ourHash === base) plan.incoming.push(change);
    else plan.conflicts.push(change);
  }
  const known = new Set(here.notes.map(({ slug }) => slug));
  const unknown = there.notes.filter(({ slug }) => !known.has(slug));
  const deleted = deletionsIn(here.log ?? []);
  return {
    ...plan,
    removed: unknown.filter((one) => deleted.has(one.slug) || isGone(one, here.allSlugs)),
    adopted: unknown
      .filter(({ slug }) => !isOwnSlug(slug) && !deleted.has(slug) && !here.unsynced?.has(slug))
      .map(({ note }) => note),
  };
}

/** Pictures are ours alone: a text that is equal may stand beneath none, or beneath an older one. */
function pictureDifference(note: Note, anki: AnkiNote): FieldDifference | undefined {
  const [here, there] = [[...picturesOf([note]).keys()].sort(), [...new Set(anki.pictures)].sort()].map((names) =>
    names.join(" "),
  );
  return here === there ? undefined : { field: "picture", here: here!, there: there! };
}

/** A note that was never edited since our first edition was imported is that edition. */
function baseWithoutLink({ changedAtS }: AnkiNote, theirs: NoteContent): string | undefined {
  return changedAtS === firstEditionS ? hashOfContent(theirs) : undefined;
}

/** Only what carries our GUID or one of our slugs can have been removed by us. */
function isGone({ slug }: AnkiNote, allSlugs: ReadonlySet<string> | undefined): boolean {
  return allSlugs !== undefined && allSlugs.size > 0 && isOwnSlug(slug) && !allSlugs.has(slug);
}

export function isMarkedRemoved({ tags }: AnkiNote): boolean {
  return tags.some((tag) => tag.toLowerCase() === removedTag);
}
