/**
 * One golden pair for each kind that has a schema: test/golden/mesh/kinds/<Kind>, one object without fault and one with, and
 * everything that is said about them. The real Istio and the real API server's code were asked about each.
 */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import kubernetes from "../../src/mesh/schema/kubernetes-schemas.generated.json" with { type: "json" };
import mesh from "../../src/mesh/schema/schemas.generated.json" with { type: "json" };
import { lintText } from "./support/verdict.ts";

const root = join(import.meta.dirname, "../golden/mesh/kinds");
const kinds = [
  ...new Set([mesh, kubernetes].flatMap((table) => Object.keys(table.kinds).map((name) => name.replace(/^.*\//, "")))),
];

test.each(kinds)("%s has a golden pair", (kind) => {
  expect(existsSync(join(root, kind, "input.yaml"))).toBe(true);
});

describe("what is said of each kind", () => {
  test.each(readdirSync(root))("%s", (kind) => {
    const found = lintText(readFileSync(join(root, kind, "input.yaml"), "utf8"));
    const said = found.map((each) =>
      `${each.line}: ${each.severity} ${each.source} ${each.code} ${each.kind}/${each.name} ${each.path}`.trim(),
    );
    const { diagnostics } = JSON.parse(readFileSync(join(root, kind, "expected.json"), "utf8")) as { diagnostics: string[] };
    expect(said).toEqual(diagnostics);
    // A pair that only shows what is wrong, or only what is right, shows half.
    expect(said.some((line) => line.includes(" error "))).toBe(true);
    expect(said.some((line) => line.includes(" error ") && line.includes("/good "))).toBe(false);
  });
});
