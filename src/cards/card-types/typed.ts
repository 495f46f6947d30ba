/**
 * The answer is typed and compared: letter case, spaces around and ё/е do not count, both decimal separators are taken.
 * A small slip in a longer word is shown as almost right.
 */
import { ankiSafeText } from "../model/anki-safe-text.ts";
import type { Rating } from "../scheduling/schedule.ts";
import type { CardTypeDefinition } from "./card-type.ts";
import { besideAnswer } from "./diagram-beside.ts";

export interface TypedContent {
  type: "typed";
  /** The first is the one to show. */
  accept: readonly string[];
  whyHtml: string;
}

export interface TypedVerdict {
  verdict: "right" | "almost" | "wrong";
  rating: Rating;
}

export const typed: CardTypeDefinition = {
  ankiForm: "basic",
  fields: ["accept", "diagram"],
  read(card, tools) {
    const { render, report } = tools;
    const accept = card.accept ?? [];
    if (accept.length === 0) report("MissingField", "accept", { field: "accept" });
    if (accept.some((one) => fold(one) === "")) report("Empty", "accept", { field: "accept" });
    const frontHtml = render(card.front, "front");
    const whyHtml = card.back.trim() === "" ? "" : render(card.back, "back");
    const backHtml = [`<p><strong>${ankiSafeText(accept[0] ?? "")}</strong></p>`, whyHtml].filter(Boolean).join("\n");
    return { frontHtml, backHtml, ...besideAnswer(card, tools), content: { type: "typed", accept, whyHtml } };
  },
};

export function judgeTyped({ accept }: TypedContent, given: string): TypedVerdict {
  const answer = fold(given);
  const wanted = accept.map(fold);
  if (wanted.includes(answer)) return { verdict: "right", rating: 3 };
  const isAlmost = wanted.some((one) => one.length >= 5 && editDistance(one, answer) === 1 && !/\d/.test(one));
  return isAlmost ? { verdict: "almost", rating: 2 } : { verdict: "wrong", rating: 1 };
}

function fold(text: string): string {
  return text
    .trim()
    .toLowerCase()
    .replaceAll("ё", "е")
    .replace(/\s+/g, " ")
    .replace(/(\d),(\d)/g, "$1.$2")
    .replace(/[.!;]+$/, "");
}

/** Characters to change, add or leave out; neighbours that changed places are one slip. */
function editDistance(a: string, b: string): number {
  if (Math.abs(a.length - b.length) > 1) return 2;
  const rows = [Array.from({ length: b.length + 1 }, (_, j) => j)];
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const above = rows[i - 1]!;
      let least = Math.min(above[j]! + 1, row[j - 1]! + 1, above[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1));
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) least = Math.min(least, rows[i - 2]![j - 2]! + 1);
      row.push(least);
    }
    rows.push(row);
  }
  return rows[a.length]![b.length]!;
}
