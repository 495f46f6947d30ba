/**
 * The whole state in a link's hash: "#s1.<deflated JSON, base64url>". The number is the format's version; a new format
 * gets a new number and the old reader stays. Never throws: a bad link is a typed failure.
 */
import { deflateSync, inflateSync, strFromU8, strToU8 } from "fflate";
import { err, ok, type Result } from "#base";
import type { MeshFile } from "#mesh";

export interface SharedState {
  files: readonly MeshFile[];
  seed: number;
  /** Which level the text started from; "" for none. */
  scenario: string;
}

export type ShareFailure = "tooLong" | "damaged" | "newerVersion";

const marker = "#s";
const version = 1;
/** Chat programs and mail cut longer links. */
const longestHash = 30_000;
const largestStateBytes = 4_000_000;

export function hasSharedState(hash: string): boolean {
  return /^#s\d+\./.test(hash);
}

export function encodeShareHash(state: SharedState): Result<string, ShareFailure> {
  const json = JSON.stringify({ f: state.files.map((file) => [file.name, file.text]), s: state.seed, l: state.scenario });
  const hash = `${marker}${version}.${toBase64Url(deflateSync(strToU8(json), { level: 9 }))}`;
  return hash.length > longestHash ? err("tooLong") : ok(hash);
}

export function decodeShareHash(hash: string): Result<SharedState, ShareFailure> {
  const match = /^#s(\d+)\.([\w-]*)$/.exec(hash);
  if (!match) return err("damaged");
  if (Number(match[1]) > version) return err("newerVersion");
  try {
    const bytes = inflateSync(fromBase64Url(match[2] ?? ""), { out: new Uint8Array(largestStateBytes) });
    return readState(JSON.parse(strFromU8(bytes)));
  } catch {
    return err("damaged");
  }
}

function readState(value: unknown): Result<SharedState, ShareFailure> {
  if (typeof value !== "object" || value === null) return err("damaged");
  const { f, s, l } = value as Record<string, unknown>;
  if (!Array.isArray(f) || typeof s !== "number" || !Number.isSafeInteger(s) || typeof l !== "string") return err("damaged");
  const files: MeshFile[] = [];
  for (const entry of f) {
    if (!Array.isArray(entry) || typeof entry[0] !== "string" || typeof entry[1] !== "string") return err("damaged");
    files.push({ name: entry[0], text: entry[1] });
  }
  return files.length === 0 ? err("damaged") : ok({ files, seed: s, scenario: l });
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
