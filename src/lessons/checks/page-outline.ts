/**
 * What a page consists of, without its words: enough to tell whether two languages have the same lesson. Reads text;
 * whether it compiles is said by the build.
 */
import { findDiagrams } from "../diagrams/diagram-source.ts";
import { splitFrontmatter } from "../frontmatter.ts";

export interface QuestionOutline {
  id: string;
  choices: number;
  /** 1-based position of each right choice. */
  right: number[];
  line: number;
}

export interface PageOutline {
  headingDepths: number[];
  tables: number;
  /** Kind of each diagram ("flowchart", "sequenceDiagram" …), in order. */
  diagrams: string[];
  codeBlocks: number;
  questions: QuestionOutline[];
  experiments: string[];
  corrections: string[];
  /** Slugs of inline cards, without the language. */
  cards: string[];
  /** Cited facts, without repetition, sorted. */
  cites: string[];
  /** Values of runs, in order. */
  measured: string[];
  imports: { text: string; line: number }[];
}

/** Blanks fenced code, keeping the number of lines; counts the blocks that are no diagrams. */
function withoutFences(body: string): { text: string; codeBlocks: number } {
  let codeBlocks = 0;
  const text = body.replaceAll(
    /^( *)(`{3,}|~{3,})([^\n]*)\n([\s\S]*?)^ *\2 *$/gm,
    (block: string, _indent, _fence, language: string) => {
      if (!language.startsWith("mermaid")) codeBlocks += 1;
      return "\n".repeat(block.split("\n").length - 1);
    },
  );
  return { text, codeBlocks };
}

function attribute(tag: string, name: string): string {
  return new RegExp(`\\b${name}="([^"]*)"`).exec(tag)?.[1] ?? "";
}

export function outlinePage(page: string): PageOutline {
  const { body, bodyLine } = splitFrontmatter(page);
  const { text, codeBlocks } = withoutFences(body);
  const lineAt = (index: number): number => bodyLine + text.slice(0, index).split("\n").length - 1;
  const tags = (name: string): string[] => [...text.matchAll(new RegExp(`<${name}\\b[^>]*>`, "g"))].map((match) => match[0]);
  const questions = [...text.matchAll(/<Question\b([^>]*)>([\s\S]*?)<\/Question>/g)].map((match): QuestionOutline => {
    const choices = [...(match[2] ?? "").matchAll(/<Choice\b((?:"[^"]*"|[^">])*)>/g)].map((choice) => choice[1] ?? "");
    const right = choices.flatMap((choice, index) => (/\bright\b/.test(choice.replaceAll(/"[^"]*"/g, "")) ? [index + 1] : []));
    return { id: attribute(match[1] ?? "", "id"), choices: choices.length, right, line: lineAt(match.index) };
  });
  return {
    headingDepths: [...text.matchAll(/^(#{1,6}) /gm)].map((match) => match[1]?.length ?? 0),
    tables: [...text.matchAll(/^\s*\|?\s*:?-{2,}:?\s*(\|\s*:?-+:?\s*)+\|?\s*$/gm)].length,
    diagrams: findDiagrams(body).map((diagram) => /^\s*([\w-]+)/m.exec(diagram.source.replaceAll(/^\s*%%.*$/gm, ""))?.[1] ?? ""),
    codeBlocks,
    questions,
    experiments: tags("Experiment").map((tag) => attribute(tag, "id")),
    corrections: tags("Correction").map((tag) => attribute(tag, "note")),
    cards: tags("Card").map((tag) => attribute(tag, "slug")),
    cites: [...new Set(tags("Cite").map((tag) => attribute(tag, "id")))].sort(),
    measured: tags("Measured").map((tag) => `${attribute(tag, "run")}.${attribute(tag, "value")}`),
    imports: [...text.matchAll(/^(?:import|export)\b[^\n]*/gm)].map((match) => ({ text: match[0], line: lineAt(match.index) })),
  };
}
