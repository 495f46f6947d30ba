import { describe, expect, test } from "vitest";
import {
  exportApkg,
  importPackage,
  makeOwnNote,
  type Note,
  type OwnNoteDraft,
  ordinalsOf,
  readBackup,
  sanitiseNote,
  writeBackup,
} from "#cards";
import { nowMs, scheduler } from "../apkg-import/package-builder.ts";

const draft: OwnNoteDraft = {
  type: "basic",
  lang: "ru",
  frontHtml: "<b onclick=x>Что такое mesh?</b><script>1</script>",
  backHtml: "Сеть прокси {{ }}",
  accept: [],
  tags: ["моё", "моё"],
  deck: "Meshwise::RU::Мои заметки",
};
const random = Uint8Array.from({ length: 12 }, (_, i) => i * 20);

function made(over: Partial<OwnNoteDraft> = {}): Note {
  const note = makeOwnNote({ ...draft, ...over }, random, nowMs);
  if (typeof note === "string") throw new Error(note);
  return note;
}

describe("a note of the learner's own", () => {
  test("is clean, has a GUID of its own and a slug made from it", () => {
    const note = made();
    expect(note).toMatchObject({ frontHtml: "<b>Что такое mesh?</b>", tags: ["моё"], deck: draft.deck, lang: "ru" });
    expect(note.ankiGuid).toBe("mesh-own:0014283c5064788ca0b4c8dc");
    expect(sanitiseNote(note)).toEqual(note);
    const other = makeOwnNote(
      draft,
      random.map((byte) => byte + 1),
      nowMs,
    );
    expect(other).not.toMatchObject({ slug: note.slug });
  });

  test.each([
    [{ frontHtml: "<br>" }, "noFront"],
    [{ backHtml: " " }, "noBack"],
    [{ type: "cloze", frontHtml: "no gap" }, "noCloze"],
    [{ type: "typed", accept: [" "] }, "noAnswer"],
  ] as const)("is refused with %j", (over, fault) => {
    expect(makeOwnNote({ ...draft, ...over }, random, nowMs)).toBe(fault);
  });

  test.each([
    ["basic", {}, [0]],
    ["reversed", {}, [0, 1]],
    ["cloze", { frontHtml: "{{c1::a}} and {{c2::b}}", backHtml: "" }, [0, 1]],
    ["typed", { accept: [" 15001 ", "порт 15001"], backHtml: "why" }, [0]],
  ] as const)("%s goes to Anki and into a backup and comes back as the same note", async (type, over, ords) => {
    const note = made({ type, ...over });
    expect(ordinalsOf(note)).toEqual(ords);
    const request = { notes: [note], schedules: new Map(), log: [], options: scheduler.options, clock: scheduler.clock, nowMs };
    const back = await importPackage((await exportApkg(request)).bytes, { scheduler, nowMs });
    const { content: _doing, type: _kind, module: _module, ...same } = note;
    expect(back.ok && back.value.notes).toMatchObject([same]);
    const kept = await readBackup(await writeBackup({ notes: [note], log: [] }), nowMs);
    expect(kept.ok && kept.value.notes).toEqual([note]);
  });

  test("with a typed answer says the first accepted one in Anki, and keeps all of them here", () => {
    const note = made({ type: "typed", accept: ["15001", "порт 15001"], backHtml: "<i>why</i>" });
    expect(note.backHtml).toBe("<p><strong>15001</strong></p>\n<i>why</i>");
    expect(note.content).toEqual({ type: "typed", accept: ["15001", "порт 15001"], whyHtml: "<i>why</i>" });
  });
});
