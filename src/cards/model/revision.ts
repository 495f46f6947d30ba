/**
 * When a card's content last changed. Anki takes an update only when its time is newer than the one it knows, and an
 * export without a change must carry the same time again; so the time is recorded beside the content
 * (content/card-revisions.json, written by `meshwise deck stamp`) and never read from a clock or a file system.
 */
import { sha1Hex } from "./sha1.ts";

/** slug → [hash of the content, seconds since the epoch when that content was first stamped] */
export type CardRevisions = Readonly<Record<string, readonly [hash: string, changedAtS: number]>>;

/** 2026-11-21T00:00:00Z: the time of content that was never stamped. */
export const firstEditionS = 1_795_219_200;

/** Everything that Anki would show or file differently; the order of tags does not count. */
export interface RevisedContent {
  slug: string;
  front: string;
  back: string;
  source?: string | undefined;
  tags: readonly string[];
}

export function contentHash(content: RevisedContent): string {
  const parts = [content.front, content.back, content.source ?? "", ...[...content.tags].sort()];
  return sha1Hex(parts.join("\u001f")).slice(0, 16);
}

/**
 * Seconds since the epoch for `note.mod`. A change that was not stamped yet counts one second after the recorded
 * revision: newer than every export of it, and the same again at the next export.
 */
export function changedAtS(content: RevisedContent, revisions: CardRevisions): number {
  const known = revisions[content.slug];
  if (!known) return firstEditionS;
  return known[0] === contentHash(content) ? known[1] : known[1] + 1;
}

/** The record after stamping: changed and new content gets `nowS`, never less than before + 2; the rest stays. */
export function stampRevisions(contents: readonly RevisedContent[], revisions: CardRevisions, nowS: number): CardRevisions {
  const stamped: Record<string, readonly [string, number]> = { ...revisions };
  for (const content of contents) {
    const hash = contentHash(content);
    const known = revisions[content.slug];
    if (!known) stamped[content.slug] = [hash, firstEditionS];
    else if (known[0] !== hash) stamped[content.slug] = [hash, Math.max(nowS, known[1] + 2)];
  }
  return Object.fromEntries(Object.entries(stamped).sort(([a], [b]) => (a < b ? -1 : 1)));
}
