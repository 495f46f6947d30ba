/** The ids that our cards have in a package: made of the slug, so that they are the same in every export. */
import { sha1Head } from "./sha1.ts";

/** Looks like the milliseconds Anki uses (2022 … mid 2024), the same for a hash for ever. */
export function packageIdFrom(bits36: number): number {
  return 1_650_000_000_000 + bits36;
}

export function packageCardId(slug: string, ord: number): number {
  return packageIdFrom(sha1Head(slug).bits36) + ord + 1;
}
