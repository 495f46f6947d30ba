import fc from "fast-check";
import { expect, test } from "vitest";
import type { Topology } from "#scenario";
import { buildGraph } from "../../../../src/ui/sandbox/graph/graph-model.ts";
import { layOutGraph, layoutKey, messagePath, moveCards, sheetMargin } from "../../../../src/ui/sandbox/graph/layout.ts";
import { whileWorking } from "../../../support/speed.ts";
import { topology } from "../fake-simulation.ts";

const graph = buildGraph(topology, null);

const anyTopology = fc.integer({ min: 1, max: 9 }).chain((count) =>
  fc
    .record({
      sizes: fc.array(fc.integer({ min: 1, max: 3 }), { minLength: count, maxLength: count }),
      links: fc.array(fc.tuple(fc.nat({ max: count - 1 }), fc.nat({ max: count - 1 })), { maxLength: 14 }),
    })
    .map(
      ({ sizes, links }): Topology => ({
        services: sizes.map((_, index) => ({ name: `s${index}`, namespace: "n", external: false })),
        workloads: sizes.flatMap((size, index) =>
          Array.from({ length: size }, (_, version) => ({
            name: `s${index}-v${version}`,
            namespace: "n",
            service: `s${index}`,
            labels: {},
            replicas: 1,
            meshed: true,
          })),
        ),
        callers: [],
        edges: links.map(([from, to]) => ({ from: `s${from}-v0`, to: `s${to}` })),
      }),
    ),
);

test("cards never overlap, whatever the topology and direction", () => {
  fc.assert(
    fc.property(anyTopology, fc.constantFrom("right" as const, "down" as const), (world, direction) => {
      const boxes = [...layOutGraph(buildGraph(world, null), direction).cards.values()];
      for (const a of boxes) {
        for (const b of boxes) {
          if (a === b) continue;
          const apart = a.x + a.width <= b.x || b.x + b.width <= a.x || a.y + a.height <= b.y || b.y + b.height <= a.y;
          expect(apart).toBe(true);
        }
      }
    }),
    { numRuns: whileWorking(15, 60) },
  );
});

test("the same shape gives the same picture: numbers do not move a card", () => {
  const again = buildGraph(topology, null);
  expect(layoutKey(again, "right")).toBe(layoutKey(graph, "right"));
  expect(layOutGraph(again, "right")).toEqual(layOutGraph(graph, "right"));
});

test("callers stand before callees in the direction of reading", () => {
  const right = layOutGraph(graph, "right");
  const down = layOutGraph(graph, "down");
  const order = ["caller shop/client", "service shop/checkout", "service shop/payments"];
  expect(order.map((id) => right.cards.get(id)!.x)).toEqual(order.map((id) => right.cards.get(id)!.x).toSorted((a, b) => a - b));
  expect(order.map((id) => down.cards.get(id)!.y)).toEqual(order.map((id) => down.cards.get(id)!.y).toSorted((a, b) => a - b));
});

test("a message travels from the caller's card to the row it reached", () => {
  const layout = layOutGraph(graph, "right");
  const edge = graph.edges[1]!;
  const path = messagePath(layout, edge.id, edge.to.card, "shop/payments-v2");
  const from = layout.cards.get("service shop/checkout")!;
  const row = layout.cards.get("service shop/payments")!.rows[1]!;
  expect(path[0]?.x).toBe(from.x + from.width);
  const end = path.at(-1)!;
  expect(end.y).toBeGreaterThanOrEqual(row.y);
  expect(end.y).toBeLessThanOrEqual(row.y + row.height);
});

test("a card moved by hand takes its rows and edges with it; the others stay, and none leaves the sheet", () => {
  for (const direction of ["right", "down"] as const) {
    const made = layOutGraph(graph, direction);
    const [id, other] = ["service shop/payments", "caller shop/client"] as const;
    const moved = moveCards(graph, made, new Map([[id, { x: 40, y: 3000 }]]));
    const [before, after] = [made.cards.get(id)!, moved.cards.get(id)!];
    expect([after.x - before.x, after.y - before.y]).toEqual([40, 3000]);
    expect(after.rows.map((row) => row.y - after.y)).toEqual(before.rows.map((row) => row.y - before.y));
    expect(moved.cards.get(other)).toBe(made.cards.get(other));
    expect(moved.height).toBeGreaterThanOrEqual(after.y + after.height);
    const [still, follows] = graph.edges;
    expect(moved.edges.get(still!.id)).toBe(made.edges.get(still!.id));
    const path = moved.edges.get(follows!.id)!;
    expect(path.points[0]).toEqual(made.edges.get(follows!.id)!.points[0]);
    expect(path.points.at(-1)!.y).toBeGreaterThanOrEqual(after.y);
    expect(path.points.at(-1)!.y).toBeLessThanOrEqual(after.y + after.height);
    const cut = moveCards(graph, made, new Map([[id, { x: -9000, y: -9000 }]])).cards.get(id)!;
    expect([cut.x, cut.y]).toEqual([sheetMargin, sheetMargin]);
    expect(moveCards(graph, made, new Map())).toBe(made);
  }
});
