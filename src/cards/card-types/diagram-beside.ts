/** A diagram of the lesson that a card names: it is shown with the answer, here and in Anki. */
import type { CardFields, ReadTools, StaticSides } from "./card-type.ts";

export function besideAnswer({ diagram }: CardFields, { diagrams, report }: ReadTools): Pick<StaticSides, "pictures"> {
  if (diagram === undefined) return {};
  const drawn = diagrams.get(diagram);
  if (!drawn) report("UnknownDiagram", "diagram", { diagram });
  return { pictures: { back: drawn } };
}
