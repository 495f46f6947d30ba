/**
 * Media files of notes that came by import: pictures and sounds, known by what their bytes say and not by their names. An SVG
 * is shown as an image only, where scripts in it do not run and nothing is loaded.
 */
import { renameMedia } from "./media-html.ts";
import type { Note } from "./note.ts";
import { sha1Hex } from "./sha1.ts";

export interface MediaFile {
  name: string;
  bytes: Uint8Array;
}

/** The MIME type that the first bytes say; undefined for anything but a picture or a sound. */
export function mediaTypeOf({ name, bytes }: MediaFile): string | undefined {
  const at = (start: number, text: string) => [...text].every((letter, i) => bytes[start + i] === letter.charCodeAt(0));
  if (at(0, "\u0089PNG")) return "image/png";
  if (bytes[0] === 0xff && bytes[1] === 0xd8 && bytes[2] === 0xff) return "image/jpeg";
  if (at(0, "GIF8")) return "image/gif";
  if (at(0, "RIFF")) return at(8, "WEBP") ? "image/webp" : at(8, "WAVE") ? "audio/wav" : undefined;
  if (at(4, "ftypavif")) return "image/avif";
  if (at(4, "ftypM4A") || (at(4, "ftyp") && /\.(?:m4a|aac)$/i.test(name))) return "audio/mp4";
  if (at(0, "ID3") || (bytes[0] === 0xff && (bytes[1]! & 0xe6) === 0xe2)) return "audio/mpeg";
  if (at(0, "OggS")) return "audio/ogg";
  if (at(0, "fLaC")) return "audio/flac";
  const head = new TextDecoder().decode(bytes.subarray(0, 1000)).trimStart();
  return /^(?:<\?xml[^>]*>\s*)?(?:<!--[\s\S]*?-->\s*|<!DOCTYPE svg[^>]*>\s*)*<svg[\s>]/i.test(head) ? "image/svg+xml" : undefined;
}

/** Files to be added to others: one whose name another file has gets a name of its own, in its notes as well. */
export function besideKnown(
  part: { notes: readonly Note[]; media: readonly MediaFile[] },
  known: ReadonlyMap<string, Uint8Array>,
): { notes: readonly Note[]; media: MediaFile[] } {
  const names = new Map<string, string>();
  const media: MediaFile[] = [];
  for (const { name, bytes } of part.media) {
    const other = known.get(name);
    if (other !== undefined && isSame(other, bytes)) continue;
    const free = other === undefined ? name : ownName(name, bytes);
    if (free !== name) names.set(name, free);
    if (!known.has(free)) media.push({ name: free, bytes });
  }
  if (names.size === 0) return { notes: part.notes, media };
  const renamed = (note: Note): Note => ({
    ...note,
    frontHtml: renameMedia(note.frontHtml, names),
    backHtml: renameMedia(note.backHtml, names),
  });
  return { notes: part.notes.map(renamed), media };
}

function isSame(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, i) => byte === b[i]);
}

/** The same for a file for ever. */
function ownName(name: string, bytes: Uint8Array): string {
  const hash = sha1Hex(new TextDecoder("latin1").decode(bytes)).slice(0, 10);
  const dot = name.lastIndexOf(".");
  return dot > 0 ? `${name.slice(0, dot)}-${hash}${name.slice(dot)}` : `${name}-${hash}`;
}
