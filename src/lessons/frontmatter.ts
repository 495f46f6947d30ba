/** The head of a lesson page: what it may hold, and reading it without building the page. */
import { readFileSync } from "node:fs";
import { parse } from "yaml";
import { z } from "zod";

/** Fields of ours; Starlight adds its own (tableOfContents, head …) when the site reads the page. */
export const lessonFields = {
  title: z.string({ error: "a lesson needs a title" }).min(1),
  description: z.string({ error: "a lesson needs a description: one sentence for search results" }).min(20).max(220),
};

const frontmatterSchema = z.looseObject({ ...lessonFields, draft: z.boolean().default(false) });

export type Frontmatter = z.infer<typeof frontmatterSchema>;

const fence = /^---\r?\n([\s\S]*?)\r?\n---\r?\n?/;

/** Splits a page into its YAML head and its body; `bodyLine` is the 1-based line on which the body starts. */
export function splitFrontmatter(text: string): { head: string; body: string; bodyLine: number } {
  const match = fence.exec(text);
  if (!match) return { head: "", body: text, bodyLine: 1 };
  return { head: match[1] ?? "", body: text.slice(match[0].length), bodyLine: match[0].split("\n").length };
}

/** @throws with file and field when the head is not what a lesson needs. */
export function parseFrontmatter(text: string, file: string): Frontmatter {
  const result = frontmatterSchema.safeParse(parse(splitFrontmatter(text).head) ?? {});
  if (!result.success) throw new Error(`${file}: ${z.prettifyError(result.error)}`);
  return result.data;
}

export function readFrontmatter(file: string): Frontmatter {
  return parseFrontmatter(readFileSync(file, "utf8"), file);
}
