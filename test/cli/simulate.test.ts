import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { callCli } from "./call-cli.ts";

const folder = mkdtempSync(join(tmpdir(), "meshwise-simulate-"));

function file(name: string, text: string): string {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
}

const service = `apiVersion: v1
kind: Service
metadata: { name: b }
spec: { selector: { app: b }, ports: [{ name: http, port: 80 }] }
---
`;
const experiment = (goal: string) => `${service}apiVersion: meshwise.dev/v1
kind: Experiment
metadata: { name: steady }
spec:
  seed: 5
  duration: 4s
  workloads:
  - { name: a }
  - { name: b, service: b, labels: { app: b }, replicas: 2, behaviour: { serviceTime: { constant: 5ms } } }
  traffic: [{ name: t, from: a, to: "http://b/", rate: 50/s, requests: 100 }]
  ${goal}
`;
const met = file("met.yaml", experiment("expect: [{ metric: statusCount, traffic: t, status: 200, equals: 100 }]"));
const unmet = file("unmet.yaml", experiment("expect: [{ metric: statusCount, traffic: t, status: 500, atLeast: 1 }]"));
const without = file("without.yaml", experiment(""));

describe("exit codes", () => {
  test.each([
    ["the goal is met", [met], 0],
    ["there is no goal", [without], 0],
    ["the goal is not met", [unmet], 1],
    ["the Experiment is invalid", [file("invalid.yaml", experiment("speed: 1"))], 2],
    [
      "a document is refused",
      [
        met,
        file(
          "refused.yaml",
          "apiVersion: networking.istio.io/v1\nkind: VirtualService\nmetadata: { name: b }\nspec: { speed: 1 }\n",
        ),
      ],
      2,
    ],
    ["a name is unknown", [file("unknown.yaml", experiment("expect: [{ metric: share, of: c, equals: 1 }]"))], 2],
    ["no file", [], 2],
    ["a bad number", [met, "--runs", "zero"], 2],
    ["seeds beyond the last number", [met, "--seed", "9007199254740990", "--runs", "3"], 2],
    ["a setting outside the spec", [met, "--set", "metadata.name=x"], 2],
  ])("%s", async (_what, args, code) => {
    expect((await callCli(["simulate", ...args])).code).toBe(code);
  });

  test("an analyzer's finding never stops a run", async () => {
    const dangling = file(
      "dangling.yaml",
      "apiVersion: networking.istio.io/v1\nkind: VirtualService\nmetadata: { name: c }\nspec: { hosts: [c], http: [{ route: [{ destination: { host: nobody } }] }] }\n",
    );
    expect((await callCli(["simulate", met, dangling])).code).toBe(0);
  });
});

describe("the report", () => {
  test("has the shape of the contract", async () => {
    const { out, err } = await callCli(["simulate", met, "--format", "json", "--access-log", "3"]);
    expect(err).toBe("");
    const report = JSON.parse(out);
    expect(report).toMatchObject({
      experiment: "steady",
      seed: 5,
      durationMs: 4000,
      traceHash: expect.stringMatching(/^[0-9a-f]+$/),
      goal: {
        passed: true,
        checks: [{ metric: "statusCount", traffic: "t", status: 200, equals: 100, value: 100, passed: true }],
      },
      edges: [
        {
          from: "a",
          to: "b",
          traffic: "t",
          requests: 100,
          ok: 100,
          attempts: 100,
          statuses: { 200: 100 },
          flags: {},
          latencyMs: { mean: 5, p50: 5, p90: 5, p95: 5, p99: 5, max: 5 },
          security: { mutual_tls: 100, none: 0 },
        },
      ],
      diagnostics: [],
    });
    expect(report.events).toBeGreaterThan(200);
    expect(report.runs).toBeUndefined();
    const b = report.workloads.find((one: { name: string }) => one.name === "b");
    expect(b).toMatchObject({ requests: 100, share: 1, shadow: 0, denied: 0 });
    expect(b.replicas.map((one: { index: number }) => one.index)).toEqual([0, 1]);
    expect(b.replicas[0].requests + b.replicas[1].requests).toBe(100);
    expect(b.replicas[0]).toMatchObject({ address: expect.stringMatching(/^10\..*:80$/), ejections: [] });
    expect(report.accessLog).toHaveLength(3);
    expect(report.accessLog[0]).toMatchObject({
      RESPONSE_CODE: 200,
      UPSTREAM_HOST: expect.stringMatching(/:80$/),
    });
    // The first lines of the run, in order: at 50 requests a second three of them are over soon.
    expect(report.accessLog[0].START_TIME).toBeLessThanOrEqual(report.accessLog[2].START_TIME);
    expect(report.accessLog[2].START_TIME).toBeLessThan(1000);
  });

  test("--runs lists every seed from the first, and passes only together", async () => {
    const { code, out } = await callCli(["simulate", met, "--format", "json", "--runs", "3", "--seed", "11"]);
    const report = JSON.parse(out);
    expect(code).toBe(0);
    expect(report.seed).toBe(11);
    expect(report.runs.map((run: { seed: number }) => run.seed)).toEqual([11, 12, 13]);
    expect(report.runs[0].traceHash).toBe(report.traceHash);
    expect(new Set(report.runs.map((run: { traceHash: string }) => run.traceHash)).size).toBe(3);
  });

  test("--runs 1 lists its one seed like more of them; without --runs there is no list", async () => {
    const runsOf = async (...args: string[]) =>
      JSON.parse((await callCli(["simulate", met, "--format", "json", ...args])).out).runs;
    expect(await runsOf("--runs", "1")).toMatchObject([{ seed: 5, goal: { passed: true } }]);
    expect(await runsOf()).toBeUndefined();
  });

  test("the same seed gives the same trace, another one another", async () => {
    const hash = async (...args: string[]) =>
      JSON.parse((await callCli(["simulate", met, "--format", "json", ...args])).out).traceHash;
    expect(await hash("--seed", "3")).toBe(await hash("--seed", "3"));
    expect(await hash("--seed", "3")).not.toBe(await hash("--seed", "4"));
    expect(await hash()).toBe(await hash("--seed", "5"));
  });

  test("--set changes the experiment before it is read, and is judged like written text", async () => {
    const set = ["--set", "spec.traffic[0].requests=40", "--set", "spec.workloads[1].behaviour.serviceTime={constant: 9ms}"];
    const { out } = await callCli(["simulate", met, "--format", "json", ...set]);
    const report = JSON.parse(out);
    expect(report.edges[0]).toMatchObject({ requests: 40, latencyMs: { p50: 9 } });
    expect(report.goal.passed).toBe(false);
    const faulty = await callCli(["simulate", met, "--format", "json", "--set", "spec.traffic[0].rate=fast"]);
    expect({ code: faulty.code, told: JSON.parse(faulty.out).diagnostics[0].code }).toEqual({ code: 2, told: "MESH1509" });
  });

  test.each(["spec.__proto__.x", "spec.constructor.prototype.x"])(
    "--set %s is an unknown field, and changes nobody's prototype",
    async (path) => {
      const { code, out } = await callCli(["simulate", met, "--format", "json", "--set", `${path}=1`]);
      expect([code, JSON.parse(out).diagnostics[0].code]).toEqual([2, "MESH1501"]);
      expect(Object.prototype).not.toHaveProperty("x");
    },
  );

  test("text mode says the verdict of each check in the language asked for", async () => {
    expect((await callCli(["simulate", unmet])).out).toContain("not met: statusCount");
    expect((await callCli(["simulate", unmet, "--lang", "ru"])).out).toContain("не выполнено: statusCount");
  });
});

test("Prometheus' text holds Istio's standard metrics with their labels, and its buckets add up", async () => {
  const { code, out } = await callCli(["simulate", met, "--format", "prometheus"]);
  expect(code).toBe(0);
  const labels = [
    'reporter="source"',
    'source_workload="a"',
    'source_canonical_service="a"',
    'source_canonical_revision="latest"',
    'source_workload_namespace="default"',
    'source_principal="spiffe://cluster.local/ns/default/sa/default"',
    'source_app="unknown"',
    'source_version="unknown"',
    'source_cluster="Kubernetes"',
    'destination_workload="b"',
    'destination_workload_namespace="default"',
    'destination_principal="spiffe://cluster.local/ns/default/sa/default"',
    'destination_app="b"',
    'destination_version="unknown"',
    'destination_service="b.default.svc.cluster.local"',
    'destination_canonical_service="b"',
    'destination_canonical_revision="latest"',
    'destination_service_name="b"',
    'destination_service_namespace="default"',
    'destination_cluster="Kubernetes"',
    'request_protocol="http"',
    'response_code="200"',
    'response_flags="-"',
    'connection_security_policy="unknown"',
  ].join(",");
  const lines = out.split("\n");
  expect(lines).toContain(`istio_requests_total{${labels}} 100`);
  expect(lines).toContain(`istio_request_duration_milliseconds_bucket{${labels},le="1"} 0`);
  expect(lines).toContain(`istio_request_duration_milliseconds_bucket{${labels},le="10"} 100`);
  expect(lines).toContain(`istio_request_duration_milliseconds_sum{${labels}} 500`);
});

test("files without a document are refused with a reason", async () => {
  const empty = file("empty.yaml", "# nothing yet\n");
  const { code, err } = await callCli(["simulate", empty]);
  expect([code, err.split("\n")[0]]).toEqual([2, expect.stringMatching(/empty\.yaml:1:1 error MESH1525: .*Write an Experiment/)]);
  const { out } = await callCli(["simulate", empty, "--format", "json"]);
  expect(JSON.parse(out)).toMatchObject({ goal: { passed: false }, diagnostics: [{ code: "MESH1525", file: empty, line: 1 }] });
});

test("a fault of the Experiment comes first, and the mesh is judged with its workloads", async () => {
  const subset = `apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: { name: b }
spec: { host: b, subsets: [{ name: v1, labels: { app: b } }] }
---
`;
  const { err } = await callCli(["simulate", file("misspelt.yaml", subset + experiment("expct: []"))]);
  expect(err.split("\n").map((line) => line.match(/(MESH|IST)\d+/)?.[0])).toEqual(["MESH1501", undefined, undefined]);
});

test("files as Windows writes them: UTF-16 of either order, with a byte order mark", async () => {
  const text = experiment("expect: [{ metric: requests, traffic: t, equals: 100 }]");
  const little = join(folder, "little.yaml");
  const big = join(folder, "big.yaml");
  const bytes = Buffer.from(`\ufeff${text}`, "utf16le");
  writeFileSync(little, bytes);
  writeFileSync(big, bytes.swap16());
  expect([(await callCli(["simulate", little])).code, (await callCli(["simulate", big])).code]).toEqual([0, 0]);
});

test("traffic that is refused is not also said to be unknown", async () => {
  const goal = "expect: [{ metric: requests, traffic: t, equals: 100 }]";
  const nobody = file("nobody.yaml", experiment(goal).replace("from: a", "from: z"));
  const { code, out } = await callCli(["simulate", nobody, "--format", "json"]);
  expect(code).toBe(2);
  expect(JSON.parse(out).diagnostics.map((one: { code: string; path: string }) => `${one.code} ${one.path}`)).toEqual([
    "MESH1507 spec.traffic[0].from",
  ]);
});
