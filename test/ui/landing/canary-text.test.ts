import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { parseAllDocuments } from "yaml";
import { asOneFile, canaryFiles, withCanaryWeight } from "../../../src/ui/landing/canary-text.ts";

const read = (name: string) => readFileSync(new URL(`../../../src/ui/landing/${name}`, import.meta.url), "utf8");
const texts = { canary: read("canary.yaml"), world: read("world.yaml"), strict: read("strict.yaml") };

test("the control changes the two weights and nothing else", () => {
  const changed = withCanaryWeight(texts.canary, 50);
  const differing = changed.split("\n").filter((line, index) => line !== texts.canary.split("\n")[index]);
  expect(differing.map((line) => line.trim())).toEqual(["weight: 50", "weight: 50"]);
  expect(withCanaryWeight(changed, 5)).toBe(texts.canary);
});

test("the shown YAML is short enough to be read at a glance", () => {
  expect(texts.canary.trimEnd().split("\n").length).toBeLessThanOrEqual(15);
});

test("STRICT is one document more; taking it away restores the files", () => {
  const plain = canaryFiles(texts, { percent: 5, strict: false });
  const strict = canaryFiles(texts, { percent: 5, strict: true });
  expect(strict.slice(0, plain.length)).toEqual(plain);
  expect(strict.at(-1)?.text).toContain("mode: STRICT");
});

test("as one file all documents are still there", () => {
  const files = canaryFiles(texts, { percent: 5, strict: true });
  const kinds = parseAllDocuments(asOneFile(files).text).map((document) => document.get("kind"));
  expect(kinds).toEqual(["VirtualService", "Service", "Service", "DestinationRule", "Experiment", "PeerAuthentication"]);
});
