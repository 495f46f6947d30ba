/** Items to be put into their order: mixed anew at each review, judged by how many stand where they belong. */
import { sha1Hex } from "../model/sha1.ts";
import type { Rating } from "../scheduling/schedule.ts";
import type { CardTypeDefinition } from "./card-type.ts";

export interface OrderingContent {
  type: "ordering";
  /** HTML of the items in the right order. */
  items: readonly string[];
  whyHtml: string;
}

export const ordering: CardTypeDefinition = {
  ankiForm: "basic",
  fields: ["items"],
  read(card, { render, report, slug }) {
    const texts = card.items ?? [];
    if (card.items === undefined) report("MissingField", "items", { field: "items" });
    else if (texts.length < 3 || new Set(texts).size < texts.length) report("WrongValue", "items", { field: "items" });
    const items = texts.map((text) => withoutParagraph(render(text, "items")));
    const whyHtml = card.back.trim() === "" ? "" : render(card.back, "back");
    const list = (tag: string, values: readonly string[]) =>
      `<${tag}>${values.map((item) => `<li>${item}</li>`).join("")}</${tag}>`;
    const mixed = mixOrder(items.length, slug).map((index) => items[index]!);
    return {
      frontHtml: `${render(card.front, "front")}\n${list("ul", mixed)}`,
      backHtml: [list("ol", items), whyHtml].filter(Boolean).join("\n"),
      content: { type: "ordering", items, whyHtml },
    };
  },
};

/** A mixed order, the same for a seed; never the right one. */
export function mixOrder(count: number, seed: string): number[] {
  const keys = Array.from({ length: count }, (_, index) => sha1Hex(`${seed} ${index}`));
  const order = keys.map((_, index) => index).sort((a, b) => (keys[a]! < keys[b]! ? -1 : 1));
  const isRight = order.every((index, place) => index === place);
  return isRight && count > 1 ? [...order.slice(1), order[0]!] : order;
}

/** @param order the learner's: at each place the index of the item in the right order */
export function judgeOrder(order: readonly number[]): { misplaced: number[]; rating: Rating } {
  const misplaced = order.flatMap((index, place) => (index === place ? [] : [place]));
  // Two neighbours changed: nearly known.
  return { misplaced, rating: misplaced.length === 0 ? 3 : misplaced.length === 2 ? 2 : 1 };
}

function withoutParagraph(html: string): string {
  return /^<p>([\s\S]*)<\/p>$/.exec(html)?.[1]?.includes("<p>") === false ? html.slice(3, -4) : html;
}
