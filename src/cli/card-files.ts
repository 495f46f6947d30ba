/** The card files of a content folder, as the commands for cards read them: which there are, which lessons are published, what is wrong. */
import { existsSync } from "node:fs";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import {
  type CardFileText,
  type CardIssue,
  type CardRevisions,
  cardLanguages,
  createCardDeck,
  type Note,
  type ParsedCards,
  parseCards,
} from "#cards";
import { cardSurroundings, isPublished, loadCurriculum } from "#lessons";
import { type CommandIo, UsageError } from "./command.ts";

export const revisionFile = "card-revisions.json";

export interface PublishedLesson {
  module: string;
  slug: string;
  title: string;
}

/** In the curriculum's order, pages that are there in both languages and are no drafts. */
export function publishedLessons(io: CommandIo, content: string): PublishedLesson[] {
  if (!existsSync(join(content, "curriculum.yaml"))) throw new UsageError(noContent(io, content));
  const lessons = loadCurriculum(content).modules.flatMap(({ slug: module, lessons }) =>
    lessons.map(({ slug, title }) => ({ slug, module, title: title.en })),
  );
  return lessons.filter(({ module, slug }) => isPublished(`${module}/${slug}`, content));
}

export function cardFileOf({ module, slug }: PublishedLesson): string {
  return `/${module}/${slug}.cards.yaml`;
}

/** Every card file under the content folder, published or not. */
export async function readCardFiles(io: CommandIo, content: string): Promise<CardFileText[]> {
  const files: CardFileText[] = [];
  for (const lang of cardLanguages) {
    const names = await readdir(join(content, lang), { recursive: true }).catch(() => []);
    for (const name of names.filter((one) => one.endsWith(".cards.yaml")).sort()) {
      const path = `${lang}/${name.replaceAll("\\", "/")}`;
      files.push({ path, text: await readFile(join(content, path), "utf8") });
    }
  }
  if (files.length === 0) throw new UsageError(noContent(io, content));
  return files;
}

/** Their notes; what is wrong in them is told on stderr. */
export async function parseFiles(io: CommandIo, content: string, files: readonly CardFileText[]): Promise<ParsedCards> {
  const parsed = await parseCards(files, { ...(await cardSurroundings(content)), revisions: await readRevisions(io, content) });
  for (const issue of parsed.issues) io.err(`${inWords(io, content, issue)}\n`);
  return parsed;
}

function noContent(io: CommandIo, folder: string): string {
  return io.text("cards:deck.noContent", { folder });
}

export async function readRevisions(io: CommandIo, content: string): Promise<CardRevisions> {
  const file = join(content, revisionFile);
  const text = await readFile(file, "utf8").catch(() => "{}");
  try {
    return JSON.parse(text);
  } catch (fault) {
    throw new UsageError(io.text("cli:error.unreadable", { file, reason: String(fault) }));
  }
}

/** Published lessons as the curriculum has them, drafts behind them. */
export function inTeachingOrder(notes: readonly Note[], lessons: readonly PublishedLesson[]): Note[] {
  const ordered = new Set(cardLanguages.flatMap((lang) => createCardDeck(lang, lessons, notes).notes));
  return [...ordered, ...notes.filter((note) => !ordered.has(note))];
}

function inWords(io: CommandIo, content: string, { code, file, line, column, values }: CardIssue): string {
  return `${join(content, file)}:${line}:${column}: ${io.text(`cards:issue.${code}`, values)}`;
}
