/**
 * What each section of a lesson (a heading of the second level and what follows it) stands on: the facts it cites, the runs it measures,
 * the experiments it lets the reader repeat. Numbers are held one by one (claim-faults.ts); what a section says a mesh *does* is held by
 * this: a section that names none of the three is a fault.
 */
import { readFileSync } from "node:fs";
import type { Nodes, Root } from "mdast";
import { splitFrontmatter } from "../frontmatter.ts";
import { parseMdx } from "../import/mdx.ts";
import type { LessonPage } from "../pages.ts";

interface LessonSection {
  /** Of the heading, 1-based, in the body. */
  line: number;
  heading: string;
  isBound: boolean;
  /** Why the section needs nothing to stand on. */
  exemption?: string;
}

/** Each shows the reader what is behind the words. A card does not: it asks what the section taught. */
const bindings: ReadonlySet<string> = new Set(["Cite", "Measured", "Experiment"]);

/** Sections known by what they consist of, never by their title. */
const exemptions: readonly { why: string; only: string }[] = [
  { why: "questions: their answers are held to what the lesson says", only: "Question" },
  { why: "the list of what was cited", only: "Sources" },
];

const nameOf = (node: Nodes): string => (node as { name?: string | null }).name ?? "";

function holdsBinding(node: Nodes): boolean {
  return bindings.has(nameOf(node)) || ("children" in node && node.children.some(holdsBinding));
}

function plainText(node: Nodes): string {
  if ("value" in node) return node.value;
  return "children" in node ? node.children.map(plainText).join("") : "";
}

/** What stands before the first heading (goals) is no section. @throws as the parser does for text that is no MDX */
export function lessonSections(body: string): LessonSection[] {
  const { children } = parseMdx(body) as Root;
  const starts = children.flatMap((node, index) => (node.type === "heading" && node.depth === 2 ? [index] : []));
  return starts.map((start, index) => {
    const [heading, ...blocks] = children.slice(start, starts[index + 1]) as [Nodes, ...Nodes[]];
    const exemption = exemptions.find(({ only }) => blocks.length > 0 && blocks.every((block) => nameOf(block) === only))?.why;
    return {
      line: heading.position?.start.line ?? 1,
      heading: plainText(heading).trim(),
      isBound: [heading, ...blocks].some(holdsBinding),
      ...(exemption !== undefined && { exemption }),
    };
  });
}

/** @returns sentences with file and line */
export function sectionFaults(pages: readonly LessonPage[]): string[] {
  return pages.flatMap(({ file, language, path }) => {
    const { body, bodyLine } = splitFrontmatter(readFileSync(file, "utf8"));
    return lessonSections(body)
      .filter(({ isBound, exemption }) => !isBound && exemption === undefined)
      .map(
        ({ line, heading }) =>
          `content/${language}/${path}.mdx:${bodyLine + line - 1}: the section "${heading}" stands on nothing: cite the fact that says what it says, show the run behind it with <Measured />, or let the reader run it with <Experiment />`,
      );
  });
}
