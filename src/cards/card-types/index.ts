/**
 * The types of cards: a plain table, from which names, file fields, Anki forms and the contract suite are derived. A new
 * type is a file here, a line in this table, and a face in ui/review.
 */
import type { AnkiForm, CardTypeDefinition } from "./card-type.ts";
import { type DiagramPartContent, diagramPart } from "./diagram-part.ts";
import { type ExecutableContent, executable } from "./executable.ts";
import { type OrderingContent, ordering } from "./ordering.ts";
import { type SpotTheBugContent, spotTheBug } from "./spot-the-bug.ts";
import { basic, cloze, reversed } from "./static-types.ts";
import { type TypedContent, typed } from "./typed.ts";

export const cardTypeDefinitions = {
  basic,
  reversed,
  cloze,
  typed,
  ordering,
  "spot-the-bug": spotTheBug,
  "diagram-part": diagramPart,
  executable,
} as const satisfies Record<string, CardTypeDefinition>;

export type CardType = keyof typeof cardTypeDefinitions;

export const cardTypes = Object.keys(cardTypeDefinitions) as [CardType, ...CardType[]];

/** What the page needs to let the learner do something; cards that are only looked at have none. */
export type CardContent = TypedContent | OrderingContent | SpotTheBugContent | DiagramPartContent | ExecutableContent;

/** Which of Anki's note types the static form of a card is. */
export function ankiFormOf(type: CardType): AnkiForm {
  return cardTypeDefinitions[type].ankiForm;
}
