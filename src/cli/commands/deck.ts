/**
 * `meshwise deck`: the cards of the lessons, listed, or written as a package that Anki imports, with a learner's history when
 * there is one; packages and backups read into a backup; and the record of the cards' changes.
 */
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import {
  applyEdits,
  cardIdOf,
  cardLanguages,
  createScheduler,
  defaultDeckOptions,
  exportApkg,
  type LogRow,
  localDayClock,
  mediaNamesIn,
  type Note,
  ordinalsOf,
  type ParsedCards,
  replay,
  stampRevisions,
} from "#cards";
import { oneOf, parseCommandArguments } from "../arguments.ts";
import {
  cardFileOf,
  inTeachingOrder,
  parseFiles,
  publishedLessons,
  readCardFiles,
  readRevisions,
  revisionFile,
} from "../card-files.ts";
import { type Command, type CommandIo, exitCodes, UsageError } from "../command.ts";
import { importDeck, readHistory } from "../deck-import.ts";

export const command: Command = {
  name: "deck",
  summary: "cards:deck.summary",
  usage:
    "deck list | export --lang en|ru|all --out FILE.apkg [--with-history BACKUP.json] | import FILE.apkg --out BACKUP.json | stamp" +
    "   [--content DIR] [--drafts] [--format text|json]",
  async run(args, io) {
    const { values, positionals } = parseCommandArguments(io, args, {
      lang: { type: "string", default: "all" },
      out: { type: "string" },
      "with-history": { type: "string" },
      content: { type: "string", default: "content" },
      drafts: { type: "boolean", default: false },
      format: { type: "string", default: "text" },
    });
    const lang = oneOf(io, "--lang", values.lang, [...cardLanguages, "all"]);
    const format = oneOf(io, "--format", values.format, ["text", "json"]);
    const [verb, ...more] = positionals;
    if (verb === "import") {
      const [file, ...rest] = more;
      if (file === undefined || rest.length > 0)
        throw new UsageError(io.text("cards:deck.badArgument", { argument: more.join(" ") }));
      if (values.out === undefined) throw new UsageError(io.text("cards:deck.badArgument", { argument: "--out" }));
      return importDeck(io, file, values.out, format);
    }
    if (more.length > 0) throw new UsageError(io.text("cards:deck.badArgument", { argument: more.join(" ") }));
    const lessons = publishedLessons(io, values.content);
    const files = await readCardFiles(io, values.content);
    const parsed = await parseFiles(
      io,
      values.content,
      files.filter(({ path }) => values.drafts || lessons.some((lesson) => path.endsWith(cardFileOf(lesson)))),
    );
    if (parsed.issues.length > 0) return exitCodes.failed;
    const notes = inTeachingOrder(parsed.notes, lessons).filter((note) => lang === "all" || note.lang === lang);
    switch (verb) {
      case "list":
        writeList(io, notes, format);
        return exitCodes.ok;
      case "export":
        if (values.out === undefined) throw new UsageError(io.text("cards:deck.badArgument", { argument: "--out" }));
        return exportDeck(io, await withHistory(io, notes, parsed.notes, lang, values["with-history"]), values.out, format);
      case "stamp":
        return stamp(io, values.content, parsed);
      default:
        throw new UsageError(io.text("cards:deck.badArgument", { argument: verb ?? "deck" }));
    }
  },
};

function cardCount(notes: readonly Note[]): number {
  return notes.reduce((sum, note) => sum + ordinalsOf(note).length, 0);
}

function writeList(io: CommandIo, notes: readonly Note[], format: "text" | "json"): void {
  const lessons = new Map<string, Note[]>();
  for (const note of notes) {
    const key = `${note.lang}/${note.module}/${note.lesson}`;
    lessons.set(key, [...(lessons.get(key) ?? []), note]);
  }
  if (format === "json") {
    const listed = [...lessons].map(([lesson, of]) => ({
      lesson,
      notes: of.length,
      cards: cardCount(of),
      slugs: of.map(({ slug }) => slug),
    }));
    io.out(`${JSON.stringify({ lessons: listed, notes: notes.length, cards: cardCount(notes) }, null, 2)}\n`);
    return;
  }
  const width = Math.max(0, ...[...lessons.keys()].map((key) => key.length));
  for (const [lesson, of] of lessons) {
    io.out(`${lesson.padEnd(width)}  ${String(of.length).padStart(3)}  ${String(cardCount(of)).padStart(3)}\n`);
  }
  io.out(`${io.text("cards:deck.total", { notes: notes.length, cards: cardCount(notes) })}\n`);
}

interface Exported {
  notes: readonly Note[];
  log: readonly LogRow[];
  /** Name → file. */
  media: ReadonlyMap<string, Uint8Array>;
}

async function exportDeck(
  io: CommandIo,
  { notes, log, media }: Exported,
  file: string,
  format: "text" | "json",
): Promise<number> {
  const clock = localDayClock();
  const scheduler = createScheduler(defaultDeckOptions, clock);
  const schedules = new Map([...Map.groupBy(log, cardIdOf)].map(([id, rows]) => [id, replay(id, rows, scheduler)]));
  const request = { notes, schedules, log, options: defaultDeckOptions, clock, nowMs: Date.now(), media };
  const { bytes, noteCount, cardCount: cards, reviewCount: reviews } = await exportApkg(request);
  try {
    await writeFile(file, bytes);
  } catch (fault) {
    io.err(`${io.text("cards:deck.writeFailed", { file, detail: fault instanceof Error ? fault.message : String(fault) })}\n`);
    return exitCodes.failed;
  }
  if (format === "json") io.out(`${JSON.stringify({ file, notes: noteCount, cards, ...(log.length > 0 ? { reviews } : {}) })}\n`);
  else io.out(`${io.text("cards:deck.written", { file, notes: noteCount, cards, reviews })}\n`);
  return exitCodes.ok;
}

/** The site's notes and those that only the backup has, as the learner has worded them, and the backup's log. */
async function withHistory(
  io: CommandIo,
  notes: readonly Note[],
  siteNotes: readonly Note[],
  lang: string,
  backupFile: string | undefined,
): Promise<Exported> {
  if (backupFile === undefined) return { notes, log: [], media: new Map() };
  const backup = await readHistory(io, backupFile);
  const slugs = new Set(siteNotes.map(({ slug }) => slug));
  const others = backup.notes.filter((note) => !slugs.has(note.slug) && (lang === "all" || note.lang === lang));
  const worded = applyEdits([...notes, ...others], backup.edits ?? []);
  const shown = new Set(worded.flatMap(({ frontHtml, backHtml }) => mediaNamesIn(frontHtml + backHtml)));
  const files = (backup.media ?? []).filter(({ name }) => shown.has(name));
  return { notes: worded, log: backup.log, media: new Map(files.map(({ name, bytes }) => [name, bytes])) };
}

/** Writes the time of every new and changed card into the record, which is committed with the cards. */
async function stamp(io: CommandIo, content: string, { contents }: ParsedCards): Promise<number> {
  const before = await readRevisions(io, content);
  const after = stampRevisions(contents, before, Math.floor(Date.now() / 1000));
  const lines = Object.entries(after).map(([slug, revision]) => `  ${JSON.stringify(slug)}: ${JSON.stringify(revision)}`);
  const file = join(content, revisionFile);
  await writeFile(file, `{\n${lines.join(",\n")}\n}\n`);
  const count = Object.entries(after).filter(([slug, revision]) => before[slug]?.[0] !== revision[0]).length;
  io.out(`${io.text("cards:deck.stamped", { count, file })}\n`);
  return exitCodes.ok;
}
