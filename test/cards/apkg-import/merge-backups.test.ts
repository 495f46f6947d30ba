/** Union of two backups where a note was deleted in one of them. */
import { describe, expect, test } from "vitest";
import { type Backup, type LogRow, mergeBackups, type NoteEdit } from "#cards";
import { note } from "./package-builder.ts";

const deletedAtMs = Date.UTC(2026, 10, 20);
const deletion: LogRow = {
  id: deletedAtMs,
  slug: "anki-1-en",
  ord: 0,
  kind: "mark",
  change: { deleted: true },
  source: "app",
};
const theirs = note("anki-1-en", { deck: "Default", changedAtS: deletedAtMs / 1000 - 100 });
const edit = (editedAtMs: number): NoteEdit => {
  return { slug: "anki-1-en", frontHtml: "mine", backHtml: "b", tags: [], editedAtMs, baseChangedAtS: theirs.changedAtS };
};
const here = (over: Partial<Backup>): Backup => ({ notes: [], log: [], ...over });

describe("a deletion in one backup", () => {
  const older = here({ notes: [theirs], edits: [edit(deletedAtMs - 1)] });
  const newer = here({ notes: [theirs], edits: [edit(deletedAtMs + 1)] });
  const deleted = here({ log: [deletion] });

  test.each([
    ["first", (other: Backup) => mergeBackups(deleted, other)],
    ["second", (other: Backup) => mergeBackups(other, deleted)],
  ])("takes the note and its wording with it, deleted one %s", (_name, merge) => {
    expect(merge(older)).toMatchObject({ notes: [], edits: [], log: [deletion] });
  });

  test("does not take what was reworded afterwards", () => {
    expect(mergeBackups(deleted, newer)).toMatchObject({ notes: [theirs], edits: [edit(deletedAtMs + 1)] });
    expect(mergeBackups(newer, deleted)).toMatchObject({ notes: [theirs], edits: [edit(deletedAtMs + 1)] });
  });

  test("of two wordings the newer one decides", () => {
    const merged = mergeBackups({ ...older, log: [deletion] }, newer);
    expect(merged).toMatchObject({ notes: [theirs], edits: [edit(deletedAtMs + 1)] });
  });

  test("leaves the wordings of other notes, the site's own among them", () => {
    const own = { ...edit(deletedAtMs - 1), slug: "retries-en" };
    expect(mergeBackups(deleted, here({ edits: [own] })).edits).toEqual([own]);
  });
});
