import { expect, test } from "vitest";
import { canFold, collapseCards } from "../../../../src/ui/sandbox/graph/collapse-cards.ts";
import { buildGraph } from "../../../../src/ui/sandbox/graph/graph-model.ts";
import { rowSentence } from "../../../../src/ui/sandbox/graph/graph-words.ts";
import { layOutGraph, messagePath } from "../../../../src/ui/sandbox/graph/layout.ts";
import { createTexts } from "../../../../src/ui/sandbox/texts.tsx";
import { fakeSimulation, topology } from "../fake-simulation.ts";

async function runningGraph() {
  const simulation = fakeSimulation();
  await simulation.ask({ type: "open", plan: {} as never, seed: 1 });
  const frame = { afterFlightId: -1, maxFlights: 0, maxRequests: 0 };
  const answer = await simulation.ask({ type: "advance", untilMs: 2000, budgetMs: 10, frame });
  if (answer.type !== "frame") throw new Error("no frame");
  const replicas = answer.frame.replicas.map((replica) =>
    replica.workload === "payments-v2" ? { ...replica, state: "ejected" as const } : replica,
  );
  return buildGraph(topology, { ...answer.frame, replicas });
}

test("a collapsed service is one row with the worst state and the sums; its edges start there, all else stays", async () => {
  const graph = await runningGraph();
  const whole = graph.cards.find(({ id }) => id === "service shop/payments")!;
  const folded = collapseCards(graph, new Set(["service shop/payments", "service shop/checkout", "caller shop/client"]));
  const payments = folded.cards.find(({ id }) => id === whole.id)!;
  const sum = whole.rows.reduce((total, row) => total + row.requests, 0);
  expect(sum).toBeGreaterThan(0);
  expect(payments.rows).toMatchObject([{ folded: { workloads: 2, replicas: 5 }, state: "ejected", requests: sum }]);
  // One workload with one replica is as small as it gets.
  expect(canFold(graph.cards.find(({ id }) => id === "caller shop/client")!)).toBe(false);
  expect(folded.cards.find(({ id }) => id === "caller shop/client")).toBe(
    graph.cards.find(({ id }) => id === "caller shop/client"),
  );
  const checkout = folded.cards.find(({ id }) => id === "service shop/checkout")!;
  expect(folded.edges[1]?.from.row).toBe(checkout.rows[0]?.id);
  expect(folded.edges[1]?.requests).toBe(graph.edges[1]?.requests);
  expect(collapseCards(graph, new Set())).toBe(graph);
  const sentence = rowSentence(payments.rows[0]!, createTexts("en"));
  expect(sentence).toBe("2 workloads, ejected, 5 replicas, with a sidecar");
});

test("messages to a workload that is folded away end at its card", async () => {
  const folded = collapseCards(await runningGraph(), new Set(["service shop/payments"]));
  const layout = layOutGraph(folded, "right");
  const edge = folded.edges[1]!;
  expect(messagePath(layout, edge.id, edge.to.card, "")).toEqual(layout.edges.get(edge.id)!.points);
  expect(layout.cards.get("service shop/payments")!.rows).toHaveLength(1);
});
