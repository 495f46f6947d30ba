import fc from "fast-check";
import { expect, test } from "vitest";
import { diffLines, foldSame } from "../../../../src/ui/sandbox/editor/line-diff.ts";

const signs = { same: " ", added: "+", removed: "-" } as const;
const shown = (before: string, after: string) => diffLines(before, after).map(({ sign, text }) => signs[sign] + text);

test("changed, added and removed lines", () => {
  expect(shown("a\nb\nc", "a\nx\nc")).toEqual([" a", "-b", "+x", " c"]);
  expect(shown("a\nc", "a\nb\nc")).toEqual([" a", "+b", " c"]);
  expect(shown("same", "same")).toEqual([" same"]);
});

const text = fc.array(fc.constantFrom("a", "b", "c", "  d", ""), { maxLength: 12 }).map((lines) => lines.join("\n"));

test("both texts can be read out of it, with their line numbers", () => {
  fc.assert(
    fc.property(text, text, (before, after) => {
      const lines = diffLines(before, after);
      const old = lines.filter(({ sign }) => sign !== "added");
      const now = lines.filter(({ sign }) => sign !== "removed");
      expect(old.map((line) => line.text).join("\n")).toBe(before);
      expect(now.map((line) => line.text).join("\n")).toBe(after);
      expect(old.map((line) => line.before)).toEqual(old.map((_, index) => index + 1));
      expect(now.map((line) => line.after)).toEqual(now.map((_, index) => index + 1));
    }),
  );
});

test("no way is shorter: as many lines stay as the longest common subsequence has", () => {
  fc.assert(
    fc.property(text, text, (before, after) => {
      const kept = diffLines(before, after).filter(({ sign }) => sign === "same").length;
      expect(kept).toBe(longestCommon(before.split("\n"), after.split("\n")));
    }),
  );
});

test("what stays is folded away, with a mark where it was", () => {
  const before = Array.from({ length: 30 }, (_, index) => `line ${index}`).join("\n");
  const folded = foldSame(diffLines(before, before.replace("line 15", "changed")), 2);
  expect(folded.map((line) => line?.text ?? "…")).toEqual([
    "…",
    "line 13",
    "line 14",
    "line 15",
    "changed",
    "line 16",
    "line 17",
    "…",
  ]);
  expect(foldSame(diffLines(before, before), 2)).toEqual([null]);
});

function longestCommon(a: readonly string[], b: readonly string[]): number {
  const rows = a.map(() => b.map(() => 0));
  const at = (i: number, j: number) => rows[i]?.[j] ?? 0;
  for (const [i, one] of a.entries()) {
    for (const [j, other] of b.entries()) {
      (rows[i] as number[])[j] = one === other ? at(i - 1, j - 1) + 1 : Math.max(at(i - 1, j), at(i, j - 1));
    }
  }
  return at(a.length - 1, b.length - 1);
}
