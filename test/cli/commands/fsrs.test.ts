import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { runCli } from "../../../src/cli/run-cli.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "meshwise-fsrs-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

async function replay(histories: unknown) {
  const file = join(folder, "histories.json");
  writeFileSync(file, typeof histories === "string" ? histories : JSON.stringify(histories));
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
  const code = await runCli(["fsrs", "replay", file], terminal);
  return { code, ...said };
}

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
