import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { parseDocument, stringify } from "yaml";
import { readCardLinks, type SyncLink, writeCardLinks } from "#cards";
import { whileWorking } from "../../support/speed.ts";

const link = { ankiId: 1769160585274, ankiGuid: "q[,x:#'\"", syncedAt: "2026-01-05T10:00:00.000Z", syncedHash: "3f9c" };
const lines = (indent: string) =>
  [`anki_id: 1769160585274`, `anki_guid: "q[,x:#'\\""`, `synced_at: "2026-01-05T10:00:00.000Z"`, `synced_hash: "3f9c"`].map(
    (line) => `${indent}${line}\n`,
  );

describe("links in a card file", () => {
  test("come behind the card's last line, whatever it is", async () => {
    const text =
      "lesson: x\ncards:\n  - slug: a-en # why\n    front: f\n    back: |\n      b\n\n  # between\n  - slug: b-en\n    tags: [x]";
    const written = await writeCardLinks(
      text,
      new Map([
        ["a-en", link],
        ["b-en", link],
      ]),
    );
    const expected = text.replace("      b\n\n", `      b\n${lines("    ").join("")}\n`);
    expect(written).toBe(`${expected}\n${lines("    ").join("").trimEnd()}`);
    expect((await readCardLinks(written)).get("b-en")).toEqual(link);
  });

  test("replace what stands there, in place, comments kept", async () => {
    const text = "cards:\n- slug: a-en\n  anki_id: 5 # mine\n  synced_at: 'old'\n  front: f\n";
    const written = await writeCardLinks(text, new Map([["a-en", { ankiId: 7, syncedAt: "new" }]]));
    expect(written).toBe('cards:\n- slug: a-en\n  anki_id: 7 # mine\n  synced_at: "new"\n  front: f\n');
  });

  test("of nothing, or that are there already, change no byte; a file that is no card file stays", async () => {
    const text = "cards:\r\n  - { slug: a-en, anki_id: 5 }\r\n";
    expect(
      await writeCardLinks(
        text,
        new Map<string, SyncLink>([
          ["a-en", { ankiId: 5 }],
          ["z-en", link],
        ]),
      ),
    ).toBe(text);
    for (const other of ["", "- x", "cards: [", "cards: 7"]) {
      expect(await writeCardLinks(other, new Map([["a-en", link]]))).toBe(other);
    }
  });

  test("leave every other byte of any card file", async () => {
    const card = fc.record(
      {
        front: fc.string({ unit: "grapheme", maxLength: 40 }),
        back: fc.array(fc.string({ maxLength: 20 }), { maxLength: 4 }).map((parts) => parts.join("\n")),
        tags: fc.array(fc.stringMatching(/^[a-z]{1,6}$/), { maxLength: 3 }),
        anki_id: fc.integer({ min: 1 }),
        synced_at: fc.string({ minLength: 1, maxLength: 12 }),
      },
      { requiredKeys: ["front"] },
    );
    const style = fc.record({ flow: fc.boolean(), crlf: fc.boolean(), lineWidth: fc.constantFrom(0, 20), end: fc.boolean() });
    await fc.assert(
      fc.asyncProperty(fc.array(card, { minLength: 1, maxLength: 4 }), style, async (cards, { flow, crlf, lineWidth, end }) => {
        const named = cards.map((one, i) => ({ slug: `s${i}-en`, ...one }));
        let text = stringify({ lesson: "x", cards: named }, { lineWidth, collectionStyle: flow ? "flow" : "block" });
        if (!end) text = text.trimEnd();
        if (crlf) text = text.replaceAll("\n", "\r\n");
        // Some texts in one-line style are printed so that they cannot be read again: such a file is not touched.
        fc.pre(parseDocument(text).errors.length === 0);
        const links = new Map(named.map(({ slug }) => [slug, link]));
        const written = await writeCardLinks(text, links);
        for (const { slug } of named) expect((await readCardLinks(written)).get(slug)).toEqual(link);
        expect(await writeCardLinks(written, links)).toBe(written);
        const kept = [...text].filter((character) => character !== " ");
        let at = 0;
        // Nothing of the old text is gone but the values that were replaced.
        const replaced = cards.some((one) => one.anki_id !== undefined || one.synced_at !== undefined);
        if (!replaced) for (const character of written) if (character === kept[at]) at++;
        if (!replaced) expect(at).toBe(kept.length);
      }),
      { numRuns: whileWorking(40, 200) },
    );
  });
});
