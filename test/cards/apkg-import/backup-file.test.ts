import { describe, expect, test } from "vitest";
import { defaultPracticeSettings, readBackup, writeBackup } from "#cards";
import { history, log, note, nowMs } from "./package-builder.ts";

const backup = { notes: [note("x-en", { ankiGuid: "g", deck: "Mine::Two" })], log };

describe("a backup", () => {
  test("comes back as it went, and the same progress is the same text", async () => {
    const text = await writeBackup(backup);
    const result = await readBackup(text, nowMs);
    if (!result.ok) throw new Error(JSON.stringify(result.error));
    expect(result.value.notes).toEqual(backup.notes);
    expect(new Set(result.value.log)).toEqual(new Set(log));
    expect(result.value.notices).toEqual([]);
    expect(await writeBackup({ notes: backup.notes, log: [...log].reverse() })).toBe(text);
    expect(JSON.parse(text)).toMatchObject({ format: "meshwise-backup", version: 2 });
  });

  test("every kind of row survives", async () => {
    const [review] = history("a-en", 0, [3]);
    const entry = { slug: "a-en", ord: 0, source: "anki" as const };
    const rows = [
      { ...entry, id: review!.id + 1, kind: "undo" as const, undoes: review!.id },
      {
        ...entry,
        id: review!.id + 2,
        kind: "manual" as const,
        change: "cram" as const,
        ivlBefore: 1,
        ivlAfter: 1,
        rating: 2 as const,
        durationMs: 3,
      },
    ];
    const result = await readBackup(await writeBackup({ notes: [], log: [review!, ...rows] }), nowMs);
    expect(result.ok && result.value.log).toEqual([review, ...rows]);
  });

  test("marks, own wording and settings come back; edits are made safe, settings brought into their ranges", async () => {
    const mark = { id: nowMs - 9, slug: "a-en", ord: 0, kind: "mark", change: { flag: 3, leech: true }, source: "app" } as const;
    const edit = { slug: "a-en", frontHtml: "<b>x</b>", backHtml: "{{c1::y}}", tags: ["t"], editedAtMs: 5, baseChangedAtS: 1 };
    const settings = { ...defaultPracticeSettings, decks: { "A::B": { desiredRetention: 0.8 } } };
    const text = await writeBackup({ notes: [], log: [mark], edits: [edit], settings });
    const result = await readBackup(text, nowMs);
    expect(result.ok && result.value).toMatchObject({
      log: [mark],
      edits: [{ ...edit, backHtml: expect.any(String) }],
      settings,
    });
    const evil = text.replace("<b>x</b>", "<script>1</script>ok").replace('"desiredRetention":0.9', '"desiredRetention":7');
    const cleaned = await readBackup(evil, nowMs);
    expect(cleaned.ok && cleaned.value.edits?.[0]?.frontHtml).toBe("ok");
    expect(cleaned.ok && cleaned.value.settings?.options.desiredRetention).toBe(0.99);
  });

  test.each([
    ["no JSON", "{nope", "BadBackup"],
    ["another JSON", '{"a":1}', "BadBackup"],
    ["another format", '{"format":"x","version":1,"notes":[],"log":[]}', "BadBackup"],
    ["a newer version", '{"format":"meshwise-backup","version":6,"notes":[],"log":[]}', "NewerBackup"],
  ])("%s is refused", async (_what, text, code) => {
    expect(await readBackup(text, nowMs)).toMatchObject({ ok: false, error: { code } });
  });

  test("rows and notes that cannot be are left out; HTML is made safe again", async () => {
    const bad = { ...log[0]!, rating: 9 };
    const future = { ...log[0]!, id: nowMs + 10 * 86_400_000 };
    const evil = { ...note("y-en"), frontHtml: "<img src=x onerror=alert(1)><b>q</b>", deck: "<script>1</script>D" };
    const text = JSON.stringify({
      format: "meshwise-backup",
      version: 1,
      notes: [evil, { slug: 1 }],
      log: [bad, future, log[1]],
    });
    const result = await readBackup(text, nowMs);
    if (!result.ok) throw new Error(JSON.stringify(result.error));
    expect(result.value.log).toEqual([log[1]]);
    expect(result.value.notes).toMatchObject([{ frontHtml: "<b>q</b>", deck: "D" }]);
    expect(result.value.notices).toEqual([
      { code: "WrongFieldCount", count: 1 },
      { code: "AbsurdReview", count: 1 },
      { code: "FutureReview", count: 1 },
    ]);
  });
});
