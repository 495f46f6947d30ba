/** Names of media files, as Anki keeps them: a plain name in one folder. Judged, never used as a path. */

const reservedNames = /^(?:con|prn|aux|nul|com\d|lpt\d)(?:\.|$)/i;

/** "path": names a place outside the media folder; "unsafe": no file of this name can stand on every system or in HTML. */
export function mediaNameFault(name: string): "path" | "unsafe" | undefined {
  if (name === "" || name === "." || name === ".." || name.includes("\0") || /[/\\]|^[a-z]:/i.test(name)) return "path";
  if (new TextEncoder().encode(name).length > 255 || reservedNames.test(name)) return "unsafe";
  return /[<>:"|?*\p{Cc}]/u.test(name) || /[. ]$/.test(name) ? "unsafe" : undefined;
}

/** `src` of an image in a field → the file's name; undefined for an address elsewhere and for what can be no file. */
export function mediaNameOf(source: string): string | undefined {
  let name = source.trim();
  try {
    name = decodeURIComponent(name);
  } catch {
    // A lone "%": the name as it stands.
  }
  name = name.normalize("NFC");
  return mediaNameFault(name) === undefined ? name : undefined;
}

/** The name as an attribute's value; read back by `mediaNameOf`. */
export function mediaNameAsSource(name: string): string {
  return name.replace(/[%&{}'[\]]/g, (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`);
}
