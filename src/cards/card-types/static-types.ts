/** Basic, reversed and cloze: the learner answers in the head; nothing but front and back. */
import type { AnkiForm, CardTypeDefinition } from "./card-type.ts";

function staticType(ankiForm: AnkiForm): CardTypeDefinition {
  return {
    ankiForm,
    fields: [],
    read: (card, { render }) => ({ frontHtml: render(card.front, "front"), backHtml: render(card.back, "back") }),
  };
}

export const basic = staticType("basic");
export const reversed = staticType("reversed");
export const cloze = staticType("cloze");
