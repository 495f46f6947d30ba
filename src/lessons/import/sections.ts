/**
 * The languages of a note. A question/answer note names them in its headings ("# Question (EN)", "## Otvet (RU)"); what
 * stands beneath other top headings (Follow-ups, References) belongs to every language. Any other note has one language.
 */
import type { Language, NoteProblem, NoteSection } from "./note.ts";

const marks: readonly { pattern: RegExp; part: "question" | "answer" }[] = [
  { pattern: /^#{1,2}\s+(?:question|vopros|вопрос)\s*\((en|ru)\)\s*$/i, part: "question" },
  { pattern: /^#{1,2}\s+(?:answer|otvet|ответ)\s*\((en|ru)\)\s*$/i, part: "answer" },
];

interface Part {
  part: "question" | "answer" | "shared";
  language: Language | null;
  line: number;
  lines: string[];
}

/** @param fields the frontmatter, which may name the language of a note that does not show it. */
export function readSections(
  file: string,
  markdown: string,
  bodyLine: number,
  fields: Readonly<Record<string, unknown>>,
): { sections: NoteSection[]; problems: NoteProblem[] } {
  const parts = splitParts(markdown, bodyLine);
  if (!parts.some((part) => part.part !== "shared")) {
    return { sections: [{ language: languageOf(markdown, fields), markdown, line: bodyLine }], problems: [] };
  }
  return joinParts(file, parts);
}

function splitParts(markdown: string, bodyLine: number): Part[] {
  const parts: Part[] = [{ part: "shared", language: null, line: bodyLine, lines: [] }];
  let fence = "";
  for (const [index, line] of markdown.split("\n").entries()) {
    const mark = /^\s*(```+|~~~+)/.exec(line)?.[1] ?? "";
    if (mark !== "" && (fence === "" || line.trim() === fence)) fence = fence === "" ? mark : "";
    const open = fence === "" ? openPart(line, bodyLine + index, parts.at(-1)) : undefined;
    if (open) parts.push(open);
    else (parts.at(-1) as Part).lines.push(line);
  }
  return parts;
}

function openPart(line: string, number: number, current: Part | undefined): Part | undefined {
  for (const { pattern, part } of marks) {
    const language = pattern.exec(line)?.[1]?.toLowerCase() as Language | undefined;
    if (language) return { part, language, line: number, lines: [] };
  }
  // "## Follow-ups" ends an answer whose own headings are deeper; a rule between the parts ends nothing.
  if (/^#{1,2}\s+\S/.test(line) && current && current.part !== "shared") {
    return { part: "shared", language: null, line: number, lines: [line] };
  }
  return undefined;
}

function joinParts(file: string, parts: Part[]): { sections: NoteSection[]; problems: NoteProblem[] } {
  const problems: NoteProblem[] = [];
  const sections: NoteSection[] = [];
  const shared = parts
    .filter((part) => part.part === "shared")
    .map((part) => trimRules(part.lines))
    .filter((text) => text !== "")
    .join("\n\n");
  for (const language of ["en", "ru"] as const) {
    const question = parts.find((part) => part.language === language && part.part === "question");
    const answer = parts.find((part) => part.language === language && part.part === "answer");
    if (!question && !answer) continue;
    const line = (question ?? answer)?.line ?? 1;
    if (!answer) {
      problems.push({ severity: "error", code: "answerMissing", params: { language: language.toUpperCase() }, file, line });
      continue;
    }
    if (!question)
      problems.push({ severity: "warning", code: "questionMissing", params: { language: language.toUpperCase() }, file, line });
    const questionText = question ? trimRules(question.lines).replace(/^>\s?/gm, "").trim() : "";
    const answerText = trimRules(answer.lines);
    const headings = language === "ru" ? { question: "Вопрос", answer: "Ответ" } : { question: "Question", answer: "Answer" };
    const markdown = [
      ...(questionText === "" ? [] : [`## ${headings.question}`, questionText.replace(/^/gm, "> ")]),
      `## ${headings.answer}`,
      answerText,
      ...(shared === "" ? [] : [shared]),
    ].join("\n\n");
    sections.push({ language, markdown: `${markdown}\n`, line, question: questionText, answer: answerText });
  }
  return { sections, problems };
}

/** Without blank lines and horizontal rules at either end: they only set the parts of a note apart. */
function trimRules(lines: readonly string[]): string {
  return lines
    .join("\n")
    .replace(/^(?:\s|-{3,}\s*(?:\n|$))+/, "")
    .replace(/(?:\s|\n-{3,}\s*)+$/, "");
}

function languageOf(markdown: string, fields: Readonly<Record<string, unknown>>): Language {
  const tags = fields.language_tags;
  const named =
    typeof fields.language === "string"
      ? fields.language
      : Array.isArray(tags) && tags.length === 1
        ? tags[0]
        : fields.original_language;
  if (named === "en" || named === "ru") return named;
  const cyrillic = markdown.match(/[а-яё]/gi)?.length ?? 0;
  const latin = markdown.match(/[a-z]/gi)?.length ?? 0;
  return cyrillic > latin / 2 ? "ru" : "en";
}
