/** What is wrong with one page by itself, and between the two languages of one lesson. Sentences name file and line. */
import type { PageOutline } from "./page-outline.ts";

const lessonImport = /^import \{[\s\w,]*\} from "#lesson";?$/;

/** @param file as the message shall name it. */
export function pageFaults(outline: PageOutline, file: string): string[] {
  const faults: string[] = [];
  for (const { text, line } of outline.imports) {
    if (!lessonImport.test(text))
      faults.push(`${file}:${line}: the one import of a lesson is { … } from "#lesson", not: ${text}`);
  }
  const ids = outline.questions.map((question) => question.id);
  for (const question of outline.questions) {
    const place = `${file}:${question.line}: question "${question.id}"`;
    if (!question.id) faults.push(`${file}:${question.line}: a question needs an id`);
    else if (ids.indexOf(question.id) !== ids.lastIndexOf(question.id)) faults.push(`${place} stands on the page twice`);
    if (question.choices < 2) faults.push(`${place} needs at least two choices`);
    if (question.right.length !== 1) faults.push(`${place} has ${question.right.length} right choices, not one`);
  }
  return faults;
}

/** The lesson of one language measured against the other's; `file` is the second one. */
export function parityFaults(first: PageOutline, second: PageOutline, firstFile: string, file: string): string[] {
  const pairs: [string, unknown, unknown][] = [
    ["levels of headings", first.headingDepths, second.headingDepths],
    ["number of tables", first.tables, second.tables],
    ["diagrams", first.diagrams, second.diagrams],
    ["number of code blocks", first.codeBlocks, second.codeBlocks],
    ["questions", first.questions.map((question) => question.id), second.questions.map((question) => question.id)],
    ["choices of the questions", first.questions.map(choicesOf), second.questions.map(choicesOf)],
    ["experiments", first.experiments, second.experiments],
    ["corrections", first.corrections, second.corrections],
    ["inline cards", first.cards, second.cards],
    ["measured values", [...first.measured].sort(), [...second.measured].sort()],
    ["cited facts", first.cites, second.cites],
  ];
  return pairs
    .map(([what, one, other]): [string, string, string] => [what, JSON.stringify(one), JSON.stringify(other)])
    .filter(([, one, other]) => one !== other)
    .map(([what, one, other]) => `${file}: ${what} differ from ${firstFile}: ${other}, there ${one}`);
}

function choicesOf(question: PageOutline["questions"][number]): string {
  return `${question.id}: ${question.choices} (right: ${question.right.join(", ")})`;
}
