import { expect, test } from "vitest";
import { worldText, writtenSeed } from "../../../../src/ui/sandbox/run/documents.ts";

const route = (weight: number) => `kind: VirtualService\nspec:\n  weight: ${weight}\n`;
const service = "kind: Service\nmetadata: { name: a }\n";
const experiment = (seed: string) => `kind: Experiment\nspec:\n  ${seed}\n  duration: 5s\n`;
const files = (text: string) => [{ name: "mesh.yaml", text }];

test("a changed route leaves the world as it is, a changed experiment does not", () => {
  const before = worldText(files(`${route(5)}---\n${experiment("seed: 1")}`));
  expect(worldText(files(`${route(50)}---\n${experiment("seed: 1")}`))).toBe(before);
  expect(worldText(files(`${route(5)}---\n${experiment("seed: 2")}`))).not.toBe(before);
});

test("without an experiment the services make the world", () => {
  const before = worldText(files(`${route(5)}---\n${service}`));
  expect(worldText(files(`${route(9)}---\n${service}`))).toBe(before);
  expect(worldText(files(`${route(5)}---\n${service}---\n${service}`))).not.toBe(before);
});

test("a changed pod starts again also beside an experiment; a changed Service does not", () => {
  const deployment = (label: string) => `kind: Deployment\nmetadata: { labels: { a: ${label} } }\n`;
  const before = worldText(files(`${deployment("x")}---\n${experiment("seed: 1")}`));
  expect(worldText(files(`${deployment("y")}---\n${experiment("seed: 1")}`))).not.toBe(before);
  expect(worldText(files(`${deployment("x")}---\n${service}---\n${experiment("seed: 1")}`))).toBe(before);
});

test("the seed is read from the experiment only", () => {
  expect(writtenSeed(files(experiment("seed: 42")))).toBe(42);
  expect(writtenSeed(files(experiment("seed: 7 # lucky")))).toBe(7);
  expect(writtenSeed(files("kind: ConfigMap\ndata:\n  seed: 3\n"))).toBeUndefined();
});
