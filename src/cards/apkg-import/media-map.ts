/**
 * A package's media files (`media`: JSON, or protobuf in zstd): their names, their sizes, and the bytes of those that its notes
 * show. Names are judged, never used as paths: one that points elsewhere is an attack and ends the import, one that no system
 * could store is left out. What is kept is bounded, and is a picture or a sound.
 */
import { isOwnPicture } from "../apkg/picture-file.ts";
import { type MediaFile, mediaTypeOf } from "../model/media-file.ts";
import { mediaNameFault } from "../model/media-name.ts";
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

/** Name → entry, of the files that are there and can be kept; our own pictures come with the site. @throws ImportRefusal */
export function checkMedia(from: PackageBytes, limits: ImportLimits, notices: NoticeBoard): Map<string, ZipEntry> {
  const { zip, entries } = from;
  const files = new Map<string, ZipEntry>();
  for (const [key, name] of readMediaMap(from, limits)) {
    const fault = mediaNameFault(name);
    if (fault === "path") throw new ImportRefusal("BadMediaName", { name: printable(name) });
    const entry = entries.get(key);
    if (fault === "unsafe") notices.add("UnsafeMediaName");
    else if (!entry) notices.add("MissingMedia");
    else if (!isOwnPicture(name)) files.set(name.normalize("NFC"), entry);
  }
  for (const entry of entries.values()) {
    if (!/^\d+$/.test(entry.name)) continue;
    const couldBe = entry.method === 8 ? entry.packedBytes * highestDeflateRatio : entry.packedBytes;
    if (entry.claimedBytes > limits.mediaFileBytes || couldBe > limits.mediaFileBytes)
      checkEntry(zip, entry, limits.mediaFileBytes);
  }
  return files;
}

/** The files that the notes show; what is too large, no picture and no sound, or shown by no note is counted and left out. */
export function readMedia(
  { zip, latest }: PackageBytes,
  files: ReadonlyMap<string, ZipEntry>,
  shown: Iterable<string>,
  limits: ImportLimits,
  notices: NoticeBoard,
): MediaFile[] {
  const kept: MediaFile[] = [];
  let left = limits.keptMediaBytes;
  const wanted = [...new Set(shown)].filter((name) => files.has(name));
  notices.add("MediaLeftOut", files.size - wanted.length);
  for (const name of wanted) {
    const bytes = bytesOf(zip, files.get(name)!, latest, name, Math.min(left, limits.keptMediaFileBytes));
    if (bytes === undefined) notices.add("MediaTooLarge");
    else if (mediaTypeOf({ name, bytes }) === undefined) notices.add("MediaOfOtherKind");
    else {
      kept.push({ name, bytes });
      left -= bytes.length;
    }
  }
  return kept;
}

/** undefined: more than `most` bytes. */
function bytesOf(zip: Uint8Array, entry: ZipEntry, latest: boolean, name: string, most: number): Uint8Array | undefined {
  try {
    const bytes = readEntry(zip, entry, most);
    return latest ? unpackZstd(bytes, name, most) : bytes;
  } catch (thrown) {
    if (thrown instanceof ImportRefusal && thrown.failure.code === "TooLarge") return undefined;
    throw thrown;
  }
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

function printable(name: string): string {
  return [...name.slice(0, 60)].map((character) => (character < " " ? "�" : character)).join("");
}
