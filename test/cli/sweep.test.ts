import { describe, expect, test } from "vitest";
import { sweepResult, wholeSweep } from "../../src/cli/sweep/result.ts";
import { callCli } from "./call-cli.ts";
import { experiment, file, grid, queue, sweep } from "./sweep-example.ts";

const json = sweep("--format", "json");
const text = sweep();

describe("a grid", () => {
  test("comes out the same byte for byte whatever the number of jobs", async () => {
    expect(JSON.parse((await json).out).cells).toHaveLength(4);
    for (const jobs of ["1", "3", "5"]) expect(await sweep("--format", "json", "--jobs", jobs)).toEqual(await json);
  });

  test("its cells are in order of the parameters, the last one fastest, and have the seeds of the Experiment", async () => {
    const { cells, seed } = JSON.parse((await json).out);
    expect(seed).toBe(5);
    expect(cells.map((cell: { parameters: object }) => Object.values(cell.parameters))).toEqual([
      ["20/s", 1],
      ["20/s", 2],
      ["150/s", 1],
      ["150/s", 2],
    ]);
    for (const { runs } of cells) expect(runs.map((run: { seed: number }) => run.seed)).toEqual([5, 6, 7]);
  });

  test("a cell's runs are those of simulate with its values set", async () => {
    const set = ["--set", "spec.traffic[0].rate=150/s", "--set", "spec.workloads[1].replicas=2"];
    const alone = await callCli(["simulate", queue, ...set, "--runs", "3", "--seed", "8", "--format", "json"]);
    expect(JSON.parse((await sweep("--seed", "8", "--format", "json")).out).cells[3].runs).toEqual(JSON.parse(alone.out).runs);
  });

  test("--set holds in every cell, and values may be lists, objects and texts with commas", async () => {
    const args = ["--set", "spec.traffic[0].requests=7", "--set", "spec.expect=[{ metric: requests, of: b, equals: 7 }]"];
    const values = "spec.workloads[1].behaviour.serviceTime={uniform: [1ms, 2ms]},{constant: 1ms}";
    const { code, out } = await callCli(["sweep", queue, ...args, "--param", values, "--format", "json"]);
    expect([code, JSON.parse(out).parameters]).toEqual([
      0,
      [{ path: "spec.workloads[1].behaviour.serviceTime", values: [{ uniform: ["1ms", "2ms"] }, { constant: "1ms" }] }],
    ]);
    const texts = await callCli(["sweep", queue, "--param", 'spec.traffic[0].headers.x="a,b",c', "--format", "json"]);
    expect(JSON.parse(texts.out).parameters[0].values).toEqual(["a,b", "c"]);
  });
});

describe("summaries", () => {
  const run = (seed: number, value: number | string | null, passed: boolean) => ({
    seed,
    traceHash: `${seed}`,
    goal: { passed, checks: [{ metric: "share", of: "b", atMost: 3, value, passed }] },
  });
  const summaryOf = (...runs: ReturnType<typeof run>[]) => {
    const cells = [{ cell: [{ path: "spec.x", value: 1 }], runs, diagnostics: [] }];
    const parts = { experiment: "e", parameters: [], seed: 1, runs: runs.length, fingerprint: "", shard: wholeSweep, cells };
    return sweepResult(parts).cells[0];
  };

  test("mean, least, greatest and the standard error of the mean", () => {
    const cell = summaryOf(run(1, 1, true), run(2, 2, true), run(3, 3, true), run(4, 4, false));
    expect(cell).toMatchObject({ passed: 3, checks: [{ metric: "share", of: "b", atMost: 3, passed: 3, measured: 4 }] });
    // The sample's variance of 1, 2, 3, 4 is 5/3.
    expect(cell?.checks[0]).toMatchObject({ mean: 2.5, min: 1, max: 4, standardError: Math.sqrt(5 / 3 / 4) });
  });

  test("runs without a number do not count for the mean", () => {
    expect(summaryOf(run(1, null, false), run(2, 7, true))?.checks[0]).toMatchObject({
      measured: 1,
      mean: 7,
      standardError: null,
    });
    expect(summaryOf(run(1, "[1,2]", true))?.checks[0]).toMatchObject({
      measured: 0,
      mean: null,
      min: null,
      max: null,
      passed: 1,
    });
  });
});

describe("text", () => {
  test("a row for each cell with its share of met goals, and mean, least and greatest of each check", async () => {
    const { code, out } = await text;
    const { cells } = JSON.parse((await json).out);
    expect(code).toBe(1);
    expect(out).toContain("queue: cells 4, runs of each 3 (seeds 5 to 7)\n");
    expect(out).toContain('[1] meanMs (traffic "t"), expected atMost 8\n');
    const digits = (value: number) => String(Number(value.toPrecision(6)));
    const rows = out.split("\n").filter((line) => /^\d+\/s /.test(line));
    expect(rows.map((row) => row.split(/ {2,}/).slice(0, 3))).toEqual(
      cells.map((cell: { parameters: object; passed: number }) => [
        ...Object.values(cell.parameters).map(String),
        `${cell.passed}/3`,
      ]),
    );
    for (const [at, row] of rows.entries()) {
      const { mean, min, max } = cells[at].checks[0];
      expect(row).toContain(`${digits(mean)} (${digits(min)}–${digits(max)})`);
    }
    const met = cells.reduce((sum: number, cell: { passed: number }) => sum + cell.passed, 0);
    expect(out).toContain(`Goal met in ${met} of 12 runs.`);
    expect((await sweep("--lang", "ru")).out).toContain(`Цель достигнута, прогонов: ${met} из 12.`);
  });

  test("without a goal it says how to measure something, and all is well", async () => {
    const { code, out } = await callCli(["sweep", file("without.yaml", experiment("")), ...grid]);
    expect([code, out]).toEqual([0, expect.stringContaining("`expect`")]);
  });
});

describe("refusals", () => {
  test.each([
    ["no parameter", ["--runs", "2"], "--param spec.path=a,b,c is required"],
    ["no value", ["--param", "spec.traffic[0].rate="], "does not take"],
    ["an empty value", ["--param", "spec.traffic[0].rate=1/s,,2/s"], "does not take"],
    ["outside the spec", ["--param", "metadata.name=a,b"], "does not take"],
    ["a path twice", ["--param", "spec.duration=1s", "--param", "spec.duration=2s"], "stands in two --param"],
    ["a value twice", ["--param", "spec.duration=1s,2s,1s"], 'value "1s" twice'],
    ["seeds as a parameter", ["--param", "spec.seed=1,2"], "--seed and --runs"],
    ["a shard beyond the last", [...grid, "--shard", "3/2"], "--shard takes i/n"],
    ["no jobs", [...grid, "--jobs", "0"], "--jobs takes a whole number"],
    ["no runs", [...grid, "--runs", "0"], "--runs takes a whole number"],
  ])("%s", async (_what, args, told) => {
    expect(await callCli(["sweep", queue, ...args])).toMatchObject({ code: 2, out: "", err: expect.stringContaining(told) });
  });

  test("a misspelt path and a bad value end it before anything runs, with the cells they concern", async () => {
    const misspelt = await callCli(["sweep", queue, "--param", "spec.traffic[0].rates=1/s,2/s"]);
    expect(misspelt).toMatchObject({ code: 2, out: "" });
    expect(misspelt.err).toContain("With spec.traffic[0].rates=1/s (and in further cells: 1):\n");
    expect(misspelt.err.match(/MESH1501/g)).toHaveLength(1);
    const bad = ["sweep", queue, "--param", "spec.traffic[0].rate=1/s,fast", "--format", "json"];
    const { code, out } = await callCli(bad);
    expect(code).toBe(2);
    expect(JSON.parse(out)).toMatchObject({
      goal: { passed: false },
      cells: [{ parameters: { "spec.traffic[0].rate": "fast" }, diagnostics: [{ code: "MESH1509", line: 15 }] }],
    });
    expect(JSON.parse(out).cells).toHaveLength(1);
  });

  test("a run that has to be ended is told with its cell", async () => {
    const circle = `apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: { name: c }
spec: { hosts: [c.example], http: [{ route: [{ destination: { host: b } }] }] }
---
apiVersion: networking.istio.io/v1
kind: ServiceEntry
metadata: { name: c }
spec: { hosts: [c.example], ports: [{ number: 80, name: http, protocol: HTTP }], resolution: DNS }
---
`;
    const path = file("circle.yaml", circle + experiment(""));
    const { code, err } = await callCli([
      "sweep",
      path,
      "--param",
      'spec.workloads[1].behaviour.calls=[],[{ to: "http://c.example/" }]',
      "--runs",
      "2",
    ]);
    expect([code, err]).toEqual([
      2,
      expect.stringMatching(/With spec\.workloads\[1\]\.behaviour\.calls=\[\{.*\}\]:\n.*MESH1526/),
    ]);
  });
});
