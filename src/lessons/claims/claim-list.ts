/**
 * content/claims.yaml: numbers that neither a fact nor a run stands behind, each with why that is right. Kept apart from
 * the texts, since a number is the same in both languages.
 */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { z } from "zod";
import { readOnce } from "../read-once.ts";

const numbers = z.array(z.number()).default([]);

const claimsSchema = z.strictObject({
  /** The case the reader is given: an invented team, a load, a limit to think with. */
  example: numbers,
  /** What the notes or people say; the text judges it. */
  quoted: numbers,
  /** Versions without a product's name before them. */
  versions: numbers,
  /** What follows from numbers of the text: the number and the sum that gives it. */
  sums: z.array(z.tuple([z.number(), z.string()])).default([]),
});

export type ListedClaims = z.infer<typeof claimsSchema>;

/** By "<module>/<lesson>", or by the id of a question, a design task, a level, a drill or an exhibit. */
const room = z.record(z.string(), claimsSchema).default({});

const listSchema = z.strictObject({
  lessons: room,
  questions: room,
  designs: room,
  levels: room,
  drills: room,
  exhibits: room,
});

export type ClaimList = z.infer<typeof listSchema>;
export type ClaimRoom = keyof ClaimList;

/** Empty where there is no such file. @throws with the field's path */
export function loadClaimList(content: string): ClaimList {
  const file = join(content, "claims.yaml");
  if (!existsSync(file)) return listSchema.parse({});
  return readOnce(file, (text) => {
    const result = listSchema.safeParse(parse(text));
    if (!result.success) throw new Error(`content/claims.yaml: ${z.prettifyError(result.error)}`);
    return result.data;
  });
}

export function listedValues(claims: ListedClaims | undefined): Set<number> {
  return new Set(claims && [...claims.example, ...claims.quoted, ...claims.versions, ...claims.sums.map(([result]) => result)]);
}
