/**
 * content/claims.yaml: numbers of lessons that neither a fact nor a run stands behind, each with why that is right. Kept apart from
 * the prose, since a number is the same in both languages.
 */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { z } from "zod";
import { readOnce } from "../read-once.ts";

const numbers = z.array(z.number()).default([]);

const lessonSchema = z.strictObject({
  /** The case the reader is given: an invented team, a load, a limit to think with. */
  example: numbers,
  /** What the notes or people say; the lesson judges it. */
  quoted: numbers,
  /** Versions without a product's name before them. */
  versions: numbers,
  /** What follows from numbers of the lesson: the number and the sum that gives it. */
  sums: z.array(z.tuple([z.number(), z.string()])).default([]),
});

export type LessonClaims = z.infer<typeof lessonSchema>;

const listSchema = z.strictObject({ lessons: z.record(z.string(), lessonSchema) });

/** @returns by "<module>/<lesson>"; empty where there is no such file. @throws with the field's path */
export function loadClaimList(content: string): Readonly<Record<string, LessonClaims>> {
  const file = join(content, "claims.yaml");
  if (!existsSync(file)) return {};
  return readOnce(file, (text) => {
    const result = listSchema.safeParse(parse(text));
    if (!result.success) throw new Error(`content/claims.yaml: ${z.prettifyError(result.error)}`);
    return result.data.lessons;
  });
}
