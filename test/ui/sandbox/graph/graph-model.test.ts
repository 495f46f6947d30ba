import { expect, test } from "vitest";
import type { Frame, Topology } from "#scenario";
import { buildGraph } from "../../../../src/ui/sandbox/graph/graph-model.ts";
import { createRateWindow } from "../../../../src/ui/sandbox/run/rate-window.ts";
import { fakePlan, fakeSimulation, topology } from "../fake-simulation.ts";

async function frameAt(untilMs: number): Promise<Frame> {
  const link = fakeSimulation();
  await link.ask({ type: "open", plan: fakePlan, seed: 1 });
  const frame = { afterFlightId: -1, maxFlights: 0, maxRequests: 0 };
  const response = await link.ask({ type: "advance", untilMs, budgetMs: 1, frame });
  if (response.type !== "frame") throw new Error(response.type);
  return response.frame;
}

test("services are cards with their workloads as rows; a caller without a service is a card of its own", () => {
  const { cards } = buildGraph(topology, null);
  expect(cards.map((card) => [card.kind, card.title, card.rows.map((row) => row.name)])).toEqual([
    ["service", "checkout", ["checkout"]],
    ["service", "payments", ["payments-v1", "payments-v2"]],
    ["caller", "client", ["client"]],
  ]);
});

test("a caller from outside the mesh is a card without rows", () => {
  const outside: Topology = {
    ...topology,
    callers: [{ name: "internet", namespace: "", traffic: ["a"] }],
    edges: [{ from: "internet", to: "checkout" }],
  };
  const graph = buildGraph(outside, null);
  expect(graph.cards.find((card) => card.title === "internet")).toMatchObject({ kind: "caller", rows: [], external: true });
  expect(graph.edges[0]?.from).toMatchObject({ name: "internet", row: "" });
});

test("shares are of the service's arrivals, plaintext of the workload's own", async () => {
  const graph = buildGraph(topology, await frameAt(2000));
  const rows = graph.cards.flatMap((card) => card.rows);
  const row = (name: string) => rows.find((item) => item.name === name);
  // 200 requests, every 20th of them to v2.
  expect(row("payments-v1")).toMatchObject({ requests: 190, share: 0.95, plaintextShare: 0 });
  expect(row("payments-v2")).toMatchObject({ requests: 10, share: 0.05 });
  expect(row("checkout")?.plaintextShare).toBe(1);
  expect(row("client")?.share).toBeNull();
});

test("after a change of configuration the shares in the picture count from there, those of the tables from the start", async () => {
  const frame = await frameAt(2000);
  const arrivals = (frame.arrivals ?? []).map((row) =>
    row.workload.startsWith("payments-") ? { ...row, requests: row.requests + 30 } : row,
  );
  const { cards } = buildGraph(topology, { ...frame, arrivals }, undefined, frame);
  const rows = cards.find((card) => card.title === "payments")?.rows;
  expect(rows?.map((row) => [row.share, row.shareNow, row.changed])).toEqual([
    [220 / 260, 0.5, true],
    [40 / 260, 0.5, true],
  ]);
  const untouched = buildGraph(topology, frame, undefined, frame).cards.flatMap((card) => card.rows);
  expect(untouched.every((row) => row.shareNow === null)).toBe(true);
});

test("an edge adds up its traffic entries; percentiles become an upper bound", async () => {
  const frame = await frameAt(1000);
  const slow = { ...frame.edges[0]!, traffic: 1, latency: { ...frame.edges[0]!.latency, p99: 80 } };
  const graph = buildGraph(topology, { ...frame, edges: [...frame.edges, slow] });
  const edge = graph.edges.find((item) => item.to.name === "checkout");
  expect(edge).toMatchObject({ requests: 200, errors: 10, latency: { p99: 80, upperBound: true } });
  const single = buildGraph(topology, frame).edges.find((item) => item.to.name === "checkout");
  expect(single?.latency).toMatchObject({ p99: 36, upperBound: false });
});

test("security comes from what reached a server lately: plaintext, mTLS, both, or refused", async () => {
  const frame = await frameAt(1000);
  expect(buildGraph(topology, frame).edges.map((edge) => edge.security)).toEqual(["plaintext", "mutualTls"]);

  const window = createRateWindow();
  window.push(frame);
  const refused = {
    ...frame,
    nowMs: 2500,
    edges: frame.edges.map((row) => (row.firstHop ? { ...row, requests: row.requests + 150 } : row)),
  };
  window.push(refused);
  const later = buildGraph(topology, refused, window.recent());
  expect(later.edges[0]?.security).toBe("refused");

  const silent = {
    ...refused,
    edges: refused.edges.map((row) =>
      row.firstHop ? { ...row, statuses: { ...row.statuses, "0": 150 }, security: { mutual_tls: 0, none: row.requests } } : row,
    ),
  };
  const other = createRateWindow();
  other.push(frame);
  other.push(silent);
  expect(buildGraph(topology, silent, other.recent()).edges[0]?.security).toBe("refused");
});

test("a workload shows the worst of its replicas", async () => {
  const frame = await frameAt(1000);
  const replicas = frame.replicas.map((replica) =>
    replica.workload === "payments-v1" && replica.replica === 2 ? { ...replica, state: "ejected" as const } : replica,
  );
  const graph = buildGraph(topology, { ...frame, replicas });
  expect(graph.cards.flatMap((card) => card.rows).find((row) => row.name === "payments-v1")?.state).toBe("ejected");
});
