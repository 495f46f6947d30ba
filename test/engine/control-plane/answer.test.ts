/** What a proxy takes of a response with something wrong in it, as it was seen at the real Envoy over ADS. */
import { expect, test } from "vitest";
import type { Listener, ProxyNode } from "#engine";
import { answerTo } from "../../../src/engine/control-plane/answer.ts";
import { bootstrap, cluster, endpoint, forward, lb, route } from "../support/build.ts";

const names = ["a", "b", "c", "d", "e"];

/** Of every type one resource a name; the version is in each of them. */
function node(version: number, wanted: readonly string[] = names): ProxyNode {
  const [plain] = bootstrap({ routes: [], clusters: [], endpoints: {} }).nodes as [ProxyNode];
  const [listener] = plain.listeners as [Listener];
  return {
    ...plain,
    listeners: wanted.map((name) => ({ ...listener, name, port: version })),
    clusters: wanted.map((name) => cluster(name, { connectTimeoutMs: version })),
    routes: wanted.map((name) => ({
      name,
      virtualHosts: [{ name: "v", domains: ["*"], routes: [route("/", forward(name, { timeoutMs: version }))] }],
    })),
    endpoints: wanted.map((cluster) => ({
      cluster,
      localities: [{ locality: "", priority: 0, weight: version, endpoints: [endpoint("10.0.0.1:80")] }],
    })),
  };
}

/** By name: the version that a resource of the answer has. */
function versions(part: ReturnType<typeof answerTo>["part"]): Record<string, number> {
  return Object.fromEntries(
    [...part].map((one) => {
      if ("cluster" in one) return [one.cluster, one.localities[0]?.weight ?? 0];
      if ("connectTimeoutMs" in one) return [one.name, one.connectTimeoutMs];
      if ("port" in one) return [one.name, one.port];
      const action = one.virtualHosts[0]?.routes[0]?.action;
      return [one.name, action?.type === "forward" ? action.timeoutMs : 0];
    }),
  );
}

const first = () => 0;
const swap = <Item extends { name: string }>(items: readonly Item[], name: string, over: Partial<Item>): Item[] =>
  items.map((one) => (one.name === name ? { ...one, ...over } : one));
const subset = { subsets: { selectors: [{ keys: ["x"], fallback: "KEYS_SUBSET", fallbackKeys: [] }] } } as never;

test("of clusters the sound ones are taken and the others named; a refused new one is not there", () => {
  const own = node(1, ["a", "b", "c"]);
  const sent = node(2, ["a", "b", "d", "e"]);
  const broken = { lb: lb(subset) };
  const clusters = swap(swap(sent.clusters, "b", broken), "d", broken);
  const { part, reason } = answerTo("CDS", { ...sent, clusters }, own, first);
  // "c" is not sent any more.
  expect(versions(part)).toEqual({ a: 2, b: 1, e: 2 });
  expect(reason).toBe(
    "Error adding/updating cluster(s) b: fallback_keys_subset cannot be empty, d: fallback_keys_subset cannot be empty",
  );
});

test("a number outside of its field's range is seen at reading: nothing of the response is taken", () => {
  const own = node(1);
  const sent = node(2);
  const { part, reason } = answerTo("CDS", { ...sent, clusters: swap(sent.clusters, "b", { connectTimeoutMs: 0 }) }, own, first);
  expect(part).toBe(own.clusters);
  expect(reason).toBe("Proto constraint validation failed (b: connect_timeout: value must be greater than 0s)");
});

test("of listeners the sound ones are taken: what stands in a filter is asked when its listener is made", () => {
  const own = node(1);
  const sent = node(2);
  const tokenBucket = { maxTokens: 1, tokensPerFill: 0, fillIntervalMs: 1000 };
  const limit = { name: "localRateLimit", config: { tokenBucket } } as never;
  const filterChains = bootstrap({ routes: [], clusters: [], endpoints: {}, filters: [limit] }).nodes[0]?.listeners[0]
    ?.filterChains;
  const { part, reason } = answerTo(
    "LDS",
    { ...sent, listeners: swap(sent.listeners, "c", { filterChains: filterChains ?? [] }) },
    own,
    first,
  );
  expect(versions(part)).toEqual({ a: 2, b: 2, c: 1, d: 2, e: 2 });
  expect(reason).toMatch(/^Error adding\/updating listener\(s\) c: token_bucket.tokens_per_fill/);
});

test("of route tables and endpoints those that come before the refused one are taken; which, is drawn", () => {
  const own = node(1);
  const sent = node(2);
  const virtualHosts = [{ name: "v", domains: ["*"], routes: [route("/", forward("c", { weighted: true, clusters: [] }))] }];
  const routes = swap(sent.routes, "c", { virtualHosts });
  const taken = new Set<number>();
  const seen = new Set<string>();
  let drawn = 7;
  for (let turn = 0; turn < 200; turn++) {
    const { part, reason } = answerTo("RDS", { ...sent, routes }, own, (n) => {
      drawn = (drawn * 1_103_515_245 + 12_345) % 2 ** 31;
      return Math.floor((drawn / 2 ** 31) * n);
    });
    expect(reason).toBe("c: Sum of weights in the weighted_cluster must be greater than 0.");
    const found = versions(part);
    expect(found.c).toBe(1);
    seen.add(JSON.stringify(found));
    taken.add(Object.values(found).filter((version) => version === 2).length);
  }
  expect([...taken].sort()).toEqual([0, 1, 2, 3, 4]);
  // Every choice among the four sound ones.
  expect(seen.size).toBe(16);
  const weightless = sent.endpoints.map((one) =>
    one.cluster === "c"
      ? { ...one, localities: [{ ...one.localities[0]!, endpoints: [endpoint("10.0.0.1:80", { weight: 0 })] }] }
      : one,
  );
  expect(answerTo("EDS", { ...sent, endpoints: weightless }, own, first).part).toBe(own.endpoints);
});

test("what is sound is taken whole, as it was sent", () => {
  const sent = node(2);
  for (const [type, part] of [
    ["CDS", sent.clusters],
    ["EDS", sent.endpoints],
    ["LDS", sent.listeners],
    ["RDS", sent.routes],
  ] as const)
    expect(answerTo(type, sent, node(1), first)).toEqual({ part, reason: "" });
});

test("of clusters that were sent before and have not changed nothing is said, and the proxy keeps its own", () => {
  const own = node(1);
  const broken = { lb: lb(subset) };
  const before = { ...node(2), clusters: swap(node(2).clusters, "b", broken) };
  const source = { kind: "DestinationRule", name: "x", namespace: "d", path: "spec", file: "f", line: 3, column: 1 };
  const clusters = swap(swap(before.clusters, "b", { source }), "c", { connectTimeoutMs: 3 });
  const { part, reason } = answerTo("CDS", { ...before, clusters }, own, first, before);
  expect([versions(part), reason]).toEqual([{ a: 1, b: 1, c: 3, d: 1, e: 1 }, ""]);
  const again = answerTo("CDS", { ...before, clusters: swap(clusters, "b", { connectTimeoutMs: 9 }) }, own, first, before);
  expect([versions(again.part), again.reason]).toEqual([
    { a: 1, b: 1, c: 3, d: 1, e: 1 },
    expect.stringContaining("b: fallback_keys_subset cannot be empty"),
  ]);
  // Whoever took everything has nothing to keep.
  expect(answerTo("CDS", node(3), before, first, before).part).toEqual(node(3).clusters);
});
