/**
 * What a card file keeps of its notes' twins in Anki (`anki_id`, `anki_guid`, `synced_at`, `synced_hash`), read and written
 * back. Writing changes the values of these four keys, or adds lines for them behind the card's last one; every other byte
 * of the file stays. A result that reads otherwise than meant is not given out.
 */
import { isMap, isScalar, isSeq, type Pair, parseDocument, type Scalar, type YAMLMap } from "yaml";
import { assert } from "#base";
import type { SyncLink } from "./sync-host.ts";

const keys = { ankiId: "anki_id", ankiGuid: "anki_guid", syncedAt: "synced_at", syncedHash: "synced_hash" } as const;
type LinkKey = keyof typeof keys;
const linkKeys = Object.keys(keys) as LinkKey[];

/** Slug → link, for the cards that have one. A file that is no card file has none. */
export function readCardLinks(text: string): Map<string, SyncLink> {
  return new Map(
    cardsIn(text).flatMap(({ slug, map }): [string, SyncLink][] => {
      const link: SyncLink = {};
      for (const key of linkKeys) Object.assign(link, linkValue(map, key));
      return Object.keys(link).length > 0 ? [[slug, link]] : [];
    }),
  );
}

/** @returns the file's text with these links in it; the same text when it says all of it already */
export function writeCardLinks(text: string, links: ReadonlyMap<string, SyncLink>): string {
  const edits = cardsIn(text).flatMap(({ slug, map }) => {
    const link = links.get(slug);
    return link ? editsFor(text, map, link) : [];
  });
  let written = text;
  for (const { start, end, insert } of edits.sort((a, b) => b.start - a.start)) {
    written = written.slice(0, start) + insert + written.slice(end);
  }
  assertOnlyLinks(text, written, links);
  return written;
}

interface CardNode {
  slug: string;
  map: YAMLMap;
}

function cardsIn(text: string): CardNode[] {
  const document = parseDocument(text);
  const cards = document.errors.length > 0 || !isMap(document.contents) ? undefined : document.contents.get("cards", true);
  if (!isSeq(cards)) return [];
  return cards.items.flatMap((map) => {
    const slug = isMap(map) ? map.get("slug") : undefined;
    return isMap(map) && typeof slug === "string" ? [{ slug, map }] : [];
  });
}

function pairOf(map: YAMLMap, key: string): Pair | undefined {
  return map.items.find((pair) => isScalar(pair.key) && pair.key.value === key);
}

function linkValue(map: YAMLMap, key: LinkKey): SyncLink {
  const value = map.get(keys[key]);
  if (key === "ankiId") return typeof value === "number" ? { ankiId: value } : {};
  return typeof value === "string" && value !== "" ? { [key]: value } : {};
}

interface Edit {
  start: number;
  end: number;
  insert: string;
}

function editsFor(text: string, map: YAMLMap, link: SyncLink): Edit[] {
  const edits: Edit[] = [];
  const added: string[] = [];
  for (const key of linkKeys) {
    const value = link[key];
    if (value === undefined || linkValue(map, key)[key] === value) continue;
    const written = typeof value === "number" ? String(value) : JSON.stringify(value);
    const known = pairOf(map, keys[key])?.value as Scalar | null | undefined;
    if (known?.range) edits.push({ start: known.range[0], end: known.range[1], insert: written });
    else added.push(`${keys[key]}: ${written}`);
  }
  if (added.length > 0) edits.push(map.flow ? inBraces(text, map, added) : behindLastLine(text, map, added));
  return edits;
}

/** `{ slug: x, … }`: before the brace that closes it. */
function inBraces(text: string, map: YAMLMap, added: readonly string[]): Edit {
  const brace = map.range![1] - 1;
  const inside = text.slice(0, brace).trimEnd();
  const comma = inside.endsWith(",") ? " " : ", ";
  return { start: inside.length, end: inside.length, insert: comma + added.join(", ") };
}

function behindLastLine(text: string, map: YAMLMap, added: readonly string[]): Edit {
  const firstKey = (map.items[0]!.key as Scalar).range![0];
  const indent = " ".repeat(firstKey - (text.lastIndexOf("\n", firstKey - 1) + 1));
  const newline = text.includes("\r\n") ? "\r\n" : "\n";
  const last = map.items.at(-1)!;
  const lastNode = (last.value ?? last.key) as { range?: [number, number, number] };
  // The end of the value; of a block text it is the beginning of the next line already.
  const valueEnd = Math.max((last.key as Scalar).range![1], lastNode.range?.[1] ?? 0);
  const lines = added.map((line) => indent + line);
  if (valueEnd > 0 && text[valueEnd - 1] === "\n") {
    return { start: valueEnd, end: valueEnd, insert: lines.map((line) => line + newline).join("") };
  }
  const lineEnd = text.indexOf("\n", valueEnd);
  const at = lineEnd === -1 ? text.length : text[lineEnd - 1] === "\r" ? lineEnd - 1 : lineEnd;
  return { start: at, end: at, insert: lines.map((line) => newline + line).join("") };
}

/** The rest of the file must mean what it meant, and the links what they should. */
function assertOnlyLinks(before: string, after: string, links: ReadonlyMap<string, SyncLink>): void {
  if (before === after) return;
  const rest = (text: string) =>
    JSON.stringify(parseDocument(text).toJS(), (key, value) =>
      Object.values(keys).some((one) => one === key) ? undefined : value,
    );
  assert(rest(before) === rest(after), "writing links back changes nothing else of a card file");
  const written = readCardLinks(after);
  for (const { slug } of cardsIn(before)) {
    const link = links.get(slug);
    if (!link) continue;
    for (const key of linkKeys) {
      assert(link[key] === undefined || written.get(slug)?.[key] === link[key], `${slug}: ${keys[key]} is written as it is read`);
    }
  }
}
