/** The editor's schema of the Experiment against its reader: neither knows a field that the other does not. */
import { readdirSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { parseResources, type Shape } from "#mesh";
import { completeText, describeField } from "#scenario";
import { experimentShapes } from "../../../src/scenario/experiment/experiment-shape.ts";
import { isExperiment, readExperiment } from "../../../src/scenario/experiment/read-experiment.ts";

const root = experimentShapes["meshwise.dev/v1/Experiment"] as Shape;

/** A document in which this one field stands, whatever its value. */
function documentWith(path: readonly (string | number)[]): string {
  const build = (at: number): unknown => {
    const step = path[at];
    if (step === undefined) return 0;
    return typeof step === "number" ? [build(at + 1)] : { [step]: build(at + 1) };
  };
  return JSON.stringify({ apiVersion: "meshwise.dev/v1", kind: "Experiment", metadata: { name: "x" }, spec: build(0) });
}

function paths(shape: Shape | undefined, path: readonly (string | number)[] = []): (readonly (string | number)[])[] {
  if (!shape || typeof shape === "number") return [];
  const named = Object.entries(shape.properties ?? {}).flatMap(([name, below]) => [
    [...path, name],
    ...paths(below as Shape, [...path, name]),
  ]);
  const values =
    shape.type === "object" && shape.values && path.at(-1) === "perReplica" ? paths(shape.values as Shape, [...path, "0"]) : [];
  return [...named, ...paths(shape.items as Shape | undefined, [...path, 0]), ...values];
}

test("the reader knows every field that is offered", () => {
  const all = paths((root.properties as Record<string, Shape>).spec);
  expect(all.length).toBeGreaterThan(150);
  for (const path of all) {
    const [resource] = parseResources([{ name: "f", text: documentWith(path) }]).resources;
    const unknown = resource && readExperiment(resource).diagnostics.filter(({ code }) => code === "MESH1501");
    expect(unknown, path.join(".")).toEqual([]);
  }
});

test("every field of the site's experiments is described", () => {
  const folder = new URL("../../../content/scenarios/", import.meta.url);
  let seen = 0;
  for (const id of readdirSync(folder)) {
    const text = readFileSync(new URL(`${id}/experiment.yaml`, folder), "utf8");
    for (const resource of parseResources([{ name: "f", text }]).resources.filter(isExperiment)) {
      visit(resource.spec, (root.properties as Record<string, Shape>).spec, [id, "spec"]);
      seen++;
    }
  }
  expect(seen).toBeGreaterThan(20);
});

function visit(value: unknown, shape: Shape | undefined, path: readonly (string | number)[]): void {
  expect(shape, path.join(".")).toBeDefined();
  if (!shape || shape.type === "any") return;
  if (Array.isArray(value)) {
    // Calls: a nested list runs in parallel. Headers: a list of variants.
    for (const [index, item] of value.entries()) {
      if (Array.isArray(item)) visit(item, shape, [...path, index]);
      else if (shape.items) visit(item, shape.items as Shape, [...path, index]);
    }
  } else if (typeof value === "object" && value !== null && (shape.properties || shape.values)) {
    for (const [name, item] of Object.entries(value)) {
      visit(item, (shape.properties?.[name] ?? shape.values) as Shape | undefined, [...path, name]);
    }
  }
}

test("completion and descriptions reach into the Experiment", () => {
  const text = `apiVersion: meshwise.dev/v1
kind: Experiment
metadata: { name: x }
spec:
  workloads:
  - name: payments-v1
    behaviour: { serviceTime: { constant: 1ms } }
  timeline:
  - at: 1s
    fault:
      crash: `;
  const labels = completeText([{ name: "f", text }], "f", text.length)?.options.map(({ label }) => label);
  expect(labels).toEqual(["payments-v1"]);
  expect(describeField([{ name: "f", text }], "f", text.indexOf("fault") + 1)?.path).toEqual(["spec", "timeline", "fault"]);
});
