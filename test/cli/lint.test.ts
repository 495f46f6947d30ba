import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { callCli } from "./call-cli.ts";

const folder = mkdtempSync(join(tmpdir(), "meshwise-lint-"));

function file(name: string, text: string): string {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
}

const service = (name: string) =>
  `apiVersion: v1\nkind: Service\nmetadata: { name: ${name}, namespace: shop }\nspec: { selector: { app: a }, ports: [{ name: http, port: 80 }] }\n`;
const experiment = (field: string) =>
  `apiVersion: meshwise.dev/v1\nkind: Experiment\nmetadata: { name: x }\nspec:\n  workloads: [{ name: a, namespace: shop, labels: { app: a } }]\n  ${field}\n`;
const clean = file("clean.yaml", service("a"));
const faulty = file("faulty.yaml", experiment("speed: 3"));

test("exit 0 and an entry per file when nothing is wrong", async () => {
  const { code, out, err } = await callCli(["lint", clean, "--format", "json"]);
  expect({ code, err }).toEqual({ code: 0, err: "" });
  expect(JSON.parse(out)).toEqual([{ file: clean, diagnostics: [] }]);
});

test("exit 1 and the place of an error; JSON has the contract's fields alone on stdout", async () => {
  const { code, out, err } = await callCli(["lint", clean, faulty, "--format", "json"]);
  expect({ code, err }).toEqual({ code: 1, err: "" });
  const [first, second] = JSON.parse(out);
  expect(first).toEqual({ file: clean, diagnostics: [] });
  expect(second.file).toBe(faulty);
  expect(second.diagnostics).toEqual([
    {
      code: "MESH1501",
      severity: "error",
      source: "meshwise",
      message: expect.stringContaining("spec.speed"),
      kind: "Experiment",
      name: "x",
      namespace: "default",
      path: "spec.speed",
      line: 6,
      column: 3,
      endLine: 6,
      endColumn: 8,
    },
  ]);
});

test("text mode writes diagnostics to stderr, in the language asked for", async () => {
  const english = await callCli(["lint", faulty]);
  expect(english.out).toBe("");
  expect(english.err).toContain(`${faulty}:6:3 error MESH1501`);
  const russian = await callCli(["lint", faulty, "--lang", "ru"]);
  expect(russian.err).toContain("Неизвестное поле spec.speed");
  const byEnvironment = await callCli(["lint", faulty], { LANG: "ru_RU.UTF-8" });
  expect(byEnvironment.err).toBe(russian.err);
});

test("files are one configuration, unless --each says otherwise", async () => {
  const one = file("one.yaml", experiment("seed: 1"));
  const two = file("two.yaml", experiment("seed: 2"));
  const together = await callCli(["lint", one, two, "--format", "json"]);
  expect(together.out).toContain("MESH1519");
  const alone = await callCli(["lint", one, two, "--each", "--format", "json"]);
  expect({ code: alone.code, hit: alone.out.includes("MESH1519") }).toEqual({ code: 0, hit: false });
});

test("a batch answers one line a case, in order", async () => {
  const batch = file(
    "batch.jsonl",
    [
      JSON.stringify({ id: "a", yaml: service("a") }),
      JSON.stringify({ id: 2, files: [{ name: "x.yaml", yaml: experiment("speed: 1") }] }),
    ].join("\n"),
  );
  const { code, out } = await callCli(["lint", "--batch", batch]);
  expect(code).toBe(1);
  const lines = out
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line));
  expect(
    lines.map((line) => [line.id, line.diagnostics.map((one: { code: string; file: string }) => `${one.file} ${one.code}`)]),
  ).toEqual([
    ["a", []],
    [2, ["x.yaml MESH1501"]],
  ]);
});

test.each([
  ["no file", ["lint"]],
  ["a file that is not there", ["lint", join(folder, "none.yaml")]],
  ["an unknown option", ["lint", clean, "--fast"]],
  ["an unknown format", ["lint", clean, "--format", "xml"]],
  ["an unknown language", ["lint", clean, "--lang", "xx"]],
  ["an unknown command", ["lnit", clean]],
  ["a broken batch line", ["lint", "--batch", file("broken.jsonl", "{")]],
])("exit 2: %s", async (_what, args) => {
  const { code, out, err } = await callCli(args);
  expect({ code, out }).toEqual({ code: 2, out: "" });
  expect(err).not.toBe("");
});

test("help names every command, and each command its usage", async () => {
  const overview = await callCli(["--help"]);
  expect(overview.code).toBe(0);
  for (const name of ["lint", "routes", "simulate"]) {
    expect(overview.out).toContain(`  ${name} `);
    const own = await callCli([name, "--help"]);
    expect({ code: own.code, hit: own.out.includes(`meshwise ${name} `) }).toEqual({ code: 0, hit: true });
  }
});
