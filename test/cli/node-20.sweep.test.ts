/** The bundle runs where JavaScript is as old as in Node 20: what came later is taken away before it starts. */
import { execFileSync, spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";

const root = join(import.meta.dirname, "../..");
// Inside the project, so that packages left out of the bundle are found.
mkdirSync(join(root, "node_modules/.cache"), { recursive: true });
const folder = mkdtempSync(join(root, "node_modules/.cache/meshwise-cli-"));

const older = `
delete Map.groupBy; delete Object.groupBy; delete Promise.withResolvers; delete Promise.try; delete Array.fromAsync;
for (const name of ["union", "intersection", "difference", "symmetricDifference", "isSubsetOf", "isSupersetOf", "isDisjointFrom"])
  delete Set.prototype[name];
for (const name of ["map", "filter", "take", "drop", "flatMap", "reduce", "toArray", "forEach", "some", "every", "find"])
  delete Iterator.prototype[name];
delete globalThis.Iterator; delete RegExp.escape; delete Error.isError; delete Math.sumPrecise; delete Uint8Array.fromBase64;
`;

beforeAll(() => {
  execFileSync(process.execPath, [join(root, "src/cli/build.mjs"), folder], { cwd: root });
  writeFileSync(join(folder, "older.mjs"), older);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function meshwise(...args: string[]) {
  const run = spawnSync(process.execPath, ["--import", join(folder, "older.mjs"), join(folder, "meshwise.mjs"), ...args], {
    cwd: root,
    encoding: "utf8",
    env: { ...process.env, LANG: "en_US.UTF-8" },
  });
  return { code: run.status, out: run.stdout, err: run.stderr };
}

const level = ["content/scenarios/canary-by-weight/experiment.yaml", "content/scenarios/canary-by-weight/solution.yaml"];

test("lint, routes, xds and simulate", () => {
  expect(meshwise("lint", ...level, "--format", "json")).toMatchObject({ code: 0, err: "" });
  const request = ["--request", "GET http://payments.shop:8080/"];
  expect(meshwise("routes", ...level, "--from", "checkout", ...request)).toMatchObject({ code: 0, err: "" });
  expect(meshwise("xds", ...level, "--proxy", "checkout", "--type", "clusters")).toMatchObject({ code: 0, err: "" });
  const run = meshwise("simulate", ...level, "--format", "json", "--set", "spec.traffic[0].requests=50");
  expect(run.err).toBe("");
  expect(JSON.parse(run.out).edges[0].requests).toBe(50);
});

test("sweep finds its threads beside the bundle", () => {
  const grid = ["--param", "spec.traffic[0].requests=20,50", "--runs", "2", "--format", "json"];
  const run = meshwise("sweep", ...level, ...grid);
  expect(run.err).toBe("");
  expect(JSON.parse(run.out).cells.map((cell: { runs: unknown[] }) => cell.runs.length)).toEqual([2, 2]);
});

test("help loads every command", () => {
  expect(meshwise("--help")).toMatchObject({ code: 0, err: "" });
});
