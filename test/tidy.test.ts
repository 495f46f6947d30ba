/** Rules about the tree itself: what no compiler checks and every reader relies on. */
import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";

const tracked = execFileSync("git", ["ls-files", "--cached", "--others", "--exclude-standard"], { encoding: "utf8" })
  .split("\n")
  .filter((path) => path !== "" && existsSync(path));
const inFolder = (folder: string, ending: RegExp) => tracked.filter((path) => path.startsWith(folder) && ending.test(path));
const read = (path: string) => readFileSync(path, "utf8");

test("the top level holds what the card of the project names, and nothing else", () => {
  const top = new Set(tracked.map((path) => path.split("/")[0] ?? "").filter((name) => !name.startsWith(".")));
  expect([...top].sort()).toEqual(
    [
      "LICENSE",
      "README.md",
      "astro.config.mjs",
      "content",
      "package-lock.json",
      "package.json",
      "public",
      "src",
      "test",
      "tsconfig.json",
    ].sort(),
  );
});

describe("files stay readable", () => {
  const sources = inFolder("src/", /\.(ts|tsx|astro|mjs)$/).filter((path) => !/\.generated\./.test(path));

  test.each(sources)("%s has at most 400 lines", (path) => {
    expect(read(path).split("\n").length).toBeLessThanOrEqual(400);
  });

  test("names are kebab-case, components PascalCase, and there are no drawers", () => {
    const drawers = /(^|\/)(utils?|helpers?|common|misc|types)(\.tsx?|\/)/;
    expect(sources.filter((path) => drawers.test(path))).toEqual([]);
    const name = (path: string) => (path.split("/").at(-1) ?? "").replace(/(\.[a-z]+)+$/, "");
    const wrong = sources.filter((path) => {
      const allowed = /\.(tsx|astro)$/.test(path)
        ? /^([A-Z][A-Za-z0-9]*|[a-z0-9]+(-[a-z0-9]+)*|\[.*\]|index)$/
        : /^([a-z0-9]+(-[a-z0-9]+)*|\[.*\])$/;
      return !allowed.test(name(path));
    });
    expect(wrong).toEqual([]);
  });

  test("nothing is left for later", () => {
    const marks = /\b(TODO|FIXME|XXX)\b|not implemented|coming soon|\.(skip|only|todo)\(/i;
    const places = [...sources, ...inFolder("test/", /\.tsx?$/)].filter((path) => path !== "test/tidy.test.ts");
    expect(places.filter((path) => marks.test(read(path)))).toEqual([]);
  });
});

describe("ARCHITECTURE.md is true", () => {
  const text = read("src/ARCHITECTURE.md");
  const paths = [...text.matchAll(/`((?:src|test|content|public|\.ci)\/[^`\s*<>{}]+)`/g)].map((match) => match[1] ?? "");

  test("names some paths", () => expect(paths.length).toBeGreaterThan(20));
  test.each(paths)("%s exists", (path) => expect(existsSync(path)).toBe(true));
});

describe("every layer is a room of the table of layers", () => {
  const table = read(".dependency-cruiser.mjs");

  test.each([...new Set(inFolder("src/", /\//).map((path) => path.split("/")[1] ?? ""))].filter((name) => !name.includes(".")))(
    "src/%s is known",
    (folder) => expect(/^(adr|cli)$/.test(folder) || table.includes(`  ${folder}: [`)).toBe(true),
  );
});

test("lessons import nothing but the lesson components", () => {
  const imports = inFolder("content/", /\.mdx$/).flatMap((path) =>
    [
      ...read(path)
        .replace(/^(```|~~~)[\s\S]*?^\1/gm, "")
        .matchAll(/^import\s.*from\s+["'](.+)["']/gm),
    ].map((match) => `${path}: ${match[1]}`),
  );
  expect(imports.filter((line) => !line.endsWith(": #lesson"))).toEqual([]);
});

test("nothing in src knows a scenario's name", () => {
  const scenarios = [...new Set(inFolder("content/scenarios/", /./).map((path) => path.split("/")[2] ?? ""))];
  const sources = inFolder("src/", /\.(ts|tsx|astro|mjs)$/).map((path) => [path, read(path)] as const);
  const known = scenarios.flatMap((name) =>
    sources.filter(([, text]) => text.includes(`"${name}"`)).map(([path]) => `${path}: ${name}`),
  );
  expect(known).toEqual([]);
});

test("no path, tool or host of the machine it was built on is written down", () => {
  const own = /\/(work|tmp)\/(main|shared|brief)|registry\.npmjs\.org\/-\/|\bfarm-(studio|bench)\b/;
  const texts = tracked.filter(
    (path) =>
      /\.(ts|tsx|astro|mjs|md|mdx|ya?ml|json)$/.test(path) && path !== "package-lock.json" && path !== "test/tidy.test.ts",
  );
  expect(texts.filter((path) => own.test(read(path)))).toEqual([]);
});
