/** content/facts.yaml: every claim a lesson cites, with where it was read, for which version, and when. */
import { join } from "node:path";
import { parse } from "yaml";
import { z } from "zod";
import { contentFolder } from "./content-folder.ts";
import { readOnce } from "./read-once.ts";

const day = z.union([z.string().regex(/^\d{4}-\d{2}-\d{2}$/), z.date().transform((date) => date.toISOString().slice(0, 10))]);

const factSchema = z.strictObject({
  id: z.string().regex(/^[a-z0-9]+(-[a-z0-9]+)*$/, "an id is lower-case words joined by dashes"),
  en: z.string().min(1),
  ru: z.string().min(1),
  sources: z
    .array(z.strictObject({ title: z.string().min(1), url: z.url({ protocol: /^https?$/ }) }))
    .min(1, "a fact needs a source"),
  version: z.string().min(1),
  checked: day,
  confidence: z.enum(["high", "medium", "low"]),
});

const factsSchema = z.strictObject({ facts: z.array(factSchema) });

export type Fact = z.infer<typeof factSchema>;

/** @throws with the field's path when an entry is incomplete or an id stands twice. */
export function parseFacts(text: string): Map<string, Fact> {
  const result = factsSchema.safeParse(parse(text));
  if (!result.success) throw new Error(`content/facts.yaml: ${z.prettifyError(result.error)}`);
  const facts = new Map<string, Fact>();
  for (const fact of result.data.facts) {
    if (facts.has(fact.id)) throw new Error(`content/facts.yaml: the id "${fact.id}" stands there twice`);
    facts.set(fact.id, fact);
  }
  return facts;
}

export function loadFacts(content: string = contentFolder): Map<string, Fact> {
  return readOnce(join(content, "facts.yaml"), parseFacts);
}
