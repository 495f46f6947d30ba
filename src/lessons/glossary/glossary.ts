/** content/glossary.yaml: one term per concept and language, with its other names, what it means and where it is taught. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { z } from "zod";
import { contentFolder } from "../content-folder.ts";
import { readOnce } from "../read-once.ts";

const slug = z.string().regex(/^[a-z0-9]+(-[a-z0-9]+)*$/, "a name is lower-case words joined by dashes");
const text = z.string().trim().min(1);
const names = z.array(text).default([]);
const wordsSchema = z.strictObject({
  term: text,
  /** Other names: in texts, or pasted into the search. */
  also: names,
  /** Names that our texts do not use: another word stands for the concept. */
  avoid: names,
  text,
});

const termSchema = z.strictObject({
  id: slug,
  en: wordsSchema,
  ru: wordsSchema,
  lessons: z.array(slug).min(1),
  /** Lessons in which the words mean something else. */
  notIn: z.array(slug).default([]),
  /** False: too common a word to be marked in a text. */
  hint: z.boolean().default(true),
});

const glossarySchema = z.strictObject({ terms: z.array(termSchema) });

export type GlossaryTerm = z.infer<typeof termSchema>;

/** @throws with the field's path when the file does not follow the schema. */
function parseGlossary(source: string): GlossaryTerm[] {
  const result = glossarySchema.safeParse(parse(source));
  if (!result.success) throw new Error(`content/glossary.yaml: ${z.prettifyError(result.error)}`);
  return result.data.terms;
}

/** In the order of the file. Empty where there is none. */
export function loadGlossary(content: string = contentFolder): readonly GlossaryTerm[] {
  const file = join(content, "glossary.yaml");
  return existsSync(file) ? readOnce(file, parseGlossary) : [];
}
