import { expect, test } from "vitest";
import type { MeshFile } from "#mesh";
import { type Rewriting, rewrite } from "../../../../src/ui/sandbox/time/rewrite.ts";

function text(...texts: string[]) {
  let files: readonly MeshFile[] = texts.map((one, at) => ({ name: `${at}`, text: one }));
  const steps: string[] = [];
  return {
    steps,
    newest: () => files,
    write(next: readonly MeshFile[], file: string) {
      files = next;
      steps.push(`${file}: ${next.map((one) => one.text).join(" | ")}`);
    },
  };
}

const append =
  (end: string, answer: Promise<void> = Promise.resolve()): Rewriting =>
  async (files) => {
    await answer;
    return files.map((file) => ({ ...file, text: file.text + end }));
  };

test("what was typed while an answer was under way stays: the change is made of the newer text", async () => {
  const kept = text("a");
  const { promise, resolve } = Promise.withResolvers<void>();
  const done = rewrite(kept, append("+", promise));
  kept.write([{ name: "0", text: "ab" }], "0");
  resolve();
  expect(await done).toBe(true);
  expect(kept.steps).toEqual(["0: ab", "0: ab+"]);
});

test("two changes asked for at once are both made, each once", async () => {
  const kept = text("a");
  expect(await Promise.all([rewrite(kept, append("+")), rewrite(kept, append("-"))])).toEqual([true, true]);
  expect(kept.steps).toEqual(["0: a+", "0: a+-"]);
});

test("several files are one step; what changes nothing or cannot be made is none", async () => {
  const kept = text("a", "b");
  expect(await rewrite(kept, append("+"))).toBe(true);
  expect(await rewrite(kept, append(""))).toBe(true);
  expect(await rewrite(kept, async () => null)).toBe(false);
  expect(kept.steps).toEqual([": a+ | b+"]);
});
