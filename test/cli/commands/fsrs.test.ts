import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { defaultDeckOptions, defaultPracticeSettings, fillWeights, type LogRow, writeBackup } from "#cards";
import { runCli } from "../../../src/cli/run-cli.ts";
import { madeLog } from "../../cards/optimizer/made-histories.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "meshwise-fsrs-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

async function run(verb: string, content: unknown, ...options: string[]) {
  const file = join(folder, "histories.json");
  writeFileSync(file, typeof content === "string" ? content : JSON.stringify(content));
  const said = { out: "", err: "" };
  const terminal = {
    environment: {},
    out: (text: string) => {
      said.out += text;
    },
    err: (text: string) => {
      said.err += text;
    },
  };
  const code = await runCli(["fsrs", verb, file, ...options], terminal);
  return { code, ...said };
}

const replay = (histories: unknown) => run("replay", histories);

const dayMs = 86_400_000;
const nextDayAt = Date.UTC(2026, 10, 21, 4) / 1000;
const lapse = [
  { id: nextDayAt * 1000 - 201 * dayMs + 5, rating: 1 },
  { id: nextDayAt * 1000 - dayMs + 5, rating: 3 },
];

test("a history of Anki 26.09.3 with the default parameters", async () => {
  const { code, out } = await replay({ cases: [{ cid: 7, reviews: lapse }], w: [], nextDayAt });
  expect(code).toBe(0);
  const [stability, difficulty] = JSON.parse(out)["7"];
  expect(stability).toBeCloseTo(5.773666, 4);
  expect(difficulty).toBeCloseTo(6.402115, 4);
});

test("no parameters means the defaults; a card without a rating has no state", async () => {
  const cases = [
    { cid: "a", reviews: lapse },
    { cid: "b", reviews: [] },
    { cid: "c", reviews: [{ id: 1, rating: 0 }] },
  ];
  const { out } = await replay({ cases, nextDayAt });
  expect(Object.keys(JSON.parse(out))).toEqual(["a"]);
});

test.each([
  ["not JSON", "{"],
  ["no histories", { nextDayAt }],
  ["a rating that is none", { cases: [{ cid: 1, reviews: [{ id: 1, rating: 9 }] }], nextDayAt }],
  ["parameters of no version", { cases: [], w: [1, 2, 3], nextDayAt }],
])("refuses %s with a reason", async (_name, histories) => {
  const { code, out, err } = await replay(histories);
  expect(code).toBe(2);
  expect(out).toBe("");
  expect(err.length).toBeGreaterThan(20);
});

describe("training", { timeout: 120_000 }, () => {
  /** A learner who forgets three times as quickly as the defaults say. */
  const quick = fillWeights([])!.map((w, i) => (i < 4 ? w / 3 : w));
  const backup = (log: readonly LogRow[], weights: readonly number[] = []) =>
    writeBackup({ notes: [], log, settings: { ...defaultPracticeSettings, options: { ...defaultDeckOptions, weights } } });

  test("shows both log losses and proposes what is better", async () => {
    const { code, out } = await run("train", await backup(madeLog(60, quick)), "--format", "json");
    const { items, current, trained, better, w } = JSON.parse(out);
    expect([code, better]).toEqual([0, true]);
    expect(items).toBeGreaterThan(400);
    expect(trained.logLoss).toBeLessThan(current.logLoss);
    expect(w).toEqual(trained.w);
    expect(current.w).toEqual(fillWeights([]));
    const text = await run("train", await backup(madeLog(60, quick)), "--lang", "ru");
    expect(text.out).toContain(trained.logLoss.toFixed(4));
    expect(text.out.trim().split("\n").at(-1)!.split(", ")).toHaveLength(21);
  });

  test("never proposes what is worse than the parameters in the backup", async () => {
    const log = madeLog(60, quick);
    const first = JSON.parse((await run("train", await backup(log), "--format", "json")).out);
    const { out } = await run("train", await backup(log, first.w), "--format", "json");
    const { better, w, current, trained } = JSON.parse(out);
    expect(current.logLoss).toBeLessThanOrEqual(trained.logLoss + 1e-9);
    expect([better, w]).toEqual([false, first.w]);
    expect((await run("train", await backup(log, first.w))).out).toContain("keep those in use");
  });

  test("says how many reviews are too few, and what a refused file is refused for", async () => {
    const few = await run("train", await backup(madeLog(60, quick).slice(0, 3)), "--format", "json");
    expect(few).toMatchObject({ code: 1, out: "" });
    expect(few.err).toMatch(/holds \d reviews? to learn from; FSRS needs 8/);
    expect(await run("train", "{}")).toMatchObject({ code: 1, out: "" });
    expect((await run("train", await backup(madeLog(6, quick)))).err).toContain("Below 400");
  });
});
