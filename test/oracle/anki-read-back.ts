/**
 * The way back: the real Anki takes our package, adds notes of its own kinds, answers cards, and exports in every format;
 * our reader must find the same notes, cards, states and reviews, and its replay Anki's own memory. Then the oracle's bad
 * packages: accepted or refused as its manifest says.
 */
import { createHash } from "node:crypto";
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import {
  createScheduler,
  defaultDeckOptions,
  exportApkg,
  type ImportedDeck,
  importPackage,
  localDayClock,
  mediaNamesIn,
  replay,
} from "#cards";

export type Agree = (holds: boolean, what: string) => void;
type RunPython = (args: string[]) => string;

interface AnkiCollection {
  notes: { id: number; guid: string; fields: string[]; tags: string[] }[];
  cards: {
    id: number;
    nid: number;
    ord: number;
    type: number;
    queue: number;
    flags: number;
    ivl: number;
    reps: number;
    lapses: number;
    memory: { s: number; d: number } | null;
  }[];
  revlog: { id: number; cid: number; ease: number; ivl: number; type: number }[];
  /** Name → SHA-1 of the files that a note of another kind shows. */
  media: Record<string, string>;
}

const exportScript = join(import.meta.dirname, "anki-export.py");
const scheduler = createScheduler(defaultDeckOptions, localDayClock());

/**
 * @param ourPackage a package of ours with progress in it
 * @param script anki_oracle.py
 */
export async function compareReadBack(
  ourPackage: string,
  { folder, script, run, agree }: { folder: string; script: string; run: RunPython; agree: Agree },
): Promise<void> {
  const exported = join(folder, "exported");
  mkdirSync(exported);
  const anki: AnkiCollection = JSON.parse(run([exportScript, ourPackage, exported]));
  for (const file of readdirSync(exported)) {
    const result = await importPackage(readFileSync(join(exported, file)), { scheduler, nowMs: Date.now() });
    if (result.ok) {
      compareDeck(file, anki, result.value, agree);
      await compareMedia(file, anki, result.value, { folder, script, run, agree });
    } else agree(false, `${file} is read: ${JSON.stringify(result.error)}`);
  }
}

function compareDeck(file: string, anki: AnkiCollection, deck: ImportedDeck, agree: Agree): void {
  agree(deck.notes.length === anki.notes.length, `${file}: ${deck.notes.length} notes, Anki has ${anki.notes.length}`);
  agree(deck.cards.length === anki.cards.length, `${file}: ${deck.cards.length} cards, Anki has ${anki.cards.length}`);
  const reviews = deck.log.filter(({ kind }) => kind !== "state");
  agree(reviews.length === anki.revlog.length, `${file}: ${reviews.length} reviews, Anki has ${anki.revlog.length}`);
  const slugs = new Map(deck.notes.map(({ slug, ankiGuid }) => [ankiGuid ?? `mesh:${slug}`, slug]));
  const slugOf = new Map(anki.notes.map(({ id, guid }) => [id, slugs.get(guid)]));
  for (const { guid, fields } of anki.notes) agree(slugs.has(guid), `${file}: note ${guid} (${fields[0]}) is there`);
  const rows = Map.groupBy(deck.log, ({ slug, ord }) => `${slug}#${ord}`);
  const cards = new Map(deck.cards.map((card) => [`${card.slug}#${card.ord}`, card]));
  const idOf = new Map<number, string>();
  for (const { id, nid, ord, type, queue, flags, ivl, reps, lapses, memory } of anki.cards) {
    const cardId = `${slugOf.get(nid)}#${ord}`;
    idOf.set(id, cardId);
    const ours = cards.get(cardId);
    const state = ["new", "learning", "review", "relearning"][type];
    agree(
      ours?.state === state && ours?.ivl === ivl && ours?.reps === reps && ours?.lapses === lapses,
      `${file}: card ${cardId}: ${JSON.stringify(ours)}`,
    );
    agree(ours?.suspended === (queue === -1) && ours?.flag === (flags & 7), `${file}: marks of ${cardId}`);
    const schedule = replay(cardId, rows.get(cardId) ?? [], scheduler);
    agree(schedule.state === state, `${file}: ${cardId} replayed is ${schedule.state}, Anki's is ${state}`);
    if (!memory) continue;
    const close = Math.abs(schedule.stability / memory.s - 1) < 1e-3 && Math.abs(schedule.difficulty - memory.d) < 1e-2;
    agree(close, `${file}: ${cardId} replayed ${schedule.stability} ${schedule.difficulty}, Anki ${memory.s} ${memory.d}`);
    agree(Math.abs(ours!.memory!.stability - memory.s) < 1e-3, `${file}: ${cardId} memory as written ${ours!.memory!.stability}`);
  }
  const byId = new Map(deck.log.map((row) => [`${row.slug}#${row.ord} ${row.id}`, row]));
  for (const { id, cid, ease, ivl } of anki.revlog) {
    const row = byId.get(`${idOf.get(cid)} ${id}`);
    const same = row?.kind === "review" && row.rating === ease && row.ivlAfter === ivl;
    agree(same, `${file}: review ${id}: ${JSON.stringify(row)}`);
  }
}

/** Pictures and sounds are taken in whole, shown by their notes, and arrive in another Anki under their names. */
async function compareMedia(
  file: string,
  { media }: AnkiCollection,
  deck: ImportedDeck,
  { folder, script, run, agree }: { folder: string; script: string; run: RunPython; agree: Agree },
): Promise<void> {
  const ours = new Map(deck.media.map(({ name, bytes }) => [name, bytes]));
  const shown = new Set(deck.notes.flatMap(({ frontHtml, backHtml }) => mediaNamesIn(frontHtml + backHtml)));
  for (const [name, sha1] of Object.entries(media)) {
    const bytes = ours.get(name);
    agree(bytes !== undefined && sha1Of(bytes) === sha1, `${file}: ${name} as Anki has it`);
    agree(shown.has(name), `${file}: ${name} is shown by its note`);
  }
  const notes = deck.notes.filter(({ frontHtml, backHtml }) => mediaNamesIn(frontHtml + backHtml).some((name) => ours.has(name)));
  const request = { notes, media: ours, schedules: new Map(), log: [], options: defaultDeckOptions, clock: localDayClock() };
  const again = join(folder, `again-${file}.apkg`);
  writeFileSync(again, (await exportApkg({ ...request, nowMs: Date.now() })).bytes);
  const there: Record<string, { sha1: string }> = JSON.parse(run([script, "import", again])).final.media;
  for (const [name, sha1] of Object.entries(media)) agree(there[name]?.sha1 === sha1, `${file}: ${name} arrives in another Anki`);
}

function sha1Of(bytes: Uint8Array): string {
  return createHash("sha1").update(bytes).digest("hex");
}

/** @param script anki_oracle.py */
export async function compareHostile(script: string, folder: string, run: RunPython, agree: Agree): Promise<void> {
  const hostile = join(folder, "hostile");
  run([script, "make-hostile", hostile]);
  const manifest: Record<string, { our_app_must: string }> = JSON.parse(readFileSync(join(hostile, "manifest.json"), "utf8"));
  for (const [file, { our_app_must: wanted }] of Object.entries(manifest)) {
    const result = await importPackage(readFileSync(join(hostile, file)), { scheduler, nowMs: Date.now() });
    const mustRefuse = /^(?:reject(?! or)|cap while|only real tables)/.test(wanted);
    const mayRefuse = mustRefuse || /reject/.test(wanted);
    const verdict = result.ok ? "accepted" : `refused (${result.error.code})`;
    const foreseen = result.ok || result.error.code !== "Unexpected";
    agree(foreseen && (result.ok ? !mustRefuse : mayRefuse), `${file} must be: ${wanted}; it is ${verdict}`);
  }
}
