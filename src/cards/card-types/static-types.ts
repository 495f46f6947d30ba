/** Basic, reversed and cloze: the learner answers in the head; nothing but front and back. */
import type { AnkiForm, CardTypeDefinition } from "./card-type.ts";
import { besideAnswer } from "./diagram-beside.ts";

/** The two sides of a reversed card change places, so that a picture of the answer would stand in the question. */
function staticType(ankiForm: AnkiForm): CardTypeDefinition {
  return {
    ankiForm,
    fields: ankiForm === "reversed" ? [] : ["diagram"],
    read: (card, tools) => ({
      frontHtml: tools.render(card.front, "front"),
      backHtml: tools.render(card.back, "back"),
      ...besideAnswer(card, tools),
    }),
  };
}

export const basic = staticType("basic");
export const reversed = staticType("reversed");
export const cloze = staticType("cloze");
