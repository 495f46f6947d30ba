/**
 * Marks the first use of each glossary term in every section of a lesson: a link to the glossary, which a small script on the page
 * turns into a hint in place. Authors mark nothing.
 */
import type { Language } from "#i18n";
import { createTermFinder, type FoundTerm } from "../glossary/find-terms.ts";
import { type GlossaryTerm, loadGlossary } from "../glossary/glossary.ts";
import { componentNamespace, type LessonContext } from "./lesson-context.ts";
import { jsxElement, type TreeNode } from "./tree.ts";

/** Where a mark would be in the way: links and code, what is read as a whole, what a component shows by itself. */
const unmarkedNodes: ReadonlySet<string> = new Set(["link", "linkReference", "heading", "inlineCode", "code", "mdxjsEsm"]);
const unmarkedElements: ReadonlySet<string> = new Set([
  "Goals",
  "Question",
  "Sources",
  "Cite",
  "Measured",
  "Experiment",
  "Card",
  "a",
]);

const finders = new Map<string, { terms: readonly GlossaryTerm[]; find: (text: string) => FoundTerm[] }>();

/** The pattern is long: made once for each language and kept while the glossary stays the same. */
function finderFor(terms: readonly GlossaryTerm[], language: Language): (text: string) => FoundTerm[] {
  const known = finders.get(language);
  if (known?.terms === terms) return known.find;
  const find = createTermFinder(
    terms.filter(({ hint }) => hint),
    language,
  );
  finders.set(language, { terms, find });
  return find;
}

/** @returns how many terms were marked */
export function linkTerms(root: TreeNode, { language, path, content }: LessonContext): number {
  const terms = loadGlossary(content);
  const lesson = path.split("/").at(-1) ?? "";
  const byId = new Map(terms.filter(({ notIn }) => !notIn.includes(lesson)).map((term) => [term.id, term]));
  const find = finderFor(terms, language);
  const marked = new Set<string>();
  let inSection = new Set<string>();

  const split = (text: string): TreeNode[] | undefined => {
    const parts: TreeNode[] = [];
    let end = 0;
    for (const { id, words, start } of find(text)) {
      if (inSection.has(id) || !byId.has(id)) continue;
      inSection.add(id);
      marked.add(id);
      const link = jsxElement("a", { class: "mw-term", href: `/${language}/glossary/#${id}`, "data-term": id });
      parts.push({ type: "text", value: text.slice(end, start) });
      parts.push({ ...link, type: "mdxJsxTextElement", children: [{ type: "text", value: words }] });
      end = start + words.length;
    }
    return parts.length > 0 ? [...parts, { type: "text", value: text.slice(end) }] : undefined;
  };
  const visit = (parent: TreeNode): void => {
    for (const [index, node] of [...(parent.children ?? [])].entries()) {
      if (node.type === "heading" && node.depth === 2) inSection = new Set();
      if (unmarkedNodes.has(node.type) || unmarkedElements.has(node.name ?? "") || node.name?.startsWith(componentNamespace))
        continue;
      if (node.type === "tableRow" && index === 0) continue;
      if (node.type === "text") {
        const parts = split(node.value ?? "");
        if (parts) parent.children?.splice(parent.children.indexOf(node), 1, ...parts);
      } else visit(node);
    }
  };
  visit(root);
  if (marked.size > 0) {
    const hints = terms.filter(({ id }) => marked.has(id)).map(({ id, [language]: { term, text } }) => ({ id, term, text }));
    root.children?.push(jsxElement(`${componentNamespace}.TermHints`, { terms: JSON.stringify(hints) }));
  }
  return marked.size;
}
