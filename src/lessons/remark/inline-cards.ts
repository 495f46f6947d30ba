/**
 * A card in the middle of a lesson: `<Card slug="timeouts-retries-backoff" />` becomes the question and its answer as
 * static HTML, taken from the lesson's card file. The reader opens the answer; only then a script comes and lets them rate it.
 */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { clozeOrdinals, deckName, type Note, parseCards, showCloze } from "#cards";
import { cardSurroundings } from "../card-surroundings.ts";
import { reportFault } from "../strictness.ts";
import { componentNamespace, type LessonContext, lessonContext } from "./lesson-context.ts";
import { attributeOf, isJsx, jsxElement, type TreeNode, walk } from "./tree.ts";

interface LessonFile {
  path?: string;
}

/** Runs before remarkLesson, which imports the components of every lesson that has cards. */
export function remarkInlineCards(options: { content?: string } = {}) {
  return async (root: TreeNode, file: LessonFile): Promise<void> => {
    const context = lessonContext(file.path, options.content);
    if (!context) return;
    const places: [card: TreeNode, parent: TreeNode][] = [];
    walk(root, (node, parent) => {
      if (isJsx(node, "Card")) places.push([node, parent]);
    });
    if (places.length === 0) return;
    const notes = await notesOf(context);
    for (const [card, parent] of places) {
      const slug = `${attributeOf(card, "slug") ?? ""}-${context.language}`;
      const note = notes.find((one) => one.slug === slug);
      // A card that the learner does something with would stand here without what to do.
      if (!note || note.content) {
        const reason = note ? "is for the practice page only" : "is not in the lesson's card file";
        reportFault(`${context.file}:${card.position?.start.line ?? 1}: the card ${slug} ${reason}`);
        continue;
      }
      parent.children?.splice(parent.children.indexOf(card), 1, inlineCard(note));
    }
  };
}

async function notesOf(context: LessonContext): Promise<Note[]> {
  const path = `${context.language}/${context.path}.cards.yaml`;
  const file = join(context.content, path);
  if (!existsSync(file)) return [];
  // Without a grader: scenarios are run for the practice page, not for every lesson.
  const { grader: _grader, ...around } = await cardSurroundings(context.content);
  return (await parseCards([{ path, text: readFileSync(file, "utf8") }], around)).notes;
}

function inlineCard(note: Note): TreeNode {
  const isCloze = note.type === "cloze";
  const filled = showCloze(note.frontHtml, firstOrdinal(note), "answer");
  return jsxElement(`${componentNamespace}.InlineCard`, {
    slug: note.slug,
    deck: deckName(note),
    ord: String(isCloze ? firstOrdinal(note) : 0),
    question: isCloze ? showCloze(note.frontHtml, firstOrdinal(note), "question") : note.frontHtml,
    answer: isCloze ? `${filled}${note.backHtml}` : note.backHtml,
  });
}

function firstOrdinal({ frontHtml }: Note): number {
  return Math.min(...clozeOrdinals(frontHtml), 9999) % 9999;
}
