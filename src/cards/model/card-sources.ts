/**
 * Where a card's statement was read. A card names a fact of content/facts.yaml or gives an address; what the learner sees,
 * here and in Anki, is the title and the address of the fact's first source.
 */
import { parse } from "yaml";
import { z } from "zod";

export interface CardSource {
  title: string;
  url?: string | undefined;
}

export type CardSources = ReadonlyMap<string, CardSource>;

const factsSchema = z.object({
  facts: z.array(z.object({ id: z.string(), sources: z.array(z.object({ title: z.string(), url: z.string() })).min(1) })),
});

/** @param factsYaml the text of content/facts.yaml. @throws when it is not what the lessons' own reader would accept. */
export function readCardSources(factsYaml: string): CardSources {
  const { facts } = factsSchema.parse(parse(factsYaml));
  return new Map(facts.map(({ id, sources }) => [id, sources[0]!]));
}

/**
 * @param known undefined where no facts are at hand: the id then stands for itself
 * @returns undefined for a fact id that is not known
 */
export function resolveSource(source: string, known: CardSources | undefined): CardSource | undefined {
  if (/^https?:\/\//.test(source)) return URL.canParse(source) ? { title: new URL(source).hostname, url: source } : undefined;
  return known ? known.get(source) : { title: source };
}
