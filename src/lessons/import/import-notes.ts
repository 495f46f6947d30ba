/**
 * Notes → drafts of lessons and card files, in the languages each note has: an import is a draft until its author has finished
 * it and given it a place in the curriculum. Pure: it is told what the target folder holds
 * and answers what to write. What somebody edited since the last import is kept unless the caller forces it.
 */
import { printCardFile } from "./card-file.ts";
import type { Inventory } from "./inventory.ts";
import { isUntouched, printLesson, withHash, withoutLinks } from "./lesson-file.ts";
import type { Language, Note, NoteFile, NoteProblem } from "./note.ts";
import { readNote } from "./read-note.ts";

/** The module folder that imported notes go to, beneath `content/<lang>/`. */
const importFolder = "notes";

export interface ImportOptions {
  /** Text of an existing file beneath the content folder, or undefined. */
  existing(path: string): string | undefined;
  force: boolean;
}

export interface ImportedFile {
  note: string;
  language: Language;
  /** Beneath the content folder, with "/". */
  path: string;
  text: string;
  action: "created" | "updated" | "unchanged" | "kept";
  /** Lessons only. */
  before?: Inventory;
  after?: Inventory;
}

export interface ImportResult {
  files: ImportedFile[];
  problems: NoteProblem[];
}

export function importNotes(sources: readonly NoteFile[], options: ImportOptions): ImportResult {
  const problems: NoteProblem[] = [];
  const notes: Note[] = [];
  for (const source of sources) {
    const read = readNote({ ...source, stem: slugify(source.stem) });
    problems.push(...read.problems);
    if (read.note) notes.push(read.note);
  }
  const accepted = rejectRepeatedSlugs(notes, problems);
  const index = indexNotes(accepted);
  const files: ImportedFile[] = [];
  for (const note of accepted) files.push(...importNote(note, index, options, problems));
  return { files, problems };
}

function importNote(
  note: Note,
  index: ReadonlyMap<string, string>,
  options: ImportOptions,
  problems: NoteProblem[],
): ImportedFile[] {
  const printed = note.sections.map((section) => ({
    section,
    lesson: printLesson(note, section, (target) => {
      const stem = index.get(target.toLowerCase()) ?? index.get(slugify(target));
      return stem === undefined ? undefined : `/${section.language}/${importFolder}/${stem}/`;
    }),
  }));
  if (new Set(printed.map(({ lesson }) => lesson.structure)).size > 1) {
    problems.push({
      severity: "warning",
      code: "structureDiffers",
      params: {},
      file: note.file,
      line: note.sections[1]?.line ?? 1,
    });
  }
  problems.push(...printed.flatMap(({ lesson }) => lesson.problems));
  if (printed.some(({ lesson }) => lesson.problems.some((problem) => problem.severity === "error"))) return [];
  return printed.flatMap(({ section, lesson }) => {
    const stem = `${section.language}/${importFolder}/${note.stem}`;
    const cards = printCardFile(note, section.language, options.existing(`${stem}.cards.yaml`));
    const target = { note: note.file, language: section.language };
    return [
      {
        ...target,
        ...decide(`${stem}.mdx`, lesson.text, options, note.file, problems),
        before: lesson.before,
        after: lesson.after,
      },
      ...(cards === undefined
        ? []
        : [{ ...target, ...decide(`${stem}.cards.yaml`, withHash(cards), options, note.file, problems) }]),
    ];
  });
}

function decide(
  path: string,
  text: string,
  { existing, force }: ImportOptions,
  file: string,
  problems: NoteProblem[],
): Pick<ImportedFile, "path" | "text" | "action"> {
  const current = existing(path);
  if (current === undefined) return { path, text, action: "created" };
  // Links that came back from Anki are in both; only where their lines stand may differ.
  if (current === text || withoutLinks(current) === withoutLinks(text)) return { path, text: current, action: "unchanged" };
  if (force || isUntouched(current)) return { path, text, action: "updated" };
  problems.push({ severity: "warning", code: "editedKept", params: { path }, file, line: 1 });
  return { path, text: current, action: "kept" };
}

/** Two notes must not claim one card or one page: the first keeps it, the second is refused with its place. */
function rejectRepeatedSlugs(notes: readonly Note[], problems: NoteProblem[]): Note[] {
  const owners = new Map<string, string>();
  return notes.filter((note) => {
    const claims = [`page ${note.stem}`, ...note.cards.map((card) => `card ${card.slug}`)];
    const taken = claims.find((claim, position) => owners.has(claim) || claims.indexOf(claim) !== position);
    if (taken !== undefined) {
      const params = { slug: taken.split(" ")[1] ?? "", owner: owners.get(taken) ?? note.file };
      problems.push({ severity: "error", code: "slugTaken", params, file: note.file, line: 1 });
      return false;
    }
    for (const claim of claims) owners.set(claim, note.file);
    return true;
  });
}

/** Everything a wiki link may call a note by: file name, title, alias. A name that two notes share names neither. */
function indexNotes(notes: readonly Note[]): Map<string, string> {
  const index = new Map<string, string>();
  const ambiguous = new Set<string>();
  for (const note of notes) {
    const aliases = Array.isArray(note.fields.aliases) ? note.fields.aliases.map(String) : [];
    for (const name of new Set([note.stem, note.title, ...aliases].map((text) => text.toLowerCase()))) {
      if (index.has(name)) ambiguous.add(name);
      index.set(name, note.stem);
    }
  }
  for (const name of ambiguous) index.delete(name);
  return index;
}

/** "Q Service mesh_v2" → "q-service-mesh-v2"; letters of any alphabet stay. */
function slugify(name: string): string {
  return name
    .normalize("NFC")
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, "-")
    .replace(/^-+|-+$/g, "");
}
