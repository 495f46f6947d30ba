import { describe, expect, test } from "vitest";
import type { EdgeStats, MeshConfig } from "#engine";
import { parseResources } from "#mesh";
import { dialledHosts } from "../../../src/scenario/build/outside-hosts.ts";
import { planTraffic } from "../../../src/scenario/build/traffic.ts";
import { planWorkloads } from "../../../src/scenario/build/workloads.ts";
import { readExperiment } from "../../../src/scenario/experiment/read-experiment.ts";
import { evaluateGoal, planGoal } from "../../../src/scenario/goal/goal.ts";
import { type FakeRows, fakeTelemetry, latency } from "./fake-telemetry.ts";

const experimentHead = `
apiVersion: meshwise.dev/v1
kind: Experiment
metadata: { name: x }
spec:
  duration: 10s
  workloads:
  - { name: client, namespace: shop }
  - { name: web, namespace: shop }
  - { name: payments-v1, namespace: shop, service: payments, replicas: 2 }
  - { name: payments-v2, namespace: shop, service: payments }
  - { name: payments-v1, namespace: test, service: payments }
  traffic:
  - { name: a, from: client, to: "http://payments.shop:8080/", rate: 1/s }
  - { name: b, from: client, to: "http://payments.shop:8080/", rate: 1/s }
  expect:
`;

/** Its traffic entry comes behind those of the experiment and of a probe that is asked about. */
const probe = '  - { probe: { from: client, request: "GET http://payments.shop:8080/", status: 200 } }\n';

/** Asks one line of `expect` of the rows; documents beside the experiment are the learner's. */
function ask(line: string, rows: FakeRows, documents = "", nowMs = 10_000) {
  const { resources } = parseResources([{ name: "", text: `${experimentHead}  - ${line}\n${probe}---\n${documents}` }]);
  const [document, ...others] = resources;
  if (!document) throw new Error("the test's own YAML does not parse");
  const { experiment, diagnostics } = readExperiment(document);
  const reading = { resource: document, diagnostics };
  const workloads = planWorkloads(experiment.workloads, others, true);
  const mesh: MeshConfig = {
    nodes: [],
    services: [service("payments", "shop"), service("ledger", "shop"), service("ledger", "test")],
  };
  const { durationMs } = experiment;
  const planned = planTraffic(experiment, { workloads, mesh, tokens: new Map(), durationMs, reading });
  const plan = planGoal(experiment, workloads, others, planned, { mesh, dialled: dialledHosts(experiment, workloads) }, reading);
  const goal = evaluateGoal(plan, { telemetry: fakeTelemetry(rows), nowMs, finished: nowMs >= 10_000, documents: others });
  return {
    value: goal.checks[0]?.value,
    passed: goal.checks[0]?.passed,
    codes: diagnostics.map((one) => one.code),
    check: goal.checks[0],
  };
}

function service(name: string, namespace: string): MeshConfig["services"][number] {
  const hostnames = [`${name}.${namespace}.svc.cluster.local`];
  return { name, namespace, hostnames, address: "", ports: [], endpoints: [], external: false };
}

const arrivals = [
  { workload: "payments-v1", replica: 0, requests: 30, plaintext: 6 },
  { workload: "payments-v1", replica: 1, requests: 45, denied: 5, traffic: 1 },
  { workload: "payments-v2", replica: 0, requests: 25, shadows: 7 },
  { workload: "payments-v1", namespace: "test", requests: 1000 },
  // A probe's arrival: entries beyond the experiment's are never counted.
  { workload: "payments-v2", requests: 500, denied: 9, traffic: 2 },
];

describe("metrics of the application's side", () => {
  test.each([
    ["{ metric: share, of: payments-v2, equals: 0.25 }", 0.25],
    ["{ metric: share, of: shop/payments-v1, equals: 0.75 }", 0.75],
    ["{ metric: share, of: shop/payments-v1, replica: 1, equals: 0.45 }", 0.45],
    ["{ metric: share, of: shop/payments-v1, traffic: a, equals: 0.5454545 }", 30 / 55],
    ["{ metric: requests, of: shop/payments, equals: 100 }", 100],
    ["{ metric: requests, of: payments-v2, traffic: b, equals: 0 }", 0],
    ["{ metric: rps, of: payments-v2, equals: 2.5 }", 2.5],
    ["{ metric: replicasUsed, of: shop/payments, equals: 3 }", 3],
    ["{ metric: deniedCount, of: shop/payments, equals: 5 }", 5],
    ["{ metric: shadowRequests, of: payments-v2, equals: 7 }", 7],
    ["{ metric: plaintextShare, of: shop/payments-v1, equals: 0.08 }", 6 / 75],
  ])("%s", (line, value) => {
    expect(ask(line, { arrivals }).value).toBeCloseTo(value, 12);
  });

  test("a bare name that two namespaces have is ambiguous, an unknown one is refused", () => {
    expect(ask("{ metric: requests, of: payments-v1, equals: 0 }", {}).codes).toEqual(["MESH1517"]);
    expect(ask("{ metric: requests, of: payments, equals: 0 }", {}).codes).toEqual(["MESH1517"]);
    expect(ask("{ metric: requests, of: payment, equals: 0 }", {}).codes).toEqual(["MESH1507"]);
    expect(ask("{ metric: requests, traffic: c, equals: 0 }", {}).codes).toEqual(["MESH1507"]);
  });

  test("a share of nothing passes no bound", () => {
    expect(ask("{ metric: share, of: payments-v2, between: [0, 1] }", {})).toMatchObject({ value: null, passed: false });
  });
});

const web = { name: "web", namespace: "shop" };
const ledger = { name: "ledger", namespace: "shop" };
const edges: readonly Partial<EdgeStats>[] = [
  { traffic: 0, requests: 100, ok: 90, attempts: 130, statuses: { 200: 85, 404: 5, 503: 8, 0: 2 }, flags: { URX: 6, UF: 4 } },
  {
    traffic: 1,
    requests: 50,
    ok: 50,
    attempts: 50,
    statuses: { 200: 50 },
    latency: latency(50, 20),
    security: { mutual_tls: 30, none: 20 },
  },
  {
    traffic: 0,
    firstHop: false,
    from: web,
    to: ledger,
    requests: 200,
    ok: 200,
    attempts: 200,
    statuses: { 200: 200 },
    flags: { URX: 1 },
  },
  { traffic: 2, requests: 7, ok: 0, statuses: { 503: 7 }, flags: { URX: 7 } },
];

describe("metrics of the caller's side", () => {
  test.each([
    // 404 is no error; 503 and 0 are.
    ["{ metric: errorRate, traffic: a, equals: 0 }", 0.1],
    ["{ metric: errorRate, from: client, to: payments, equals: 0 }", 10 / 150],
    ["{ metric: errorRate, to: payments.shop.svc.cluster.local, equals: 0 }", 10 / 150],
    ["{ metric: errorRate, from: web, equals: 0 }", 0],
    ["{ metric: statusCount, traffic: a, status: 404, equals: 5 }", 5],
    ["{ metric: statusCount, traffic: a, status: 0, equals: 2 }", 2],
    ["{ metric: flagCount, flag: URX, equals: 7 }", 7],
    ["{ metric: flagCount, flag: UF, traffic: b, equals: 0 }", 0],
    ["{ metric: flagShare, flag: URX, traffic: a, equals: 0.06 }", 0.06],
    ["{ metric: attempts, from: shop/client, equals: 180 }", 180],
    ["{ metric: attemptsPerRequest, traffic: a, equals: 1.3 }", 1.3],
    ["{ metric: requests, traffic: a, equals: 100 }", 100],
    ["{ metric: requests, traffic: a, to: shop/ledger, equals: 200 }", 200],
    ["{ metric: rps, traffic: b, equals: 5 }", 5],
    ["{ metric: plaintextShare, traffic: b, equals: 0.4 }", 0.4],
    ["{ metric: p50Ms, traffic: b, equals: 20 }", 20],
    ["{ metric: p99Ms, traffic: b, equals: 23 }", 23],
    ["{ metric: meanMs, from: client, to: payments, equals: 42 }", 42],
  ])("%s", (line, value) => {
    expect(ask(line, { edges }).value).toBeCloseTo(value, 12);
  });

  test.each([
    ["{ metric: errorRate, from: clinet, equals: 0 }", "MESH1507"],
    ["{ metric: errorRate, from: payments-v1, equals: 0 }", "MESH1517"],
    ["{ metric: errorRate, to: payment, equals: 0 }", "MESH1507"],
    ["{ metric: errorRate, to: ledger, equals: 0 }", "MESH1517"],
  ])("a caller or callee that is not one thing is refused: %s", (line, code) => {
    expect(ask(line, {}).codes).toEqual([code]);
  });

  test("a window asks for the rows of that window", () => {
    const rows = { edges, windowEdges: [{ traffic: 0, requests: 4, ok: 3 }] };
    expect(ask("{ metric: errorRate, traffic: a, window: [2s, 4s], equals: 0.25 }", rows)).toMatchObject({
      value: 0.25,
      passed: true,
    });
    expect(ask("{ metric: rps, traffic: a, window: [2s, 4s], equals: 2 }", rows).value).toBe(2);
  });
});

describe("ejections, moments, order", () => {
  const eject = (atMs: number, untilMs: number | null, replica: number, node = "client.shop") => ({
    atMs,
    untilMs,
    node,
    cluster: "c",
    address: "10.0.0.1:80",
    workload: "payments-v1",
    namespace: "shop",
    replica,
  });
  const ejections = [eject(1000, 4000, 0), eject(2000, null, 1), eject(5000, 9000, 0), eject(3000, 3500, 0, "web.shop")];

  test.each([
    ["{ metric: ejections, of: shop/payments-v1, equals: 0 }", 4],
    ["{ metric: ejections, of: shop/payments-v1, replica: 0, from: client, equals: 0 }", 2],
    ["{ metric: ejections, window: [0s, 2s], equals: 0 }", 1],
    ["{ metric: ejectedNow, of: shop/payments-v1, equals: 0 }", 1],
    ["{ metric: ejectedNow, window: [0s, 3s], equals: 0 }", 3],
    ["{ metric: ejectedNow, of: payments-v2, equals: 0 }", 0],
  ])("%s", (line, value) => {
    expect(ask(line, { ejections }).value).toBe(value);
  });

  test("timeOf finds the nth event", () => {
    const at = (atMs: number, traffic: number | null) => ({
      event: "eject" as const,
      atMs,
      traffic,
      workload: "payments-v2",
      namespace: "shop",
      replica: 0,
    });
    const milestones = [at(900, null), at(300, null), at(100, 2)];
    expect(ask("{ metric: timeOf, event: eject, of: payments-v2, equals: 300 }", { milestones }).value).toBe(300);
    expect(ask("{ metric: timeOf, event: eject, nth: 2, equals: 900 }", { milestones }).value).toBe(900);
    expect(ask("{ metric: timeOf, event: eject, nth: 3, equals: 900 }", { milestones })).toMatchObject({
      value: null,
      passed: false,
    });
  });

  test("sequence counts arrivals out of step with the best rotation", () => {
    const order = [..."121121112121"].map((version, index) => ({
      atMs: index,
      workload: `payments-v${version}`,
      namespace: "shop",
      replica: 0,
      traffic: 0,
    }));
    // Against 1 2 1 repeated: 121 121 112 121 differs in the third group only, twice.
    expect(
      ask("{ metric: sequence, cycle: [shop/payments-v1, payments-v2, shop/payments-v1], equals: 2 }", { order }).value,
    ).toBe(2);
  });
});

describe("bounds", () => {
  const rows = { edges: [{ traffic: 0, requests: 10, ok: 7 }] };
  test.each([
    ["equals: 0.3", true],
    ["equals: 0.31", false],
    ["equals: 0.31, tolerance: 0.01", true],
    ["atMost: 0.3", true],
    ["atMost: 0.29", false],
    ["atLeast: 0.3", true],
    ["atLeast: 0.31", false],
    ["between: [0.3, 0.4]", true],
    ["between: [0.2, 0.3]", true],
    ["between: [0.31, 0.4]", false],
  ])("errorRate 0.3 against %s: %s", (bound, passed) => {
    expect(ask(`{ metric: errorRate, traffic: a, ${bound} }`, rows).passed).toBe(passed);
  });
});

describe("probes and documents", () => {
  const probe = '{ probe: { from: client, request: "GET http://payments.shop:8080/x", status: 403 } }';

  test("a probe is a request of its own, judged by status and flag", () => {
    const answered = (status: number, flags = {}) => ({ edges: [{ traffic: 2, requests: 1, statuses: { [status]: 1 }, flags }] });
    expect(ask(probe, answered(403))).toMatchObject({ passed: true, value: 403 });
    expect(ask(probe, answered(200))).toMatchObject({ passed: false, value: 200 });
    expect(ask(probe, {})).toMatchObject({ passed: false, value: null });
    const flagged = probe.replace("status: 403", "status: 503, flag: UC");
    expect(ask(flagged, answered(503, { UC: 1 })).passed).toBe(true);
    expect(ask(flagged, answered(503, { UF: 1 })).passed).toBe(false);
  });

  test("config reads the learner's document by path", () => {
    const mtls =
      "apiVersion: security.istio.io/v1\nkind: PeerAuthentication\nmetadata: { name: default, namespace: shop }\nspec: { mtls: { mode: STRICT }, ports: [{ a.b: 1 }] }\n";
    const line = (path: string, equals: string) =>
      `{ config: { kind: PeerAuthentication, name: default, path: '${path}', equals: ${equals} } }`;
    expect(ask(line("spec.mtls.mode", "STRICT"), {}, mtls)).toMatchObject({ passed: true, value: "STRICT" });
    expect(ask(line("spec.mtls.mode", "PERMISSIVE"), {}, mtls).passed).toBe(false);
    expect(ask(line('spec.ports[0]["a.b"]', "1"), {}, mtls).passed).toBe(true);
    expect(ask(line("spec.mtls", "{ mode: STRICT }"), {}, mtls).passed).toBe(true);
    expect(ask(line("spec.none", "1"), {}, mtls)).toMatchObject({ passed: false, value: null });
  });

  test("an answer is compared in order", () => {
    const answer = "apiVersion: meshwise.dev/v1\nkind: Answer\nmetadata: { name: answer }\nspec: { value: [b, a] }\n";
    expect(ask("{ answer: { equals: [b, a] } }", {}, answer).passed).toBe(true);
    expect(ask("{ answer: { equals: [a, b] } }", {}, answer).passed).toBe(false);
    expect(ask("{ answer: { equals: [a, b] } }", {}).passed).toBe(false);
  });
});
