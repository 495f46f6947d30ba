/**
 * Pictures and sounds in a note's clean HTML: `<img src="name" alt="…">` and `[sound:name]`, as Anki writes them. To be seen, they get
 * addresses of files in this browser; where the file is not there, its name or description stands in its place.
 */
import { ankiSafeText } from "./anki-safe-text.ts";
import { mediaNameAsSource, mediaNameOf } from "./media-name.ts";

/** Only what sanitise-html.ts writes has this form; our own pictures are never in a note's HTML. */
const image = /<img src="([^"]*)" alt="([^"]*)">/g;
const sound = /\[sound:([^\]<>"]+)\]/g;

export function mediaNamesIn(html: string): string[] {
  if (!html.includes("<img ") && !html.includes("[sound:")) return [];
  const images = [...html.matchAll(image)].map(([, source = ""]) => mediaNameOf(source));
  const sounds = [...html.matchAll(sound)].map(([, name = ""]) => soundName(name));
  return [...new Set([...images, ...sounds].filter((name) => name !== undefined))];
}

/** @param urls name → address */
export function showMedia(html: string, urls: ReadonlyMap<string, string>): string {
  return html
    .replace(image, (_whole, source: string, alt: string) => {
      const name = mediaNameOf(source) ?? "";
      const url = urls.get(name);
      return url ? `<img src="${url}" alt="${alt}">` : `[${alt === "" ? ankiSafeText(name) : alt}]`;
    })
    .replace(sound, (_whole, written: string) => {
      const name = soundName(written) ?? "";
      const url = urls.get(name);
      const label = ankiSafeText(name).replaceAll('"', "&quot;");
      return url ? `<audio controls preload="none" src="${url}" aria-label="${label}"></audio>` : `[♪ ${ankiSafeText(name)}]`;
    });
}

/** For an editor: pictures with addresses that `fromEditor` knows again, sounds as Anki writes them. */
export function forEditor(html: string, urls: ReadonlyMap<string, string>): string {
  return html.replace(image, (_whole, source: string, alt: string) => {
    const name = mediaNameOf(source) ?? "";
    return `<img src="${urls.get(name) ?? absentAddress(name)}" alt="${alt}">`;
  });
}

/** @param urls as given to `forEditor` */
export function fromEditor(html: string, urls: ReadonlyMap<string, string>): string {
  const names = new Map([...urls].map(([name, url]) => [url, name]));
  return html.replace(/(<img\b[^<>]*\bsrc=")([^"]*)"/g, (whole, before: string, url: string) => {
    const name = names.get(url) ?? (url.startsWith(absentScheme) ? mediaNameOf(url.slice(absentScheme.length)) : undefined);
    return name === undefined ? whole : `${before}${mediaNameAsSource(name)}"`;
  });
}

/** Asks for nothing anywhere. */
const absentScheme = "data:,";

function absentAddress(name: string): string {
  return absentScheme + encodeURIComponent(name);
}

/** The HTML with other names for some files. */
export function renameMedia(html: string, names: ReadonlyMap<string, string>): string {
  return html
    .replace(image, (whole, source: string, alt: string) => {
      const name = names.get(mediaNameOf(source) ?? "");
      return name === undefined ? whole : `<img src="${mediaNameAsSource(name)}" alt="${alt}">`;
    })
    .replace(sound, (whole, written: string) => {
      const name = names.get(soundName(written) ?? "");
      return name === undefined ? whole : `[sound:${ankiSafeText(name)}]`;
    });
}

function soundName(written: string): string | undefined {
  return mediaNameOf(written.replaceAll("&lt;", "<").replaceAll("&gt;", ">").replaceAll("&amp;", "&").replaceAll("%", "%25"));
}
