/** Export to and import from packages as the real Anki does it: by GUID, newer notes only, cards that are there untouched. */
import { strFromU8, strToU8, unzipSync, zipSync } from "fflate";
import { collectionSchema } from "../../../src/cards/apkg/collection.ts";
import { loadSqlite } from "../../../src/cards/apkg/sqlite.ts";
import { cleanTags, ensureDeck, type FakeCard, type FakeCollection, type FakeModel, mediaFolder } from "./collection.ts";

/** Of one query the caller knows which cells are texts. */
// biome-ignore lint/suspicious/noExplicitAny: a row of mixed cells
type Cell = any;

const sqlite = await loadSqlite();
const daySeconds = 86_400;

export function exportDeck(collection: FakeCollection, did: number): Uint8Array {
  const name = collection.decks.get(did)!;
  const wanted = new Set(
    [...collection.decks].filter(([, one]) => one === name || one.startsWith(`${name}::`)).map(([id]) => id),
  );
  const cards = [...collection.cards.values()].filter((card) => wanted.has(card.did) || wanted.has(card.odid));
  const notes = [...new Set(cards.map(({ nid }) => nid))].map((nid) => collection.notes.get(nid)!);
  const cids = new Set(cards.map(({ id }) => id));
  const database = new sqlite.Database();
  database.run(collectionSchema);
  const models = Object.fromEntries([...collection.models.values()].map((model) => [model.id, modelJson(model)]));
  const decks = Object.fromEntries([...collection.decks].map(([id, one]) => [id, { id, name: one }]));
  const col = [1, collection.crt, 0, 0, 11, 0, 0, 0, "{}", JSON.stringify(models), JSON.stringify(decks), "{}", "{}"];
  database.run(`INSERT INTO col VALUES (${col.map(() => "?")})`, col);
  for (const { id, guid, mid, mod, tags, fields } of notes) {
    const row = [id, guid, mid, mod, -1, ` ${tags.join(" ")} `, fields.join("\u001f"), fields[0] ?? "", 0, 0, ""];
    database.run(`INSERT INTO notes VALUES (${row.map(() => "?")})`, row);
  }
  for (const c of cards) {
    const place = [c.id, c.nid, c.did, c.ord, c.mod, -1, c.type, c.queue, c.due, c.ivl, c.factor, c.reps, c.lapses, c.left];
    const row = [...place, c.odue, c.odid, c.flags, JSON.stringify(c.data)];
    database.run(`INSERT INTO cards VALUES (${row.map(() => "?")})`, row);
  }
  for (const r of collection.revlog.values()) {
    if (!cids.has(r.cid)) continue;
    const row = [r.id, r.cid, r.usn, r.ease, r.ivl, r.lastIvl, r.factor, r.time, r.type];
    database.run(`INSERT INTO revlog VALUES (${row.map(() => "?")})`, row);
  }
  const bytes = database.export();
  database.close();
  return zipSync({ meta: Uint8Array.of(8, 2), "collection.anki21": bytes, media: strToU8("{}") });
}

function modelJson({ id, name, isCloze, fields, templates, css }: FakeModel) {
  return {
    id,
    name,
    type: isCloze ? 1 : 0,
    flds: fields.map((field, ord) => ({ name: field, ord })),
    tmpls: templates.map((template, ord) => ({ ...template, ord })),
    css,
  };
}

interface ModelJson {
  id: number;
  name: string;
  type: number;
  css: string;
  flds: { name: string; ord: number }[];
  tmpls: { name: string; ord: number; qfmt: string; afmt: string }[];
}

export function importPackage(collection: FakeCollection, bytes: Uint8Array): void {
  const files = unzipSync(bytes);
  const database = new sqlite.Database(files["collection.anki21"] ?? files["collection.anki2"]!);
  const rows = (sql: string) => (database.exec(sql)[0]?.values ?? []) as Cell[][];
  const [crt, models, decks] = rows("SELECT crt, models, decks FROM col")[0]!;
  const deckNames = JSON.parse(decks!) as Record<string, { name: string }>;
  for (const model of Object.values(JSON.parse(models!) as Record<string, ModelJson>)) {
    if (collection.models.has(Number(model.id))) continue;
    collection.models.set(Number(model.id), {
      id: Number(model.id),
      name: model.name,
      isCloze: model.type === 1,
      fields: model.flds.map(({ name }) => name),
      templates: model.tmpls.map(({ name, qfmt, afmt }) => ({ name, qfmt, afmt })),
      css: model.css,
    });
  }
  const added = new Map<number, number>();
  const byGuid = new Map([...collection.notes.values()].map((note) => [note.guid, note]));
  for (const [id, guid, mid, mod, tags, flds] of rows("SELECT id, guid, mid, mod, tags, flds FROM notes")) {
    const known = byGuid.get(guid!);
    const content = { mod: mod!, tags: cleanTags(tags!.split(" ")), fields: flds!.split("\u001f") };
    if (known) {
      if (known.mid === mid && mod! > known.mod) Object.assign(known, content);
      continue;
    }
    let nid: number = id!;
    while (collection.notes.has(nid)) nid++;
    collection.notes.set(nid, { id: nid, guid: guid!, mid: mid!, ...content });
    added.set(id!, nid);
  }
  importCards(collection, rows, added, { crt: crt!, deckNames });
  for (const [key, name] of Object.entries(JSON.parse(strFromU8(files.media!)) as Record<string, string>)) {
    collection.files.set(`${mediaFolder}/${name}`, files[key]!);
  }
  database.close();
}

/** Only cards of notes that were just added, and only their reviews. */
function importCards(
  collection: FakeCollection,
  rows: (sql: string) => Cell[][],
  added: ReadonlyMap<number, number>,
  { crt, deckNames }: { crt: number; deckNames: Record<string, { name: string }> },
): void {
  const shift = Math.round((crt - collection.crt) / daySeconds);
  const cardIds = new Map<number, number>();
  const columns = "id, nid, did, ord, mod, type, queue, due, ivl, factor, reps, lapses, left, flags, data";
  for (const row of rows(`SELECT ${columns} FROM cards`)) {
    const nid = added.get(row[1]!);
    if (nid === undefined) continue;
    let id: number = row[0]!;
    while (collection.cards.has(id)) id++;
    cardIds.set(row[0]!, id);
    const [, , did, ord, mod, type, queue, due, ivl, factor, reps, lapses, left, flags, data] = row as number[];
    const card: FakeCard = {
      ...{ id, nid, did: ensureDeck(collection, deckNames[did!]!.name), ord: ord!, mod: mod!, type: type!, queue: queue! },
      ...{ due: queue === 2 ? due! + shift : due!, ivl: ivl!, factor: factor!, reps: reps!, lapses: lapses!, left: left! },
      ...{ flags: flags!, odid: 0, odue: 0, data: JSON.parse(String(data) || "{}") },
    };
    collection.cards.set(id, card);
  }
  for (const [id, cid, usn, ease, ivl, lastIvl, factor, time, type] of rows("SELECT * FROM revlog") as number[][]) {
    const ours = cardIds.get(cid!);
    if (ours === undefined || collection.revlog.has(id!)) continue;
    const result = { ease: ease!, ivl: ivl!, lastIvl: lastIvl!, factor: factor!, time: time!, type: type! };
    collection.revlog.set(id!, { id: id!, cid: ours, usn: usn!, ...result });
  }
}
