/**
 * Packages and backups → one backup. An existing backup is united with the new rows, never overwritten; a refused file
 * changes nothing. Also the way from a backup to the history of an export.
 */
import { existsSync } from "node:fs";
import { readFile, rename, stat, writeFile } from "node:fs/promises";
import {
  type Backup,
  createScheduler,
  defaultDeckOptions,
  type ImportedDeck,
  type ImportFailure,
  importFile,
  importLimits,
  localDayClock,
  mergeBackups,
  ordinalsOf,
  readBackup,
  writeBackup,
} from "#cards";
import { type CommandIo, exitCodes, UsageError } from "./command.ts";

/** The file as a deck; undefined after its refusal was told. */
export async function readDeck(io: CommandIo, file: string): Promise<ImportedDeck | undefined> {
  const scheduler = createScheduler(defaultDeckOptions, localDayClock());
  const read = await importFile(await bytesOf(io, file), { scheduler, nowMs: Date.now() });
  if (read.ok) return read.value;
  io.err(`${refusal(io, file, read.error)}\n`);
  return undefined;
}

export async function importDeck(io: CommandIo, file: string, out: string, format: "text" | "json"): Promise<number> {
  const deck = await readDeck(io, file);
  if (!deck) return exitCodes.failed;
  const before: Backup = existsSync(out) ? await readHistory(io, out) : { notes: [], log: [] };
  const after = mergeBackups(before, deck);
  try {
    // Written beside it first: a full disk must not cost the backup that is there.
    await writeFile(`${out}.part`, await writeBackup(after));
    await rename(`${out}.part`, out);
  } catch (fault) {
    io.err(
      `${io.text("cards:deck.writeFailed", { file: out, detail: fault instanceof Error ? fault.message : String(fault) })}\n`,
    );
    return exitCodes.failed;
  }
  const counts = {
    notes: deck.notes.length,
    cards: deck.notes.reduce((sum, note) => sum + ordinalsOf(note).length, 0),
    reviews: deck.log.filter(({ kind }) => kind === "review").length,
    media: deck.media.length,
    added: after.log.length - before.log.length,
  };
  if (format === "json") io.out(`${JSON.stringify({ file: out, ...counts, notices: deck.notices })}\n`);
  else io.out(`${io.text("cards:deck.imported", { file: out, ...counts })}\n`);
  for (const notice of deck.notices)
    if (format === "text") io.err(`${io.text(`cards:importNotice.${notice.code}`, { count: notice.count })}\n`);
  return exitCodes.ok;
}

/** @throws UsageError when the file is no backup. */
export async function readHistory(io: CommandIo, file: string): Promise<Backup> {
  const backup = await readBackup(new TextDecoder().decode(await bytesOf(io, file)), Date.now());
  if (!backup.ok) throw new UsageError(refusal(io, file, backup.error));
  return backup.value;
}

function refusal(io: CommandIo, file: string, failure: ImportFailure): string {
  return `${file}: ${io.text(`cards:importFailure.${failure.code}`, failure.values)}`;
}

/** The size is asked first: a file that no one could want is not read. */
async function bytesOf(io: CommandIo, file: string): Promise<Uint8Array> {
  let size: number;
  try {
    size = (await stat(file)).size;
    if (size <= importLimits.fileBytes) return await readFile(file);
  } catch (fault) {
    throw new UsageError(
      io.text("cli:error.unreadable", { file, reason: fault instanceof Error ? fault.message : String(fault) }),
    );
  }
  throw new UsageError(refusal(io, file, { code: "FileTooLarge", values: { limitMiB: importLimits.fileBytes / (1 << 20) } }));
}
