/** Control plane and CA beside the graph, and namespaces folded to one card. */
import { expect, test } from "vitest";
import type { ControlFrame } from "#scenario";
import type { RunningFault } from "../../../../src/ui/sandbox/faults/running-faults.ts";
import { collapseCards } from "../../../../src/ui/sandbox/graph/collapse-cards.ts";
import { canFoldNamespace, namespaceId } from "../../../../src/ui/sandbox/graph/collapse-namespaces.ts";
import { controlLine, layOutControl } from "../../../../src/ui/sandbox/graph/control-band.ts";
import { buildControl, concernsControl, linksTo } from "../../../../src/ui/sandbox/graph/control-model.ts";
import { controlSentence, linkBadge } from "../../../../src/ui/sandbox/graph/control-words.ts";
import { buildGraph, type GraphEdge } from "../../../../src/ui/sandbox/graph/graph-model.ts";
import { layOutGraph } from "../../../../src/ui/sandbox/graph/layout.ts";
import { moveFocus, readingOrder } from "../../../../src/ui/sandbox/graph/navigation.ts";
import { createTexts } from "../../../../src/ui/sandbox/texts.tsx";
import { topology } from "../fake-simulation.ts";

const graph = buildGraph(
  { ...topology, workloads: topology.workloads.map((one) => ({ ...one, meshed: one.name !== "client" })) },
  null,
);
const proxy = (node: string, replica: number, acked: number, state: "SYNCED" | "STALE" | "NACK" = "SYNCED") => {
  const versions = { CDS: acked, EDS: acked, LDS: acked, RDS: acked };
  return { node: `${node}.shop`, replica, sent: 3, acked, versions, state, rejected: state === "NACK" ? "RDS: no" : "" };
};
const frame: ControlFrame = {
  controlPlaneUp: true,
  authorityUp: true,
  version: 3,
  proxies: [
    proxy("checkout", 0, 3),
    proxy("payments-v1", 0, 3),
    proxy("payments-v1", 1, 2, "STALE"),
    proxy("payments-v2", 0, 1, "NACK"),
  ],
  expired: [],
  marks: [],
  dropped: 0,
};
const fault = (kind: RunningFault["kind"]) => ({
  kind,
  id: kind,
  place: "",
  replica: null,
  strength: "",
  sinceMs: 0,
  end: null,
  written: null,
});

test("a card has the oldest version of its proxies and the worst answer; cards without a sidecar have no link", () => {
  const part = buildControl(graph, frame, []);
  expect(part.links).toEqual([
    { card: "service shop/checkout", version: 3, config: "current", certificates: "valid" },
    { card: "service shop/payments", version: 1, config: "refused", certificates: "valid" },
  ]);
  const texts = createTexts("en");
  expect(part.links.map((link) => linkBadge(link, part.version, texts))).toEqual(["v3", "v1 < v3 ✕"]);
  expect(part.nodes.map((node) => controlSentence(node, part, texts))).toEqual([
    "istiod, late, v3, 1 proxy behind, NACK of 1 proxy",
    "CA, answers",
  ]);
});

test("each state of both nodes has its own word in both languages", () => {
  const states = [
    buildControl(graph, { ...frame, proxies: [] }, []),
    buildControl(graph, { ...frame, proxies: [] }, [fault("pushDelay")]),
    buildControl(graph, { ...frame, controlPlaneUp: false, authorityUp: false, expired: [""] }, []),
    buildControl(graph, { ...frame, proxies: [], expired: ["shop/checkout"] }, []),
  ];
  expect(states.map(({ nodes }) => nodes.map(({ state }) => state))).toEqual([
    ["healthy", "healthy"],
    ["late", "healthy"],
    ["out", "out"],
    ["healthy", "late"],
  ]);
  for (const language of ["en", "ru"] as const) {
    const texts = createTexts(language);
    const said = states.flatMap((part) => part.nodes.map((node) => controlSentence(node, part, texts)));
    expect(said.join()).not.toMatch(/control\./);
    expect(said.at(-1)).toContain("checkout");
    expect(linkBadge(states[3]!.links[0]!, 3, texts)).toContain(texts.t("sandbox:control.certExpired"));
  }
  expect(concernsControl([fault("caDown")])).toBe(true);
  expect(concernsControl([fault("crash")])).toBe(false);
});

test("the band moves no card, holds both nodes, and its lines end at the feet of the cards", () => {
  for (const direction of ["right", "down"] as const) {
    const layout = layOutGraph(graph, direction);
    const band = layOutControl(layout);
    expect(band.nodes.size).toBe(2);
    for (const { x, y, width, height } of band.nodes.values()) {
      expect(y).toBeGreaterThan(layout.height);
      expect(y + height).toBeLessThan(band.height);
      expect(x).toBeGreaterThanOrEqual(0);
      expect(x + width).toBeLessThanOrEqual(Math.max(layout.width, width));
    }
    const box = layout.cards.get("service shop/payments")!;
    const end = controlLine(band, "authority", box).split(" ").slice(-2).map(Number);
    expect(end[1]).toBe(box.y + box.height);
    expect(end[0]).toBeGreaterThan(box.x);
    expect(end[0]).toBeLessThan(box.x + box.width);
  }
});

test("keys walk to both nodes and from there to the card that is behind", () => {
  const shown = { ...graph, control: buildControl(graph, frame, []) };
  const layout = layOutGraph(shown, "right");
  const stops = readingOrder(shown, layout);
  expect(stops.slice(-2)).toEqual([
    { type: "control", id: "controlPlane" },
    { type: "control", id: "authority" },
  ]);
  expect(moveFocus(shown, layout, stops.at(-1)!, "ArrowRight")).toEqual({ type: "card", id: "service shop/payments" });
  expect(moveFocus(shown, layout, stops.at(-1)!, "ArrowUp")).toEqual(stops.at(-2));
  expect(readingOrder(graph, layout).some(({ type }) => type === "control")).toBe(false);
});

test("a collapsed namespace is one card: calls within it vanish, calls across its border are one edge, links go to it", () => {
  const outside = {
    ...topology,
    services: [...topology.services, { name: "bank", namespace: "other", external: false }],
    callers: [...topology.callers, { name: "internet", namespace: "", traffic: ["a"] }],
    edges: [
      ...topology.edges,
      { from: "internet", to: "checkout" },
      { from: "payments-v1", to: "bank" },
      { from: "payments-v2", to: "bank" },
    ],
  };
  const whole = buildGraph(outside, null);
  const edge = (one: GraphEdge, requests: number): GraphEdge => ({
    ...one,
    requests,
    errors: 1,
    perSecond: requests / 10,
    recentErrorShare: requests / 1000,
    latency: { p50: requests, p95: requests, p99: requests, upperBound: false },
    security: requests > 150 ? "mutualTls" : "plaintext",
  });
  const counted = { ...whole, edges: whole.edges.map((one, n) => edge(one, 100 * (n + 1))) };
  expect(canFoldNamespace(counted, "shop")).toBe(true);
  expect(canFoldNamespace(counted, "other")).toBe(false);
  const folded = collapseCards(counted, new Set([namespaceId("shop"), namespaceId("other")]));
  expect(folded.cards.map(({ id }) => id)).toEqual(["namespace shop", "service other/bank", "caller /internet"]);
  expect(folded.cards[0]).toMatchObject({ title: "shop", kind: "namespace", rows: [{ folded: { workloads: 4 } }] });
  const toBank = counted.edges.filter(({ to }) => to.name === "bank");
  const sum = toBank.reduce((total, one) => total + one.requests, 0);
  expect(folded.edges).toHaveLength(2);
  const merged = folded.edges.find(({ to }) => to.name === "bank");
  expect(merged).toMatchObject({
    from: { name: "shop", card: "namespace shop" },
    requests: sum,
    errors: 2,
    security: "mutualTls",
  });
  expect(merged?.covers).toEqual([
    { from: "payments-v1", to: "bank" },
    { from: "payments-v2", to: "bank" },
  ]);
  expect(merged?.latency).toMatchObject({ p99: Math.max(...toBank.map(({ requests }) => requests)), upperBound: true });
  const shares = toBank.reduce((total, one) => total + (one.recentErrorShare ?? 0) * (one.perSecond ?? 0), 0);
  expect(merged?.recentErrorShare).toBeCloseTo(shares / (sum / 10), 12);
  const { links } = buildControl(counted, frame, []);
  expect(linksTo(folded, links)).toMatchObject([{ card: "namespace shop", config: "refused", version: 1 }]);
  expect(layOutGraph(folded, "right").edges.size).toBe(2);
});
