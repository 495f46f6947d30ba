/**
 * The names of a package's media files (`media`: JSON, or protobuf in zstd) and their sizes. Names are judged, never used as paths: one
 * that points elsewhere is an attack and ends the import, one that no system could store is left out. Media themselves
 * are not kept; whether they stay below the limit is checked all the same.
 */
import { isOwnPicture } from "../apkg/picture-file.ts";
import { ImportRefusal, type NoticeBoard } from "./import-failure.ts";
import type { ImportLimits } from "./import-limits.ts";
import { readMessage, textOf } from "./protobuf.ts";
import { checkEntry, highestDeflateRatio, readEntry, type ZipEntry } from "./zip-archive.ts";
import { unpackZstd } from "./zstd.ts";

export interface PackageBytes {
  zip: Uint8Array;
  entries: ReadonlyMap<string, ZipEntry>;
  /** Everything inside the zip is zstd-compressed once more. */
  latest: boolean;
}

/** @returns how many media files the package holds besides our own pictures. @throws ImportRefusal */
export function checkMedia(from: PackageBytes, limits: ImportLimits, notices: NoticeBoard): number {
  const { zip, entries } = from;
  const names = readMediaMap(from, limits);
  let present = 0;
  for (const [key, name] of names) {
    const fault = mediaNameFault(name);
    if (fault === "path") throw new ImportRefusal("BadMediaName", { name: printable(name) });
    const entry = entries.get(key);
    if (fault === "unsafe") notices.add("UnsafeMediaName");
    else if (!entry) notices.add("MissingMedia");
    else if (!isOwnPicture(name)) present++;
  }
  for (const entry of entries.values()) {
    if (!/^\d+$/.test(entry.name)) continue;
    const couldBe = entry.method === 8 ? entry.packedBytes * highestDeflateRatio : entry.packedBytes;
    if (entry.claimedBytes > limits.mediaFileBytes || couldBe > limits.mediaFileBytes)
      checkEntry(zip, entry, limits.mediaFileBytes);
  }
  notices.add("MediaLeftOut", present);
  return present;
}

function readMediaMap({ zip, entries, latest }: PackageBytes, limits: ImportLimits): [key: string, name: string][] {
  const entry = entries.get("media");
  if (!entry) return [];
  const bytes = readEntry(zip, entry, limits.mediaMapBytes);
  if (latest) {
    const map = readMessage(unpackZstd(bytes, "media", limits.mediaMapBytes), "BadMediaMap");
    return map.flatMap(({ number, value }, index): [string, string][] => {
      if (number !== 1 || !(value instanceof Uint8Array)) return [];
      return [[String(index), textOf(readMessage(value, "BadMediaMap"), 1)]];
    });
  }
  let map: unknown;
  try {
    map = JSON.parse(new TextDecoder().decode(bytes));
  } catch {
    throw new ImportRefusal("BadMediaMap");
  }
  if (typeof map !== "object" || map === null || Array.isArray(map)) throw new ImportRefusal("BadMediaMap");
  return Object.entries(map).map(([key, name]) => {
    if (typeof name !== "string") throw new ImportRefusal("BadMediaMap");
    return [key, name];
  });
}

const reservedNames = /^(?:con|prn|aux|nul|com\d|lpt\d)(?:\.|$)/i;

/** "path": names a place outside the media folder; "unsafe": no file of this name can stand on every system or in HTML. */
function mediaNameFault(name: string): "path" | "unsafe" | undefined {
  if (name === "" || name === "." || name === ".." || name.includes("\0") || /[/\\]|^[a-z]:/i.test(name)) return "path";
  if (new TextEncoder().encode(name).length > 255 || reservedNames.test(name)) return "unsafe";
  return /[<>:"|?*\p{Cc}]/u.test(name) || /[. ]$/.test(name) ? "unsafe" : undefined;
}

function printable(name: string): string {
  return [...name.slice(0, 60)].map((character) => (character < " " ? "�" : character)).join("");
}
