import { describe, expect, test } from "vitest";
import { parseResources } from "#mesh";
import { readExperiment } from "../../../src/scenario/experiment/read-experiment.ts";

const head = "apiVersion: meshwise.dev/v1\nkind: Experiment\nmetadata: { name: x }\n";

function read(spec: string) {
  const [resource] = parseResources([{ name: "x.yaml", text: `${head}spec:\n${indent(spec)}` }]).resources;
  if (!resource) throw new Error("the test's own YAML does not parse");
  return readExperiment(resource);
}

function indent(text: string): string {
  return text.replace(/^(?=.)/gm, "  ");
}

/** "MESH1501 spec.speed 5:3" for each diagnostic. */
function faults(spec: string): string[] {
  return read(spec).diagnostics.map((one) => `${one.code} ${one.path} ${one.line}:${one.column}`);
}

/** "line:column" of the mark in the whole document. */
function placeOfMark(marked: string): string {
  const before = `${head}spec:\n${indent(marked)}`.split("§")[0] ?? "";
  const lines = before.split("\n");
  return `${lines.length}:${(lines.at(-1) ?? "").length + 1}`;
}

describe("what an Experiment may say", () => {
  test.each(["n", "1.20"])("it is called %s, whatever YAML makes of that", (name) => {
    const text = `${head.replace("name: x", `name: ${name}`)}spec: {}\n`;
    const [resource] = parseResources([{ name: "x.yaml", text }]).resources;
    expect(resource && readExperiment(resource)).toMatchObject({ experiment: { name }, diagnostics: [] });
  });

  test("an empty spec has the documented defaults", () => {
    const { experiment, diagnostics } = read("{}");
    expect(diagnostics).toEqual([]);
    expect(experiment).toMatchObject({ name: "x", dataPlane: "sidecar", seed: 1, workloads: [], traffic: [], expect: [] });
  });

  test("durations are Go's, in milliseconds", () => {
    const { experiment } = read("duration: 1m30s\nnetwork: { latency: 0.5ms, links: [{ from: eu/*, to: us/*, latency: 40ms }] }");
    expect(experiment.durationMs).toBe(90_000);
    expect(experiment.network).toEqual({
      latencyMs: 0.5,
      loss: 0,
      links: [{ from: "eu/*", to: "us/*", latencyMs: 40, loss: 0 }],
    });
  });

  test("behaviour shorthand becomes full data, overrides keep what they do not name", () => {
    const { experiment, diagnostics } = read(`
workloads:
- name: a
  behaviour:
    serviceTime: { lognormal: { median: 10ms, sigma: 0.5 } }
    concurrency: 8
    queue: 100
    whenFull: 503
    errors: { pattern: [200, reset, 503], serviceTime: { constant: 1ms } }
    perReplica: { 0: { serviceTime: { uniform: [1ms, 3ms] } }, 2: { errors: { rate: 0.3, reset: true } } }
    calls:
    - { to: "http://b:8080/x", timeout: 1s, forwardHeaders: true, onError: ignore }
    - - { to: "http://c:8080/" }
      - { to: "http://d:8080/" }
`);
    expect(diagnostics).toEqual([]);
    const [workload] = experiment.workloads;
    expect(workload?.behaviour).toMatchObject({
      serviceTime: { type: "lognormal", medianMs: 10, sigma: 0.5 },
      concurrency: 8,
      queue: 100,
      whenFull: 503,
      errors: { type: "pattern", outcomes: [200, "reset", 503], serviceTime: { type: "constant", ms: 1 } },
    });
    expect(workload?.behaviour.calls.map((step) => step.map((call) => call.request.host))).toEqual([["b"], ["c", "d"]]);
    expect(workload?.behaviour.calls[0]?.[0]).toMatchObject({ timeoutMs: 1000, forwardHeaders: true, onError: "ignore" });
    expect(workload?.perReplica).toEqual({
      0: { serviceTime: { type: "uniform", minMs: 1, maxMs: 3 } },
      2: { errors: { type: "rate", rate: 0.3, outcome: "reset", serviceTime: null } },
    });
  });

  test("an unset status of failures is 503, an unset queue is unlimited", () => {
    const { experiment } = read("workloads:\n- { name: a, behaviour: { errors: { rate: 0.1 } } }");
    expect(experiment.workloads[0]?.behaviour).toMatchObject({
      errors: { type: "rate", rate: 0.1, outcome: 503 },
      queue: null,
      concurrency: null,
      whenFull: "refuse",
    });
  });

  test("header variants keep their weights, URLs their default ports", () => {
    const { experiment, diagnostics } = read(`
traffic:
- from: client
  to: https://payments.shop/pay?x=1
  headers: [{ weight: 9, headers: { X-User: alpha } }, { weight: 1, headers: { x-user: beta } }]
  users: 8
  thinkTime: 100ms
- { name: b, from: internet, to: "http://shop.example/", burst: 10, start: 2s, timeout: 100ms }
- { name: c, from: client, to: "http://x:1/", rate: 30/m, arrivals: constant, requests: 5, duration: 3s }
`);
    expect(diagnostics).toEqual([]);
    expect(experiment.traffic[0]).toMatchObject({
      name: "0",
      load: { type: "users", users: 8, thinkTimeMs: 100 },
      variants: [
        {
          weight: 9,
          request: { scheme: "https", host: "payments.shop", port: 443, path: "/pay?x=1", headers: { "x-user": "alpha" } },
        },
        { weight: 1, request: { headers: { "x-user": "beta" } } },
      ],
    });
    expect(experiment.traffic[1]).toMatchObject({ load: { type: "burst", size: 10 }, startMs: 2000, timeoutMs: 100 });
    expect(experiment.traffic[2]).toMatchObject({
      load: { type: "rate", perSecond: 0.5, arrivals: "constant" },
      requests: 5,
      durationMs: 3000,
    });
  });

  test("the timeline knows every action of the format", () => {
    const { experiment, diagnostics } = read(`
timeline:
- { at: 20s, apply: "kind: X" }
- { at: 21s, delete: { kind: VirtualService, name: a, namespace: b } }
- { at: 30s, scale: { workload: a, replicas: 6 } }
- { at: 31s, fault: { errors: { workload: a, replica: 0, rate: 1, status: 503, serviceTime: { constant: 1ms } } } }
- { at: 32s, fault: { errors: { workload: a, rate: 0 } } }
- { at: 33s, fault: { crash: a, replica: 0 } }
- { at: 34s, fault: { crash: a, removedAfter: 5s } }
- { at: 35s, fault: { recover: a } }
- { at: 36s, fault: { slow: { workload: a, factor: 3 } } }
- { at: 37s, fault: { partition: { from: eu/*, to: us/* } } }
- { at: 38s, fault: controlPlaneDown }
- { at: 39s, fault: { caDown: true } }
- { at: 40s, fault: { expireCertificates: a } }
`);
    expect(diagnostics).toEqual([]);
    expect(experiment.timeline.map(({ path: _path, ...entry }) => entry)).toEqual([
      { atMs: 20_000, type: "apply", text: "kind: X" },
      { atMs: 21_000, type: "delete", kind: "VirtualService", name: "a", namespace: "b" },
      { atMs: 30_000, type: "scale", workload: "a", replicas: 6 },
      {
        atMs: 31_000,
        type: "errors",
        workload: "a",
        replica: 0,
        errors: { type: "rate", rate: 1, outcome: 503, serviceTime: { type: "constant", ms: 1 } },
      },
      { atMs: 32_000, type: "errors", workload: "a", replica: null, errors: null },
      { atMs: 33_000, type: "crash", workload: "a", replica: 0, removedAfterMs: 1000 },
      { atMs: 34_000, type: "crash", workload: "a", replica: null, removedAfterMs: 5000 },
      { atMs: 35_000, type: "recover", workload: "a", replica: null },
      { atMs: 36_000, type: "slow", workload: "a", replica: null, factor: 3 },
      { atMs: 37_000, type: "partition", from: "eu/*", to: "us/*", active: true },
      { atMs: 38_000, type: "controlPlane", up: false },
      { atMs: 39_000, type: "certificateAuthority", up: false },
      { atMs: 40_000, type: "expireCertificates", workload: "a" },
    ]);
  });
});

describe("what is refused, and where", () => {
  // "§" marks where the diagnostic must stand.
  test.each([
    ["an unknown field of the spec", "§speed: 3", "MESH1501 spec.speed"],
    [
      "deep inside",
      "workloads:\n- name: a\n  behaviour: { §servicetime: {} }",
      "MESH1501 spec.workloads[0].behaviour.servicetime",
    ],
    [
      "in a call",
      "workloads:\n- name: a\n  behaviour:\n    calls: [{ to: 'http://b/', §retry: 1 }]",
      "MESH1501 spec.workloads[0].behaviour.calls[0].retry",
    ],
    ["in expect", "expect:\n- { metric: errorRate, atMost: 1, §form: a }", "MESH1501 spec.expect[0].form"],
    ["a seed beyond what numbers tell apart", "seed: §99999999999999999999", "MESH1511 spec.seed"],
    [
      "a header that is no token",
      "traffic:\n- { from: a, to: 'http://b/', burst: 1, headers: { §'x y': z } }",
      "MESH1506 spec.traffic[0].headers.x y",
    ],
    ["a duration without unit", "duration: §30", "MESH1504 spec.duration"],
    ["a negative duration", "duration: §-3s", "MESH1504 spec.duration"],
    ["a rate without unit", "traffic:\n- { from: a, to: 'http://b/', rate: §5 }", "MESH1509 spec.traffic[0].rate"],
    ["a URL without host", "traffic:\n- { from: a, to: §'http:///x', rate: 5/s }", "MESH1510 spec.traffic[0].to"],
    ["an unknown data plane", "dataPlane: §proxies", "MESH1506 spec.dataPlane"],
    ["a data plane this build cannot run", "dataPlane: §ambient", "MESH1516 spec.dataPlane"],
    [
      "a probability above one",
      "workloads:\n- { name: a, behaviour: { errors: { rate: §2 } } }",
      "MESH1511 spec.workloads[0].behaviour.errors.rate",
    ],
    ["a metric nobody knows", "expect:\n- { metric: §shares, of: a, equals: 1 }", "MESH1506 spec.expect[0].metric"],
    ["a caller's metric of an application", "expect:\n- { metric: p99Ms, §of: a, equals: 1 }", "MESH1515 spec.expect[0].of"],
    [
      "a window that ends before it starts",
      "expect:\n- { metric: errorRate, equals: 0, window: §[3s, 1s] }",
      "MESH1511 spec.expect[0].window",
    ],
    [
      "think time without users",
      "traffic:\n- { from: a, to: 'http://b/', rate: 5/s, §thinkTime: 1s }",
      "MESH1513 spec.traffic[0].thinkTime",
    ],
    [
      "more users than can be told apart",
      "traffic:\n- { from: a, to: 'http://b/', users: §16385 }",
      "MESH1511 spec.traffic[0].users",
    ],
    ["a burst without end", "traffic:\n- { from: a, to: 'http://b/', burst: §1000001 }", "MESH1511 spec.traffic[0].burst"],
    ["a flag that Envoy does not have", "expect:\n- { metric: flagCount, flag: §UX, equals: 0 }", "MESH1506 spec.expect[0].flag"],
    ["two flags in one count", "expect:\n- { metric: flagCount, flag: §'URX,UT', equals: 0 }", "MESH1506 spec.expect[0].flag"],
    [
      "an error's time by the workload that answered",
      "expect:\n- { metric: timeOf, event: firstError, §of: b, equals: 0 }",
      "MESH1515 spec.expect[0].of",
    ],
    [
      "an ejection's time by the caller",
      "expect:\n- { metric: timeOf, event: eject, §from: b, equals: 0 }",
      "MESH1515 spec.expect[0].from",
    ],
  ])("%s", (_what, marked, expected) => {
    expect(faults(marked.replace("§", ""))).toContain(`${expected} ${placeOfMark(marked)}`);
  });

  test.each([
    ["no load", "traffic:\n- { from: a, to: 'http://b/' }"],
    ["two loads", "traffic:\n- { from: a, to: 'http://b/', rate: 5/s, users: 3 }"],
    ["no bound", "expect:\n- { metric: errorRate }"],
    ["two bounds", "expect:\n- { metric: errorRate, atMost: 1, equals: 0 }"],
    ["two distributions", "workloads:\n- { name: a, behaviour: { serviceTime: { constant: 1ms, exponential: 1ms } } }"],
    ["two actions at a time", "timeline:\n- { at: 1s, apply: x, scale: { workload: a, replicas: 1 } }"],
    ["a metric and a probe", "expect:\n- { metric: errorRate, equals: 0, probe: {} }"],
  ])("exactly one: %s", (_what, spec) => {
    expect(faults(spec).map((fault) => fault.slice(0, 8))).toContain("MESH1505");
  });

  test.each([
    ["status", "expect:\n- { metric: statusCount, equals: 0 }"],
    ["flag", "expect:\n- { metric: flagShare, equals: 0 }"],
    ["event", "expect:\n- { metric: timeOf, equals: 0 }"],
    ["cycle", "expect:\n- { metric: sequence, equals: 0 }"],
    ["of", "expect:\n- { metric: share, equals: 0 }"],
    ["name", "workloads:\n- { replicas: 1 }"],
    ["at", "timeline:\n- { apply: x }"],
  ])("%s is required", (field, spec) => {
    const missing = read(spec).diagnostics.filter((one) => one.code === "MESH1503");
    expect(missing.map((one) => one.params.field)).toEqual([field]);
  });

  test.each([
    ["workloads:\n- { name: a }\n- { name: a, namespace: b }\n- { name: §a }", "MESH1508 spec.workloads[2].name"],
    [
      "traffic:\n- { name: t, from: a, to: 'http://b/', burst: 1 }\n- { name: §t, from: a, to: 'http://b/', burst: 1 }",
      "MESH1508 spec.traffic[1].name",
    ],
  ])("names are unique: %j", (marked, expected) => {
    expect(faults(marked.replace("§", ""))).toEqual([`${expected} ${placeOfMark(marked)}`]);
  });
});

test("an outcome of a pattern that is none is told which there are", () => {
  const { diagnostics } = read("workloads: [{ name: a, behaviour: { errors: { pattern: [200, oops] } } }]");
  expect(diagnostics.map(({ code, params }) => [code, params.value, params.allowed])).toEqual([
    ["MESH1506", "oops", "200…599, reset"],
  ]);
});

describe("values of the wrong type", () => {
  const told = (spec: string) => read(spec).diagnostics.map(({ code, params }) => [code, params.value ?? params.expected]);

  test("are shown as they are written", () => {
    expect(told("dataPlane: { mesh: 1 }")).toEqual([["MESH1506", '{"mesh":1}']]);
    expect(told("traffic: [{ from: a, to: 'http://b', rate: [1] }]")).toEqual([["MESH1509", "[1]"]]);
    expect(told(`dataPlane: [${"sidecar, ".repeat(20)}]`)[0]?.[1]).toHaveLength(60);
    expect(told("dataPlane: ''")).toEqual([["MESH1506", '""']]);
    expect(told('dataPlane: "\\0"')).toEqual([["MESH1506", '"\\u0000"']]);
    expect(told("dataPlane: off")).toEqual([["MESH1506", "false"]]);
    expect(told("seed: null")).toEqual([["MESH1502", "integer"]]);
  });

  test("are refused in headers where HTTP could not send them", () => {
    const headers = (value: string) => told(`traffic: [{ from: a, to: 'http://b', rate: 1/s, headers: { x: ${value} } }]`);
    expect(headers('"one\\r"')).toEqual([["MESH1506", '"one\\r"']]);
    expect(headers('"\\0"')).toHaveLength(1);
    expect(headers('"one\\tдва\\nthree"')).toEqual([]);
  });

  test("and durations beyond Go's 64 bits", () => {
    expect(told("duration: 9999999999h")).toEqual([["MESH1504", '"9999999999h"']]);
  });
});
