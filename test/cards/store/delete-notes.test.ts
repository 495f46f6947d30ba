/** Notes that the learner throws away, and what merges, backups and undo make of it. */
import "fake-indexeddb/auto";
import { IDBFactory, IDBKeyRange } from "fake-indexeddb";
import { describe, expect, test } from "vitest";
import { type CardStore, mergeBackups, type Note, openCardStore, readBackup, writeBackup } from "#cards";
import { dayMs, history, note, nowMs, scheduler } from "../apkg-import/package-builder.ts";

function freshStore(): Promise<CardStore> {
  return openCardStore({ scheduler, factory: { indexedDB: new IDBFactory(), IDBKeyRange } });
}

async function value<Value>(stored: Promise<{ ok: true; value: Value } | { ok: false; error: unknown }>): Promise<Value> {
  const result = await stored;
  if (!result.ok) throw new Error(JSON.stringify(result.error));
  return result.value;
}

const ownSlugs = new Set<string>();
const picture = (name: string) => ({ name, bytes: new Uint8Array([0x89, 0x50, 0x4e, 0x47, name.length]) });
const withPicture = (slug: string, name: string): Note => note(slug, { frontHtml: `<p>q <img src="${name}" alt=""></p>` });
const editOf = (slug: string, editedAtMs: number) => {
  return { slug, frontHtml: "<p>mine</p>", backHtml: "<p>b</p>", tags: [], editedAtMs, baseChangedAtS: 0 };
};

async function storeWith(...notes: Note[]): Promise<CardStore> {
  const store = await freshStore();
  const log = notes.flatMap(({ slug }) => history(slug, 0, [3, 3]));
  await value(store.merge({ notes, log, ownSlugs }));
  return store;
}

/** Everything of a store that a backup carries. */
async function backupOf(store: CardStore) {
  const [log, notes, edits] = [await value(store.log()), await value(store.notes()), await value(store.edits())];
  return { log, notes, edits };
}

const slugsOf = async (store: CardStore) => (await value(store.notes())).map(({ slug }) => slug);
const scheduled = async (store: CardStore) => [...(await value(store.schedules())).keys()];

describe("a deletion", () => {
  test("takes text, own wording and schedule away, and leaves the reviews", async () => {
    const store = await storeWith(note("x-1"), note("x-2"));
    await value(store.saveEdit(editOf("x-1", nowMs)));
    const deleted = await value(store.deleteNotes(["x-1", "not-there"], nowMs));
    expect(deleted).toMatchObject({ notes: [{ slug: "x-1" }], edits: [{ slug: "x-1" }], rows: [{ slug: "x-1", ord: 0 }] });
    expect(await slugsOf(store)).toEqual(["x-2"]);
    expect(await value(store.edits())).toEqual([]);
    expect(await scheduled(store)).toEqual(["x-2#0"]);
    expect((await value(store.log())).filter(({ kind }) => kind === "review")).toHaveLength(4);
    await value(store.rebuild());
    expect(await scheduled(store)).toEqual(["x-2#0"]);
  });

  test("is taken back whole: as if it had not been", async () => {
    const store = await storeWith(note("x-1"), note("x-3", { type: "reversed" }));
    await value(store.saveEdit(editOf("x-1", nowMs)));
    await value(store.mark([{ slug: "x-1", ord: 0 }], { flag: 2 }, nowMs));
    const before = [
      await value(store.notes()),
      await value(store.edits()),
      await value(store.schedules()),
      await value(store.marks()),
    ];
    const deleted = await value(store.deleteNotes(["x-1", "x-3"], nowMs + 1));
    expect(deleted.rows.map(({ slug, ord }) => `${slug}#${ord}`).sort()).toEqual(["x-1#0", "x-3#0", "x-3#1"]);
    await value(store.restoreNotes(deleted, nowMs + 2));
    expect([
      await value(store.notes()),
      await value(store.edits()),
      await value(store.schedules()),
      await value(store.marks()),
    ]).toEqual(before);
  });

  test("stands against a backup, a newer text and an own wording from elsewhere, until it is asked for", async () => {
    const store = await storeWith(note("x-1"));
    const backup = await backupOf(store);
    await value(store.deleteNotes(["x-1"], nowMs));
    const newer = note("x-1", { changedAtS: (nowMs + dayMs) / 1000, backHtml: "<p>newer</p>" });
    const part = { ...backup, notes: [newer], edits: [editOf("x-1", nowMs + dayMs)], ownSlugs };
    expect(await value(store.previewMerge(part))).toMatchObject({ newNotes: 0, deletedNotes: 1, newRows: 0 });
    await value(store.merge(part));
    expect(await backupOf(store)).toMatchObject({ notes: [], edits: [] });
    const asked = { ...part, bringBackAtMs: nowMs + dayMs };
    expect(await value(store.previewMerge(asked))).toMatchObject({ newNotes: 1, deletedNotes: 0, newRows: 1 });
    await value(store.merge(asked));
    expect(await slugsOf(store)).toEqual(["x-1"]);
    expect(await scheduled(store)).toEqual(["x-1#0"]);
    // And stays when the older backup comes once more.
    await value(store.merge({ ...backup, ownSlugs }));
    expect(await slugsOf(store)).toEqual(["x-1"]);
  });

  test("on another device takes the note away here too, through the backup's text", async () => {
    const [here, there] = [await storeWith(note("x-1"), note("x-2")), await storeWith(note("x-1"))];
    await value(there.deleteNotes(["x-1"], nowMs));
    const read = await readBackup(await writeBackup(await backupOf(there)), nowMs + dayMs);
    if (!read.ok) throw new Error(read.error.code);
    const part = { ...read.value, ownSlugs };
    expect(await value(here.previewMerge(part))).toMatchObject({ removedNotes: 1, newRows: 1 });
    await value(here.merge(part));
    expect(await slugsOf(here)).toEqual(["x-2"]);
    expect(await scheduled(here)).toEqual(["x-2#0"]);
  });

  test("older than a change made here loses, and both devices come to the same", async () => {
    const [here, there] = [await storeWith(note("x-1")), await storeWith(note("x-1"))];
    await value(there.deleteNotes(["x-1"], nowMs));
    await value(here.saveEdit(editOf("x-1", nowMs + 1000)));
    await value(here.merge({ ...(await backupOf(there)), ownSlugs }));
    expect([await slugsOf(here), await scheduled(here)]).toEqual([["x-1"], ["x-1#0"]]);
    expect(await value(here.merge({ ...(await backupOf(there)), ownSlugs }))).toMatchObject({ newRows: 0, removedNotes: 0 });
    await value(there.merge({ ...(await backupOf(here)), ownSlugs }));
    expect([await slugsOf(there), await scheduled(there)]).toEqual([["x-1"], ["x-1#0"]]);
    expect(await value(there.log())).toEqual(await value(here.log()));
  });

  test("holds in the union of two backups", async () => {
    const store = await storeWith(note("x-1"), note("x-2"));
    const before = await backupOf(store);
    await value(store.deleteNotes(["x-1"], nowMs));
    const after = await backupOf(store);
    for (const union of [mergeBackups(before, after), mergeBackups(after, before)]) {
      expect(union.notes.map(({ slug }) => slug)).toEqual(["x-2"]);
    }
  });
});

test("media that nothing shows any more are told and cleared; what a note or an own wording shows stays", async () => {
  const store = await freshStore();
  const notes = [withPicture("x-1", "one.png"), withPicture("x-2", "two.png"), withPicture("x-3", "three.png")];
  await value(store.merge({ notes, log: [], media: [picture("one.png"), picture("two.png"), picture("three.png")], ownSlugs }));
  expect(await value(store.unusedMedia())).toEqual({ files: 0, bytes: 0 });
  await value(store.deleteNotes(["x-1"], nowMs));
  const reworded = { ...editOf("x-2", nowMs), frontHtml: '<p><img src="two.png" alt=""></p>' };
  await value(store.saveEdit(reworded));
  expect(await value(store.unusedMedia())).toEqual({ files: 1, bytes: 5 });
  expect(await value(store.clearUnusedMedia())).toEqual({ files: 1, bytes: 5 });
  expect((await value(store.media())).map(({ name }) => name).sort()).toEqual(["three.png", "two.png"]);
});
