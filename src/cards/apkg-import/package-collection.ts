/**
 * Which collection of a package counts, and its bytes. `meta` says the format: 1 collection.anki2, 2 collection.anki21,
 * 3 collection.anki21b in zstd (rslib's package_metadata). Packages older than `meta` hold anki21 or anki2; the anki2 of a
 * newer package is a dummy that asks to update Anki.
 */
import { ImportRefusal } from "./import-failure.ts";
import type { ImportLimits } from "./import-limits.ts";
import { numberOf, readMessage } from "./protobuf.ts";
import { listEntries, readEntry, type ZipEntry } from "./zip-archive.ts";
import { unpackZstd } from "./zstd.ts";

export interface PackageCollection {
  zip: Uint8Array;
  entries: ReadonlyMap<string, ZipEntry>;
  latest: boolean;
  collection: Uint8Array;
}

const fileNames = ["collection.anki2", "collection.anki21", "collection.anki21b"] as const;

/** @throws ImportRefusal */
export function openPackage(zip: Uint8Array, limits: ImportLimits): PackageCollection {
  if (zip.length > limits.fileBytes) throw new ImportRefusal("FileTooLarge", { limitMiB: limits.fileBytes / (1 << 20) });
  const entries = listEntries(zip, limits.entries);
  const version = formatVersion(zip, entries);
  const name = fileNames[version - 1]!;
  const entry = entries.get(name);
  if (!entry) throw new ImportRefusal("NoCollection", { name });
  const bytes = readEntry(zip, entry, limits.collectionBytes);
  const latest = version === 3;
  return { zip, entries, latest, collection: latest ? unpackZstd(bytes, name, limits.collectionBytes) : bytes };
}

function formatVersion(zip: Uint8Array, entries: ReadonlyMap<string, ZipEntry>): 1 | 2 | 3 {
  const meta = entries.get("meta");
  if (!meta) {
    if (entries.has("collection.anki21b")) throw new ImportRefusal("BadMeta");
    return entries.has("collection.anki21") ? 2 : 1;
  }
  const version = numberOf(readMessage(readEntry(zip, meta, 1024), "BadMeta"), 1);
  if (version === 1 || version === 2 || version === 3) return version;
  if (version !== undefined && version > 3) throw new ImportRefusal("TooNew", { version });
  throw new ImportRefusal("BadMeta");
}
