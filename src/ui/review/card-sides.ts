/** What a card shows: HTML of the question, and of what appears with the answer. The HTML is the site's own, made at build time. */
import { type QueuedCard, showCloze } from "#cards";

export interface CardSides {
  question: string;
  /** True: the answer repeats the question with the gap filled, so the question goes away. */
  answerReplacesQuestion: boolean;
  answer: string;
}

export function sidesOf({ note, ord }: Pick<QueuedCard, "note" | "ord">): CardSides {
  if (note.type === "cloze") {
    const filled = showCloze(note.frontHtml, ord, "answer");
    const answer = note.backHtml === "" ? filled : `${filled}<hr>${note.backHtml}`;
    return { question: showCloze(note.frontHtml, ord, "question"), answerReplacesQuestion: true, answer };
  }
  const [question, answer] =
    note.type === "reversed" && ord === 1 ? [note.backHtml, note.frontHtml] : [note.frontHtml, note.backHtml];
  return { question, answerReplacesQuestion: false, answer };
}
