/** A run as files: the shapes their readers expect, and figures that agree with the run's own. */
import { beforeAll, describe, expect, test } from "vitest";
import { z } from "zod";
import { type ExportFormat, exportFormats, loadExport, type Plan, planRun, type Session, startSession } from "#scenario";

/** web → shop → bank; every third answer of the bank fails and is tried again; shop hands no headers on. */
const yaml = `
apiVersion: v1
kind: Service
metadata: { name: shop }
spec: { selector: { app: shop }, ports: [{ name: http, port: 80 }] }
---
apiVersion: v1
kind: Service
metadata: { name: bank }
spec: { selector: { app: bank }, ports: [{ name: http, port: 80 }] }
---
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: { name: bank }
spec:
  hosts: [bank]
  http: [{ route: [{ destination: { host: bank } }], retries: { attempts: 1, retryOn: 5xx, backoff: 25ms } }]
---
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: { name: bank }
spec:
  host: bank
  trafficPolicy: { outlierDetection: { consecutive5xxErrors: 2, interval: 1s, baseEjectionTime: 1s, maxEjectionPercent: 50 } }
---
apiVersion: meshwise.dev/v1
kind: Experiment
metadata: { name: chain }
spec:
  duration: 10s
  workloads:
  - { name: web }
  - { name: shop, service: shop, labels: { app: shop }, behaviour: { serviceTime: { constant: 2ms }, calls: [{ to: "http://bank/", forwardHeaders: FORWARD }] } }
  - { name: bank, service: bank, labels: { app: bank }, replicas: 2, behaviour: { serviceTime: { constant: 5ms }, errors: { pattern: [200, 503, 503] } } }
  traffic: [{ name: "buy, \\"now\\"", from: web, to: "http://shop/", rate: 20/s }]
`;

function planOf(forward: boolean): Plan {
  const planned = planRun([{ name: "x.yaml", text: yaml.replace("FORWARD", String(forward)) }], {
    accessLogLimit: Number.MAX_SAFE_INTEGER,
  });
  if (!planned.ok) throw new Error(JSON.stringify(planned.diagnostics));
  return planned.plan;
}

let exportRun: Awaited<ReturnType<typeof loadExport>>;
let plan: Plan;
let session: Session;
beforeAll(async () => {
  plan = planOf(true);
  exportRun = await loadExport(plan);
  session = startSession(plan, 1, { series: true });
  session.run();
});

const text = (format: ExportFormat) => exportRun(format, plan, session).text;
const rowsOf = (csv: string) =>
  csv
    .trimEnd()
    .split("\r\n")
    .map((line) => [...line.matchAll(/("(?:[^"]|"")*"|[^,]*)(?:,|$)/g)].slice(0, -1).map(([, cell]) => cell ?? ""));

test("every format says how much it holds, and the same run gives the same text", () => {
  const again = session.rerun(Number.MAX_SAFE_INTEGER);
  expect(again.traceHash()).toBe(session.traceHash());
  for (const format of exportFormats) {
    const file = exportRun(format, plan, session);
    expect(file.count, format).toBeGreaterThan(0);
    expect(exportRun(format, plan, session).text, format).toBe(file.text);
  }
  expect(text("access-log")).toBe(exportRun("access-log", plan, again).text);
});

test("a rerun makes the changes that were made by hand, and stops where the run stands", () => {
  const run = startSession(plan, 3);
  run.run(2000);
  run.change({ id: 1, change: { type: "slow", workload: "bank", namespace: "default", replica: null, factor: 3 } });
  run.run(5000);
  const again = run.rerun(1000);
  expect([again.traceHash(), again.eventCount, again.nowMs]).toEqual([run.traceHash(), run.eventCount, run.nowMs]);
});

describe("tables", () => {
  test("edges: a row each, quoted where it has to be, and the report's numbers", () => {
    const [head = [], ...rows] = rowsOf(text("edges-csv"));
    const { edges } = session.report();
    expect(rows).toHaveLength(edges.length);
    const column = (name: string) => rows.map((row) => row[head.indexOf(name)]);
    expect(column("requests").map(Number)).toEqual(edges.map((edge) => edge.requests));
    expect(column("traffic")).toContain('"buy, ""now"""');
    expect(column("status_503").map(Number)).toEqual(edges.map((edge) => edge.statuses[503] ?? 0));
    expect(column("p99_ms").map(Number)).toEqual(edges.map((edge) => edge.latencyMs?.p99));
  });

  test("workloads by replica; the series adds up to the whole", () => {
    const [head = [], ...rows] = rowsOf(text("workloads-csv"));
    expect(rows.map((row) => row[head.indexOf("workload")])).toEqual(["web", "shop", "bank", "bank"]);
    const [names = [], ...points] = rowsOf(text("series-csv"));
    const sum = points.reduce((total, point) => total + Number(point[names.indexOf("requests")]), 0);
    expect(sum).toBe(session.report().edges.reduce((total, edge) => total + (edge.traffic ? edge.requests : 0), 0));
  });
});

test("the access log: Istio's line with a date, and the same lines as JSON", () => {
  const lines = text("access-log").trimEnd().split("\n");
  const objects = text("access-log-json")
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line));
  expect(lines).toHaveLength(session.accessLog().length);
  for (const [index, line] of lines.entries()) {
    expect(line).toMatch(/^\[2026-01-01T00:00:\d\d\.\d{3}Z\] "GET \/ HTTP\/1\.1" \d+ \S+ \S+ "/);
    expect(line).toContain(`[${objects[index].START_TIME}]`);
    expect(line).toContain(`" ${objects[index].RESPONSE_CODE} `);
    // Whole milliseconds: back-off and network of a run take fractions.
    expect(objects[index].DURATION).toBe(Math.floor(Number(session.accessLog()[index]?.DURATION.toFixed(3))));
    expect(line).toContain(`" ${objects[index].DURATION} "`);
  }
});

test("the outlier log: each line with Envoy's fields, out and back by turns", () => {
  const events = text("outlier-log")
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line));
  const [first, second] = events.filter((event) => event.upstream_url === events[0].upstream_url);
  expect(Object.keys(first)).toEqual([
    "type",
    "timestamp",
    "cluster_name",
    "upstream_url",
    "action",
    "num_ejections",
    "enforced",
    "eject_consecutive_event",
  ]);
  expect(first).toMatchObject({ type: "CONSECUTIVE_5XX", action: "EJECT", num_ejections: 1, enforced: true });
  expect(second).toMatchObject({ action: "UNEJECT", num_ejections: 1, enforced: false });
  const out = session.report().workloads.flatMap(({ replicas }) => replicas.flatMap(({ ejections }) => ejections));
  expect(events.filter(({ action }) => action === "EJECT")).toHaveLength(out.length);
});

/** Sums of istio_requests_total by one label, of the series that have the others. */
function requestsBy(label: string, wanted: Readonly<Record<string, string>>): Record<string, number> {
  const sums: Record<string, number> = {};
  for (const [, labels = "", count] of text("prometheus").matchAll(/^istio_requests_total\{(.*)\} (\d+)$/gm)) {
    const values = Object.fromEntries([...labels.matchAll(/(\w+)="([^"]*)"/g)].map(([, name, value]) => [name, value ?? ""]));
    if (Object.entries(wanted).some(([name, value]) => values[name] !== value)) continue;
    const key = values[label] ?? "";
    sums[key] = (sums[key] ?? 0) + Number(count);
  }
  return sums;
}

describe("Prometheus", () => {
  test("the callers count the requests of every edge", () => {
    const total = session.report().edges.reduce((sum, edge) => sum + edge.requests, 0);
    expect(requestsBy("reporter", { reporter: "source" })).toEqual({ source: total });
  });

  test("the servers count every try that reached them, who called and whether it was mutual TLS", () => {
    const { workloads, edges } = session.report();
    const reached = Object.fromEntries(
      workloads.filter(({ requests }) => requests > 0).map(({ name, requests }) => [name, requests]),
    );
    const server = { reporter: "destination" };
    expect(requestsBy("destination_workload", server)).toEqual(reached);
    expect(requestsBy("connection_security_policy", server)).toEqual({ mutual_tls: reached.shop! + reached.bank! });
    expect(requestsBy("source_workload", { ...server, destination_service_name: "bank" })).toEqual({ shop: reached.bank });
    expect(requestsBy("source_principal", { ...server, destination_workload: "shop" })).toEqual({
      "spiffe://cluster.local/ns/default/sa/default": reached.shop,
    });
    // Two of three answers of the bank are 503; its callers saw only those that a second try did not mend.
    const answers = requestsBy("response_code", { ...server, destination_workload: "bank" });
    const seen = edges.find(({ to }) => to === "bank")?.statuses[503] ?? 0;
    expect(answers["503"]).toBeGreaterThan(seen);
    expect((answers["200"] ?? 0) + (answers["503"] ?? 0)).toBe(reached.bank);
  });
});

const hexId = (digits: number) => z.string().regex(new RegExp(`^[0-9a-f]{${digits}}$`));
const decimal = z.string().regex(/^\d+$/);
/** opentelemetry-proto, trace/v1/trace.proto and common/v1/common.proto, as its JSON encoding writes them. */
const keyValues = z.array(
  z.strictObject({
    key: z.string().min(1),
    value: z.union([
      z.strictObject({ stringValue: z.string() }),
      z.strictObject({ boolValue: z.boolean() }),
      z.strictObject({ intValue: decimal }),
      z.strictObject({ doubleValue: z.number() }),
    ]),
  }),
);
const otlp = z.strictObject({
  resourceSpans: z.array(
    z.strictObject({
      resource: z.strictObject({ attributes: keyValues }),
      scopeSpans: z.array(
        z.strictObject({
          scope: z.strictObject({ name: z.string() }),
          spans: z.array(
            z.strictObject({
              traceId: hexId(32),
              spanId: hexId(16),
              parentSpanId: hexId(16).optional(),
              name: z.string().min(1),
              kind: z.literal([1, 2, 3, 4, 5]),
              startTimeUnixNano: decimal,
              endTimeUnixNano: decimal,
              attributes: keyValues,
              events: z.array(z.strictObject({ timeUnixNano: decimal, name: z.string(), attributes: keyValues })),
              status: z.strictObject({ code: z.literal([0, 1, 2]).optional() }),
            }),
          ),
        }),
      ),
    }),
  ),
});

const tags = z.array(
  z.strictObject({
    key: z.string(),
    type: z.enum(["string", "bool", "int64", "float64"]),
    value: z.union([z.string(), z.number(), z.boolean()]),
  }),
);
/** jaeger-ui, packages/jaeger-ui/src/types/trace.ts: what its "JSON File" tab opens. */
const jaeger = z.object({
  data: z.array(
    z.strictObject({
      traceID: hexId(32),
      spans: z.array(
        z.strictObject({
          traceID: hexId(32),
          spanID: hexId(16),
          operationName: z.string(),
          references: z.array(z.strictObject({ refType: z.literal("CHILD_OF"), traceID: hexId(32), spanID: hexId(16) })),
          startTime: z.int(),
          duration: z.int().nonnegative(),
          tags,
          logs: z.array(z.strictObject({ timestamp: z.int(), fields: tags })),
          processID: z.string(),
          warnings: z.null(),
        }),
      ),
      processes: z.record(z.string(), z.strictObject({ serviceName: z.string().min(1), tags })),
      warnings: z.null(),
    }),
  ),
});

describe("traces", () => {
  test("OTLP: the shape of the JSON encoding, parents in their own trace, no span before its parent", () => {
    const { resourceSpans } = otlp.parse(JSON.parse(text("otlp")));
    const spans = resourceSpans.flatMap(({ scopeSpans }) => scopeSpans.flatMap((scope) => scope.spans));
    expect(new Set(spans.map(({ traceId }) => traceId)).size).toBe(20);
    expect(spans).toHaveLength(40);
    const byId = new Map(spans.map((span) => [span.spanId, span]));
    expect(byId.size).toBe(spans.length);
    const children = spans.filter(({ parentSpanId }) => parentSpanId !== undefined);
    expect(children).toHaveLength(20);
    for (const span of children) {
      const parent = byId.get(span.parentSpanId ?? "");
      expect(parent?.traceId).toBe(span.traceId);
      expect(BigInt(span.startTimeUnixNano)).toBeGreaterThanOrEqual(BigInt(parent?.startTimeUnixNano ?? 0));
      expect(BigInt(span.endTimeUnixNano)).toBeLessThanOrEqual(BigInt(parent?.endTimeUnixNano ?? 0));
    }
    // Half of them failed although each was tried again.
    const failed = spans.filter(({ status, parentSpanId }) => status.code === 2 && parentSpanId === undefined);
    expect(failed).toHaveLength(10);
    expect(children.some(({ events }) => events.length === 2)).toBe(true);
  });

  test("Jaeger: its shape, references to spans that are there, processes that are used", () => {
    const { data } = jaeger.parse(JSON.parse(text("jaeger")));
    expect(data).toHaveLength(20);
    for (const { spans, processes } of data) {
      const ids = new Set(spans.map(({ spanID }) => spanID));
      for (const span of spans) {
        for (const { spanID } of span.references) expect(ids).toContain(spanID);
        expect(processes).toHaveProperty(span.processID);
      }
      expect(Object.values(processes).map(({ serviceName }) => serviceName)).toEqual(["web", "shop"]);
    }
  });

  test("an application that hands no headers on breaks the trace in two, without a parent in the other", () => {
    const broken = planOf(false);
    const run = startSession(broken, 1);
    run.run();
    const { data } = jaeger.parse(JSON.parse(exportRun("jaeger", broken, run, 4).text));
    expect(data).toHaveLength(8);
    expect(data.every(({ spans }) => spans.length === 1 && spans[0]?.references.length === 0)).toBe(true);
  });
});
