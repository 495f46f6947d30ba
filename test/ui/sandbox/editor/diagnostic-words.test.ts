import fc from "fast-check";
import { expect, test } from "vitest";
import { applyFix, offsetOf } from "../../../../src/ui/sandbox/editor/diagnostic-words.ts";

test("a fix changes exactly its ranges, whatever their order", () => {
  const fix = {
    edits: [
      { from: 0, to: 4, insert: "host" },
      { from: 9, to: 9, insert: "!" },
    ],
  };
  expect(applyFix("name: foo", fix)).toBe("host: foo!");
  expect(applyFix("name: foo", { edits: fix.edits.toReversed() })).toBe("host: foo!");
});

test("offsets of lines and columns agree with the text", () => {
  fc.assert(
    fc.property(
      fc.array(fc.stringMatching(/^[a-z: ]{0,12}$/), { minLength: 1, maxLength: 8 }),
      fc.nat(),
      fc.nat(),
      (lines, a, b) => {
        const line = a % lines.length;
        const column = b % ((lines[line]?.length ?? 0) + 1);
        const before = lines.slice(0, line).join("\n");
        expect(offsetOf(lines.join("\n"), line + 1, column + 1)).toBe((line > 0 ? before.length + 1 : 0) + column);
      },
    ),
  );
});

test("places beyond the text end at its last line", () => {
  expect(offsetOf("a\nb", 9, 9)).toBe(3);
  expect(offsetOf("a\nbcd", 1, 9)).toBe(1);
});
