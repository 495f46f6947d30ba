/** The oracles run beside recordings that are not in the repository; each must still be able to judge one resource of every dialect. */
import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";

const envoyFilter = `
apiVersion: networking.istio.io/v1alpha3
kind: EnvoyFilter
metadata: { name: limits, namespace: default }
spec:
  configPatches:
  - applyTo: CLUSTER
    match: { context: SIDECAR_OUTBOUND, cluster: { service: shop.default.svc.cluster.local } }
    patch: { operation: MERGE, value: { lb_policy: RANDOM } }
`;
const folder = mkdtempSync(join(tmpdir(), "meshwise-oracle-"));
afterAll(() => rmSync(folder, { recursive: true }));

/** @returns what the program prints of a recording of this one row */
function ask(program: string, row: object): string {
  const recordings = join(folder, "istio");
  mkdirSync(recordings, { recursive: true });
  for (const file of ["validate", "analyze"]) writeFileSync(join(recordings, `${file}.jsonl`), `${JSON.stringify(row)}\n`);
  const env = { ...process.env, MESHWISE_CONFORMANCE: folder, MESHWISE_RECORD: "" };
  return execFileSync(process.execPath, [join(import.meta.dirname, "../oracle", program)], { encoding: "utf8", env });
}

test("verdicts of the webhook and the API server", () => {
  const sound = { valid: true, errors: [] };
  const said = ask("istio-validate.ts", { id: "one", kind: "EnvoyFilter", yaml: envoyFilter, ...sound, crd: sound });
  expect(said).toContain("all: webhook 1/1 (100.0 %), API server 1/1 (100.0 %)");
});

test("findings of the analyzer", () => {
  const said = ask("istio-analyze.ts", { id: "one", files: [{ name: "x.yaml", yaml: envoyFilter }], messages: [] });
  expect(said).toContain("precision");
});
