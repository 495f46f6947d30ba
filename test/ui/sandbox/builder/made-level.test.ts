/** A level that somebody else made: whatever comes in a link or a file is a level within limits, or none; it never breaks the page. */
import fc from "fast-check";
import { createElement } from "react";
import { renderToStaticMarkup } from "react-dom/server";
import { expect, test } from "vitest";
import { readLevelFile, writeLevelFile } from "../../../../src/ui/sandbox/builder/level-file.ts";
import { LevelPanel } from "../../../../src/ui/sandbox/level/LevelPanel.tsx";
import { levelOfMade, type MadeLevel, madeLevelId, readMadeLevel } from "../../../../src/ui/sandbox/level/made-level.ts";
import { chooseOpening } from "../../../../src/ui/sandbox/share/opening.ts";
import { decodeShareHash, encodeShareHash } from "../../../../src/ui/sandbox/share/share-link.ts";
import { TextsProvider } from "../../../../src/ui/sandbox/texts.tsx";
import { whileWorking } from "../../../support/speed.ts";
import { directDesk } from "../direct-desk.ts";

const level: MadeLevel = {
  title: "Route a tenth",
  task: "Send **10 %** to `v2`.\n\nNo more.",
  hints: ["Weights.", "`weight: 10`"],
  explanation: "Weights divide.",
  start: "kind: A\n",
  solution: "kind: B\n",
  experiment: "apiVersion: meshwise.dev/v1\nkind: Experiment\n",
};

const words = fc.string({ unit: "grapheme", maxLength: 40 });
const levels = fc
  .record({
    title: words.map((text) => `t${text}`),
    ...{ task: words, hints: fc.array(words, { maxLength: 4 }), explanation: words },
    ...{ start: words, solution: words, experiment: words.map((text) => `e${text}`) },
  })
  .map((one) => readMadeLevel(one) as MadeLevel);

const fileOf = async (made: MadeLevel, language: "en" | "ru" = "en") =>
  (await writeLevelFile(directDesk, made, language)) ?? "nothing was written";

test("a level comes out of its link and its file as it went in, under the same name", async () => {
  await fc.assert(
    fc.asyncProperty(levels, fc.constantFrom("en" as const, "ru" as const), async (made, language) => {
      const hash = encodeShareHash({ files: levelOfMade(made).start, seed: 3, scenario: "", made });
      const opened = hash.ok ? decodeShareHash(hash.value) : hash;
      expect(opened.ok && opened.value.made).toEqual(made);
      const filed = await readLevelFile(directDesk, await fileOf(made, language));
      expect(filed).toEqual(made);
      expect(madeLevelId(filed as MadeLevel)).toBe(madeLevelId(made));
    }),
    { numRuns: whileWorking(30, 150) },
  );
});

test("anything else is no level, never an exception", async () => {
  const hostile = fc.oneof(
    fc.anything(),
    fc.record({ title: fc.anything(), task: fc.anything(), hints: fc.anything(), start: fc.anything() }),
    fc.record({
      ...Object.fromEntries(Object.entries(level).map(([key, value]) => [key, fc.oneof(fc.constant(value), fc.anything())])),
    }),
  );
  fc.assert(
    fc.property(hostile, (value) => {
      const read = readMadeLevel(value);
      if (read) expect(Object.keys(read).sort()).toEqual(Object.keys(level).sort());
    }),
    { numRuns: whileWorking(80, 400) },
  );
  await fc.assert(
    fc.asyncProperty(fc.oneof(fc.string(), fc.string({ unit: "grapheme" })), async (text) => {
      await readLevelFile(directDesk, text);
    }),
    { numRuns: whileWorking(40, 200) },
  );
});

test.each([
  ["aliases that multiply", `a: &a [x,x,x,x,x,x,x,x,x]\nb: &b [*a,*a,*a,*a,*a,*a,*a,*a]\nkind: Level\nspec: { texts: *b }`],
  ["another kind", (await fileOf(level)).replace("kind: Level", "kind: Deployment")],
  ["a cut file", (await fileOf(level)).slice(0, 200)],
  ["no experiment", await fileOf({ ...level, experiment: "" })],
  ["nothing", ""],
])("%s is no level", async (_name, text) => {
  expect(await readLevelFile(directDesk, text)).toBeNull();
});

test("too long a title, too many hints: no level", () => {
  expect(readMadeLevel({ ...level, title: "x".repeat(300) })).toBeNull();
  expect(readMadeLevel({ ...level, hints: Array.from({ length: 60 }, () => "h") })).toBeNull();
  expect(readMadeLevel({ ...level, start: "x".repeat(600_000) })).toBeNull();
});

test("its words are text, whatever they look like, and turn nothing around", () => {
  const script = "<script>alert(1)</script><img src=x onerror=alert(2)>";
  const made = readMadeLevel({
    ...level,
    title: `a\u202eb${script}`,
    task: `\u0007${script}\n\n[x](javascript:alert(3)) \`${script}\``,
  });
  const markup = renderToStaticMarkup(
    createElement(
      TextsProvider,
      { language: "en" } as never,
      createElement(LevelPanel, {
        ...{ level: levelOfMade(made as MadeLevel).texts, made: true, hasSolution: true, par: 2, children: null },
        ...{ onSolution: () => undefined, onStartOver: () => undefined },
      }),
    ),
  );
  expect(markup).not.toMatch(/<script|<img|<a /);
  expect(markup).toContain("&lt;script&gt;");
  expect(markup).toContain("A reader made this level");
  for (const hidden of ["\u202e", "\u0007"]) expect(markup).not.toContain(hidden);
});

test("a link opens it as a level of its own name; its solution is not among what is shown", async () => {
  const hash = encodeShareHash({ files: levelOfMade(level).start, seed: 9, scenario: "", made: level });
  const opening = await chooseOpening({
    ...{ hash: hash.ok ? hash.value : "", scenario: "other", pageFiles: [], loadDraft: () => null },
    loadLevel: () => Promise.reject(new Error("not asked")),
  });
  expect(opening).toMatchObject({ scenario: madeLevelId(level), seed: 9, notice: null, made: level });
  expect(JSON.stringify(opening.files)).not.toContain("kind: B");
  expect(await opening.level?.loadSolution?.()).toBe("kind: B\n");
  expect(opening.level?.texts).toEqual({ title: level.title, task: ["Send **10 %** to `v2`.", "No more."], hints: level.hints });
});

test("a cut link of a level says so, as any link does", () => {
  const hash = encodeShareHash({ files: levelOfMade(level).start, seed: 1, scenario: "", made: level });
  expect(decodeShareHash(hash.ok ? hash.value.slice(0, -9) : "")).toEqual({ ok: false, error: "damaged" });
  const long = Array.from({ length: 60_000 }, (_, index) => (index * 7919).toString(36))
    .join(" ")
    .slice(0, 400_000);
  expect(encodeShareHash({ files: [], seed: 1, scenario: "", made: { ...level, start: long } })).toEqual({
    ok: false,
    error: "tooLong",
  });
});
