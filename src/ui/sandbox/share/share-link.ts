/**
 * The whole state in a link's hash: "#s1.<deflated JSON, base64url>", "#s2." where it carries a level that a reader made. The number is
 * the format's version; a new format gets a new number and the old reader stays. Never throws: a bad link is a typed failure.
 */
import { deflateSync, inflateSync, strFromU8, strToU8 } from "fflate";
import { err, ok, type Result } from "#base";
import type { MeshFile } from "#mesh";
import { type MadeLevel, readMadeLevel } from "../level/made-level.ts";

export interface SharedState {
  files: readonly MeshFile[];
  seed: number;
  /** Which level the text started from; "" for none. */
  scenario: string;
  /** The level it belongs to, where that is no level of the site. */
  made?: MadeLevel;
}

export type ShareFailure = "tooLong" | "damaged" | "newerVersion";

const marker = "#s";
const newestVersion = 2;
/** Chat programs and mail cut longer links. */
const longestHash = 30_000;
const largestStateBytes = 4_000_000;

export function hasSharedState(hash: string): boolean {
  return /^#s\d+\./.test(hash);
}

/** @param longest characters; a hash that this page itself opens may be longer than one that is sent */
export function encodeShareHash(state: SharedState, longest = longestHash): Result<string, ShareFailure> {
  const { files, seed, scenario, made } = state;
  const version = made ? 2 : 1;
  const json = JSON.stringify({ f: files.map((file) => [file.name, file.text]), s: seed, l: scenario, m: made });
  const hash = `${marker}${version}.${toBase64Url(deflateSync(strToU8(json), { level: 9 }))}`;
  return hash.length > longest ? err("tooLong") : ok(hash);
}

export function decodeShareHash(hash: string): Result<SharedState, ShareFailure> {
  const match = /^#s(\d+)\.([\w-]*)$/.exec(hash);
  if (!match) return err("damaged");
  if (Number(match[1]) > newestVersion) return err("newerVersion");
  try {
    const bytes = inflateSync(fromBase64Url(match[2] ?? ""), { out: new Uint8Array(largestStateBytes) });
    return readState(JSON.parse(strFromU8(bytes)));
  } catch {
    return err("damaged");
  }
}

function readState(value: unknown): Result<SharedState, ShareFailure> {
  if (typeof value !== "object" || value === null) return err("damaged");
  const { f, s, l, m } = value as Record<string, unknown>;
  if (!Array.isArray(f) || typeof s !== "number" || !Number.isSafeInteger(s) || typeof l !== "string") return err("damaged");
  const files: MeshFile[] = [];
  for (const entry of f) {
    if (!Array.isArray(entry) || typeof entry[0] !== "string" || typeof entry[1] !== "string") return err("damaged");
    files.push({ name: entry[0], text: entry[1] });
  }
  const made = m === undefined ? undefined : readMadeLevel(m);
  if (files.length === 0 || made === null) return err("damaged");
  return ok({ files, seed: s, scenario: l, ...(made ? { made } : {}) });
}

function toBase64Url(bytes: Uint8Array): string {
  let text = "";
  for (const byte of bytes) text += String.fromCharCode(byte);
  return btoa(text).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}

function fromBase64Url(text: string): Uint8Array {
  const binary = atob(text.replaceAll("-", "+").replaceAll("_", "/"));
  return Uint8Array.from(binary, (character) => character.charCodeAt(0));
}
