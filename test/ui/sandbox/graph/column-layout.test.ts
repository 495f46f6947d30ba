import { expect, test } from "vitest";
import type { Topology } from "#scenario";
import { layOutColumn } from "../../../../src/ui/sandbox/graph/column-layout.ts";
import { buildGraph } from "../../../../src/ui/sandbox/graph/graph-model.ts";

function world(edges: readonly [string, string][]): Topology {
  const names = [...new Set(edges.flat())];
  return {
    services: names.map((name) => ({ name, namespace: "n", external: false })),
    workloads: names.map((name) => ({ name, namespace: "n", service: name, labels: {}, replicas: 1, meshed: true })),
    callers: [],
    edges: edges.map(([from, to]) => ({ from, to })),
  };
}

test("however many callers, the column fits a phone at a readable size", () => {
  const callers = Array.from({ length: 9 }, (_, index): [string, string] => [`caller-${index}`, "payments"]);
  const layout = layOutColumn(buildGraph(world(callers), null));
  expect(layout.width).toBeLessThan(300);
  expect(layout.cards.size).toBe(10);
});

test("cards and numbers never overlap, and callers stand above those they call", () => {
  const graph = buildGraph(
    world([
      ["b", "c"],
      ["a", "b"],
      ["a", "c"],
      ["c", "d"],
    ]),
    null,
  );
  const layout = layOutColumn(graph);
  const y = (id: string) => layout.cards.get(`service n/${id}`)!.y;
  expect([y("a"), y("b"), y("c"), y("d")]).toEqual([y("a"), y("b"), y("c"), y("d")].toSorted((one, other) => one - other));
  const spans = [
    ...[...layout.cards.values()].map((box) => [box.y, box.y + box.height]),
    ...[...layout.edges.values()].map((edge) => [edge.label.y - 18, edge.label.y + 18]),
  ].toSorted((one, other) => one[0]! - other[0]!);
  for (let at = 1; at < spans.length; at++) expect(spans[at]![0]).toBeGreaterThanOrEqual(spans[at - 1]![1]!);
  expect(spans.at(-1)![1]).toBeLessThanOrEqual(layout.height);
});

test("a circle of calls is drawn too, every edge within the sheet", () => {
  const layout = layOutColumn(
    buildGraph(
      world([
        ["a", "b"],
        ["b", "a"],
        ["a", "a"],
      ]),
      null,
    ),
  );
  expect(layout.edges.size).toBe(3);
  for (const point of [...layout.edges.values()].flatMap((edge) => edge.points)) {
    expect(point.x).toBeGreaterThanOrEqual(0);
    expect(point.y).toBeLessThanOrEqual(layout.height);
  }
});
