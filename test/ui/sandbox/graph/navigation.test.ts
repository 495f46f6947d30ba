import { expect, test } from "vitest";
import { buildGraph } from "../../../../src/ui/sandbox/graph/graph-model.ts";
import { layOutGraph } from "../../../../src/ui/sandbox/graph/layout.ts";
import { type GraphFocus, type GraphKey, moveFocus, readingOrder } from "../../../../src/ui/sandbox/graph/navigation.ts";
import { topology } from "../fake-simulation.ts";

const graph = buildGraph(topology, null);
const layout = layOutGraph(graph, "right");

function walk(from: GraphFocus, ...keys: GraphKey[]): GraphFocus {
  return keys.reduce((focus, key) => moveFocus(graph, layout, focus, key), from);
}

const client: GraphFocus = { type: "card", id: "caller shop/client" };

test("right arrows lead from the caller along the edges to the last service", () => {
  expect(walk(client, "ArrowRight").type).toBe("edge");
  expect(walk(client, "ArrowRight", "ArrowRight")).toEqual({ type: "card", id: "service shop/checkout" });
  expect(walk(client, "ArrowRight", "ArrowRight", "ArrowRight", "ArrowRight")).toEqual({
    type: "card",
    id: "service shop/payments",
  });
});

test("left arrows lead back to the row that made the call", () => {
  const payments: GraphFocus = { type: "card", id: "service shop/payments" };
  expect(walk(payments, "ArrowLeft", "ArrowLeft")).toEqual({ type: "row", id: "shop/checkout", card: "service shop/checkout" });
});

test("where there is nowhere to go the focus stays", () => {
  const payments: GraphFocus = { type: "card", id: "service shop/payments" };
  expect(walk(payments, "ArrowRight")).toEqual(payments);
  expect(walk(client, "ArrowLeft")).toEqual(client);
});

test("down arrows reach every card and row; Home and End the first and last stop", () => {
  let focus = walk(client, "Home");
  const seen = [focus];
  for (let step = 0; step < 20; step++) {
    const next = walk(focus, "ArrowDown");
    if (next === focus) break;
    seen.push(next);
    focus = next;
  }
  const nodes = readingOrder(graph, layout).filter((stop) => stop.type !== "edge");
  expect(seen).toEqual(nodes);
  expect(nodes).toHaveLength(3 + 4);
  expect(walk(client, "End")).toEqual(readingOrder(graph, layout).at(-1));
});
