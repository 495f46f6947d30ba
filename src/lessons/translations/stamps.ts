/**
 * content/ru/translated-from.json: for each piece of the Russian texts the hash of the English text it says, and its own.
 * The second tells a translation that moved along with the English text from one that was left behind.
 */
import { createHash } from "node:crypto";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { listTwins, type Twin } from "./twins.ts";

/** File → section → "<hash of the English text> <hash of the Russian text>". */
export type Stamps = Record<string, Record<string, string>>;

const stampFile = "ru/translated-from.json";
const stampCommand = "npm run translations:stamp";

/** Spaces and line breaks do not count: a paragraph wrapped anew says the same. */
function hashText(text: string): string {
  return createHash("sha256").update(text.replace(/\s+/g, " ").trim()).digest("hex").slice(0, 10);
}

function stampOf(twin: Twin): string {
  return `${hashText(twin.en ?? "")} ${hashText(twin.ru ?? "")}`;
}

function readStamps(content: string): Stamps {
  const file = join(content, stampFile);
  return existsSync(file) ? (JSON.parse(readFileSync(file, "utf8")) as Stamps) : {};
}

/** What a piece's stamp says: `stale` when the English text changed and the Russian one did not. */
export type TwinState = "fresh" | "unstamped" | "moved" | "stale";

function stateOf(twin: Twin, stamps: Stamps): TwinState {
  const stamp = stamps[twin.file]?.[twin.section];
  if (stamp === undefined) return "unstamped";
  const [en, ru] = stamp.split(" ");
  if (en === hashText(twin.en ?? "")) return ru === hashText(twin.ru ?? "") ? "fresh" : "moved";
  return ru === hashText(twin.ru ?? "") ? "stale" : "moved";
}

// A file that holds both languages lies in no language's folder.
const nameOf = ({ file, section }: Twin) => `content/${file.includes("/") ? "ru/" : ""}${file}: "${section}"`;

/** @returns a sentence for each piece whose stamp does not hold, with what to do about it. */
export function translationFaults(content: string): string[] {
  const stamps = readStamps(content);
  const twins = listTwins(content);
  const faults = twins.flatMap((twin) => {
    const state = stateOf(twin, stamps);
    if (state === "stale")
      return [
        `${nameOf(twin)} is stale: the English text changed, the Russian one did not. Mend it and run \`${stampCommand}\`; if the Russian still says the same, run \`${stampCommand} -- "${twin.file}#${twin.section}"\``,
      ];
    if (state === "fresh") return [];
    return [
      `${nameOf(twin)} ${state === "moved" ? "changed" : "is new"}: run \`${stampCommand}\` and commit content/${stampFile}`,
    ];
  });
  const known = new Set(twins.map(({ file, section }) => `${file}#${section}`));
  const gone = Object.entries(stamps).flatMap(([file, sections]) =>
    Object.keys(sections).filter((section) => !known.has(`${file}#${section}`)).length > 0 ? [file] : [],
  );
  return [
    ...faults,
    ...gone.map((file) => `content/${stampFile} names pieces of ${file} that are gone: run \`${stampCommand}\``),
  ];
}

/**
 * Writes the stamps anew. A stale piece keeps its old stamp, unless it is confirmed: by "<file>#<section>" or by the file alone.
 * @returns the pieces that are left stale
 */
export function stampTranslations(content: string, confirmed: readonly string[] = []): { stamped: number; stale: Twin[] } {
  const before = readStamps(content);
  const after: Stamps = {};
  const stale: Twin[] = [];
  let stamped = 0;
  for (const twin of listTwins(content)) {
    const isConfirmed = confirmed.includes(twin.file) || confirmed.includes(`${twin.file}#${twin.section}`);
    const state = stateOf(twin, before);
    const isKept = state === "stale" && !isConfirmed;
    if (isKept) stale.push(twin);
    else if (state !== "fresh") stamped += 1;
    after[twin.file] ??= {};
    after[twin.file]![twin.section] = isKept ? (before[twin.file]?.[twin.section] ?? "") : stampOf(twin);
  }
  writeFileSync(join(content, stampFile), `${JSON.stringify(after, null, 2)}\n`);
  return { stamped, stale };
}
