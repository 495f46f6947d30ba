/** A configuration with one wrong line: the learner points at it, and sees what it should be. */
import { ankiSafeText } from "../model/anki-safe-text.ts";
import type { Rating } from "../scheduling/schedule.ts";
import type { CardTypeDefinition } from "./card-type.ts";

export interface SpotTheBugContent {
  type: "spot-the-bug";
  lines: readonly string[];
  /** Index of the wrong line. */
  wrong: number;
  /** The line as it should be; empty: it should not be there. */
  right: string;
  whyHtml: string;
}

export const spotTheBug: CardTypeDefinition = {
  ankiForm: "basic",
  fields: ["config", "wrong", "right"],
  read(card, { render, report, words }) {
    for (const field of ["config", "wrong", "right"] as const) {
      if (card[field] === undefined) report("MissingField", field, { field });
    }
    const lines = (card.config ?? "").trimEnd().split("\n");
    const places = lines.flatMap((line, index) => (line.trim() === card.wrong?.trim() ? [index] : []));
    if (card.wrong !== undefined && places.length !== 1) report("WrongLine", "wrong", { count: places.length });
    const wrong = places[0] ?? 0;
    const line = lines[wrong] ?? "";
    const indent = /^\s*(?:- )?/.exec(line)?.[0] ?? "";
    const right = card.right === undefined || card.right === "" ? "" : `${/^\s*/.exec(indent)?.[0] ?? ""}${card.right.trim()}`;
    const whyHtml = card.back.trim() === "" ? "" : render(card.back, "back");
    const code = (text: string) => `<code>${ankiSafeText(text.trim())}</code>`;
    const said = [
      `<p>${words("wrongLine")} ${wrong + 1}: ${code(line)}</p>`,
      right === "" ? "" : `<p>${words("rightLine")}: ${code(right)}</p>`,
      whyHtml,
    ];
    return {
      frontHtml: `${render(card.front, "front")}\n<pre><code>${ankiSafeText(lines.join("\n"))}</code></pre>`,
      backHtml: said.filter(Boolean).join("\n"),
      content: { type: "spot-the-bug", lines, wrong, right, whyHtml },
    };
  },
};

export function judgeLine({ wrong }: SpotTheBugContent, chosen: number): Rating {
  return chosen === wrong ? 3 : 1;
}

/** The configuration as it should be. */
export function repairedConfig({ lines, wrong, right }: SpotTheBugContent): string {
  return `${lines.flatMap((line, index) => (index === wrong ? (right === "" ? [] : [right]) : [line])).join("\n")}\n`;
}
