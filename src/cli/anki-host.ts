/** The command line's side of a sync: card files with their links, and a backup file that holds the learner's history. */
import { existsSync } from "node:fs";
import { readFile, rename, writeFile } from "node:fs/promises";
import { join } from "node:path";
import {
  AnkiRefusal,
  applyEdits,
  type Backup,
  type CardFileText,
  type LocalSide,
  mergeBackups,
  type Note,
  readCardLinks,
  type SyncHost,
  type SyncLink,
  writeBackup,
  writeCardLinks,
} from "#cards";

export interface HostFiles {
  content: string;
  /** The card files that are synced. */
  files: readonly CardFileText[];
  notes: readonly Note[];
  /** See LocalSide. */
  allSlugs: ReadonlySet<string> | undefined;
  /** Notes and log of the backup; undefined when none was named. */
  history: { file: string; backup: Backup } | undefined;
  /** Whether links go back into the card files. */
  writeBack: boolean;
}

export async function createFileHost(given: HostFiles): Promise<SyncHost> {
  let backup = given.history?.backup;
  const links = new Map<string, SyncLink>();
  for (const { text } of given.files) for (const [slug, link] of await readCardLinks(text)) links.set(slug, link);
  const siteSlugs = new Set(given.notes.map(({ slug }) => slug));
  const side = (): LocalSide => {
    const others = (backup?.notes ?? []).filter(({ slug }) => !siteSlugs.has(slug) && given.allSlugs?.has(slug) !== true);
    const notes = applyEdits([...given.notes, ...others], backup?.edits ?? []);
    const edited = new Set((backup?.edits ?? []).map(({ slug }) => slug));
    return { notes, edited, siteSlugs, allSlugs: given.allSlugs, log: backup?.log, links };
  };
  return {
    keepsEdits: given.history !== undefined,
    read: async () => side(),
    async keep(part) {
      if (!given.history || !backup) return;
      const notes = part.notes.filter(({ slug }) => !siteSlugs.has(slug));
      backup = mergeBackups(backup, { notes, log: part.log, edits: part.edits, media: part.media });
      await replaceFile(given.history.file, await writeBackup(backup));
    },
    media: async (names) => (backup?.media ?? []).filter(({ name }) => names.includes(name)),
    async keepLinks(found) {
      if (!given.writeBack) return;
      for (const { path } of given.files) {
        const file = join(given.content, path);
        const text = await readFile(file, "utf8");
        const written = await writeCardLinks(text, found);
        if (written !== text) await replaceFile(file, written);
      }
    },
  };
}

/** Written beside it first: a full disk must not cost what is there. */
async function replaceFile(file: string, text: string): Promise<void> {
  try {
    await writeFile(`${file}.part`, text);
    await rename(`${file}.part`, file);
  } catch (fault) {
    throw new AnkiRefusal("StoreFailed", { detail: fault instanceof Error ? fault.message : String(fault) });
  }
}

/** A history that is to be begun is an empty one. */
export async function readOrBegin(file: string, read: (file: string) => Promise<Backup>): Promise<Backup> {
  return existsSync(file) ? read(file) : { notes: [], log: [] };
}
