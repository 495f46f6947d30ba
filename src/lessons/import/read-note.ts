/** One note file → its title, fields, cards and language sections as Markdown. Never throws: problems are values. */
import { readNoteCards } from "./card-file.ts";
import { readFrontmatter } from "./frontmatter.ts";
import type { Note, NoteFile, NoteProblem } from "./note.ts";
import { fenceLooseDiagrams, isPlainText, plainTextToMarkdown } from "./plain-text.ts";
import { readSections } from "./sections.ts";

export interface ReadNote {
  /** Undefined where an error forbids the import. */
  note?: Note;
  problems: NoteProblem[];
}

export function readNote({ path, stem, text }: NoteFile): ReadNote {
  const clean = text.replace(/^\uFEFF/, "").replace(/\r\n?/g, "\n");
  if (clean.trim() === "") return failed(path, "empty");
  // A zero byte or the replacement character: a picture or another encoding was read as UTF-8.
  const unreadable = [clean.indexOf("\u0000"), clean.indexOf("\uFFFD")].filter((index) => index >= 0);
  if (unreadable.length > 0) return failed(path, "notText", clean.slice(0, Math.min(...unreadable)).split("\n").length);
  const { fields, body, bodyLine, problems } = readFrontmatter(path, clean);
  if (body.trim() === "") problems.push({ severity: "error", code: "empty", params: {}, file: path, line: bodyLine });
  const openFence = findOpenFence(body);
  if (openFence !== undefined) {
    problems.push({ severity: "error", code: "fenceOpen", params: {}, file: path, line: bodyLine + openFence });
  }
  const markdown = isPlainText(body)
    ? plainTextToMarkdown(path, body, bodyLine)
    : { markdown: fenceLooseDiagrams(body), problems: [] };
  const { sections, problems: sectionProblems } = readSections(path, markdown.markdown, bodyLine, fields);
  const { cards, problems: cardProblems } = readNoteCards(path, fields, clean);
  problems.push(...markdown.problems, ...sectionProblems, ...cardProblems);
  for (const card of cards) {
    if (sections.length > 0 && !sections.some((section) => section.language === card.language)) {
      const params = { slug: card.slug, language: card.language.toUpperCase() };
      problems.push({ severity: "warning", code: "cardLanguageMissing", params, file: path, line: 1 });
    }
  }
  if (problems.some((problem) => problem.severity === "error")) return { problems };
  const { title, sections: untitled } = takeTitle(stem, fields, sections);
  return { note: { file: path, stem, source: clean, title, fields, cards, sections: untitled }, problems };
}

/** The frontmatter's title, else the text's own first heading, which then leaves the text (a page prints its title itself). */
function takeTitle(
  stem: string,
  fields: Readonly<Record<string, unknown>>,
  sections: Note["sections"],
): Pick<Note, "title" | "sections"> {
  const first = sections[0]?.markdown ?? "";
  const heading = /^\s*#{1,2}\s+(.+?)\s*#*\s*$/m.exec(first);
  const opensText = heading !== null && first.slice(0, heading.index).trim() === "";
  const isQuestion = sections.some((section) => section.question !== undefined);
  const own = opensText && !isQuestion ? (heading[1] ?? "") : "";
  const named = typeof fields.title === "string" ? fields.title : "";
  const title = (named || own || stem).trim();
  const repeats = own !== "" && (named === "" || own.toLowerCase() === named.toLowerCase());
  return {
    title,
    sections: repeats
      ? sections.map((section) => ({ ...section, markdown: section.markdown.replace(/^\s*#{1,2}\s+.+\n?/, "") }))
      : sections,
  };
}

/** 0-based line of a code fence that is never closed. */
function findOpenFence(body: string): number | undefined {
  let open: { mark: string; line: number } | undefined;
  for (const [line, text] of body.split("\n").entries()) {
    const mark = /^\s{0,3}(`{3,}|~{3,})/.exec(text)?.[1];
    if (!mark) continue;
    if (!open) open = { mark, line };
    else if (mark.startsWith(open.mark) && text.trim() === mark) open = undefined;
  }
  return open?.line;
}

function failed(file: string, code: "empty" | "notText", line = 1): ReadNote {
  return { problems: [{ severity: "error", code, params: {}, file, line }] };
}
