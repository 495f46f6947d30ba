/**
 * A diagram of the lessons as a picture that stands alone, as Anki shows media: the drawing with colours of its own. Anki's night
 * mode is a class of the card that no picture sees, so the drawing brings the light ground it is readable on with it.
 */
import type { DiagramSource } from "../card-types/card-type.ts";
import type { Note } from "../model/note.ts";
import { sha1Hex } from "../model/sha1.ts";

export interface PictureFile {
  /** Of the content, so that a changed drawing is another file: Anki keeps the older of two with one name. */
  name: string;
  bytes: Uint8Array;
}

/** The roles of ui/lesson/diagram.css in the light theme's colours of ui/shared/tokens.css. */
export const pictureColours: Readonly<Record<string, string>> = {
  surface: "#ffffff",
  node: "#f3f6fa",
  "node-line": "#7d8794",
  group: "#fafbfc",
  "group-line": "#7d8794",
  note: "#fdf7dc",
  "note-line": "#7a5a00",
  line: "#66707d",
  text: "#262c35",
  muted: "#56606d",
  data: "#0b62c4",
  "data-soft": "#e1edfd",
  control: "#8f4a00",
  "control-soft": "#fdecd7",
  identity: "#9b2a86",
  "identity-soft": "#fae6f6",
  failing: "#b3261e",
  "failing-soft": "#fce5e3",
  healthy: "#1b7045",
  "healthy-soft": "#dff3e7",
};

const files = new Map<string, PictureFile>();

export function pictureFile({ svg: drawing }: DiagramSource): PictureFile {
  const known = files.get(drawing);
  if (known) return known;
  const svg = standingAlone(drawing);
  const file = { name: `mesh-${sha1Hex(svg).slice(0, 16)}.svg`, bytes: new TextEncoder().encode(svg) };
  files.set(drawing, file);
  return file;
}

/** Name → file of every picture of the notes. */
export function picturesOf(notes: readonly Pick<Note, "pictures">[]): Map<string, Uint8Array> {
  const shown = notes.flatMap(({ pictures }) => [pictures?.front, pictures?.back]).filter((one) => one !== undefined);
  return new Map(shown.map(pictureFile).map(({ name, bytes }) => [name, bytes]));
}

/** True for a picture of ours, which comes with the site and need not be kept from a package. */
export function isOwnPicture(name: string): boolean {
  return /^mesh-[0-9a-f]{16}\.svg$/.test(name);
}

function standingAlone(drawing: string): string {
  const [, x, y, width, height] = /viewBox="(\S+) (\S+) (\S+) (\S+)"/.exec(drawing) ?? [];
  const used = new Set([...drawing.matchAll(/\bdg-([fs])-([a-z-]+)/g)].map(([, kind, role]) => `${kind}-${role}`));
  const rules = [...used].sort().map((one) => {
    const role = one.slice(2);
    return `.dg-${one}{${one[0] === "f" ? "fill" : "stroke"}:${role === "none" ? "none" : pictureColours[role]}}`;
  });
  const style = `<style>svg{font-family:Arial,"Liberation Sans",Helvetica,sans-serif}${rules.join("")}</style>`;
  const ground = `<rect x="${x}" y="${y}" width="${width}" height="${height}" fill="${pictureColours.surface}"/>`;
  return drawing.replace(/^<svg\b[^>]*>/, (open) => open + style + ground);
}
