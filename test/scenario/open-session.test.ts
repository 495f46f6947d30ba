import { describe, expect, test } from "vitest";
import { type OpenSession, openSession, planChange } from "#scenario";

const service =
  "apiVersion: v1\nkind: Service\nmetadata: { name: b }\nspec: { selector: { app: b }, ports: [{ name: http, port: 80 }] }\n---\n";
const experiment = (rate: string) => `apiVersion: meshwise.dev/v1
kind: Experiment
metadata: { name: x }
spec:
  seed: 9
  duration: 10s
  workloads: [{ name: a }, { name: b, service: b, labels: { app: b } }]
  traffic: [{ name: t, from: a, to: "http://b/", rate: ${rate} }]
  expect:
  - config: { kind: VirtualService, name: b, path: "spec.http[0].timeout", equals: 2s }
  - { metric: errorRate, traffic: t, equals: 0 }
`;
const route = (timeout: string) =>
  `---\napiVersion: networking.istio.io/v1\nkind: VirtualService\nmetadata: { name: b }\nspec: { hosts: [b], http: [{ timeout: ${timeout}, route: [{ destination: { host: b } }] }] }\n`;

function open(yaml: string, seed?: number) {
  const opened = openSession([{ name: "", text: yaml }], { seed });
  if (!opened.ok) throw new Error(JSON.stringify(opened.diagnostics));
  return opened;
}

type Opened = Extract<OpenSession, { ok: true }>;

/** As the page does it: the change is planned, then applied; refused, it changes nothing. */
function applyFiles({ session, plan }: Opened, files: { name: string; text: string }[]) {
  const planned = planChange(plan, { files, since: [], actions: [], nowMs: session.nowMs });
  if (planned.ok) {
    const { mesh, documents } = planned.change;
    session.change({ id: 1, change: { type: "config", mesh }, documents });
  }
  return { applied: planned.ok, diagnostics: planned.diagnostics, topology: planned.ok ? planned.change.topology : null };
}

const files = (text: string) => [{ name: "", text }];

describe("a session", () => {
  test("takes its seed from the experiment unless told otherwise", () => {
    expect(open(`${service}${experiment("5/s")}`).session.report().seed).toBe(9);
    expect(open(`${service}${experiment("5/s")}`, 4).session.report().seed).toBe(4);
  });

  test("runs the same in one go, in slices and by single steps", () => {
    const yaml = `${service}${experiment("50/s")}`;
    const whole = open(yaml).session;
    whole.run();
    const sliced = open(yaml).session;
    for (let ms = 0; !sliced.finished; ms += 137) sliced.run(ms, 20);
    const stepped = open(yaml).session;
    while (stepped.step());
    expect([sliced.traceHash(), stepped.traceHash()]).toEqual([whole.traceHash(), whole.traceHash()]);
    expect(sliced.eventCount).toBe(whole.eventCount);
    expect(sliced.goal()).toEqual(whole.goal());
  });

  test("goals about documents read what was applied last", () => {
    const opened = open(`${service}${experiment("5/s")}${route("1s")}`);
    const { session } = opened;
    session.run(5000);
    expect(session.goal().checks[0]).toMatchObject({ metric: "config", value: "1s", passed: false });
    expect(applyFiles(opened, files(`${service}${experiment("5/s")}${route("2s")}`))).toMatchObject({
      applied: true,
      diagnostics: [],
    });
    session.run();
    expect(session.goal().passed).toBe(true);
    session.seekTime(4000);
    expect(session.goal().checks[0]).toMatchObject({ value: "1s" });
    session.seekTime(6000);
    expect(session.goal().checks[0]).toMatchObject({ value: "2s" });
  });

  test("says when the Experiment itself was edited: that needs a new start", () => {
    const opened = open(`${service}${experiment("5/s")}`);
    const { applied, diagnostics } = applyFiles(opened, files(`${service}${experiment("6/s")}`));
    expect({ applied, codes: diagnostics.map((one) => `${one.severity} ${one.code}`) }).toEqual({
      applied: true,
      codes: ["info MESH1521"],
    });
  });

  test("a service that appears later is in the graph", () => {
    const opened = open(`${service}${experiment("5/s")}`);
    expect(opened.topology.services.map((one) => one.name)).toEqual(["b"]);
    const later = applyFiles(opened, files(`${service}${service.replaceAll("name: b", "name: c")}${experiment("5/s")}`));
    expect(later.topology?.services.map((one) => one.name)).toEqual(["b", "c"]);
  });

  test("pasted routes without an Experiment run, and can be changed while they do", () => {
    const opened = open(route("1s"));
    const { session } = opened;
    session.run(3000);
    const { applied } = applyFiles(
      opened,
      files(route("1s").replace("route: [{ destination: { host: b } }]", "directResponse: { status: 418 }")),
    );
    session.run();
    const [edge] = session.frame({ afterFlightId: 0, maxFlights: 0, maxRequests: 0 }).edges;
    expect(applied).toBe(true);
    expect(edge?.statuses["200"]).toBeGreaterThan(0);
    expect(edge?.statuses["418"]).toBeGreaterThan(edge?.statuses["200"] ?? 0);
  });

  test("probes are asked after the run and never counted with the traffic", () => {
    const goal = `  - probe: { from: a, request: "GET http://b/", status: 200 }\n  - { metric: requests, of: b, equals: 50 }\n`;
    const yaml = `${service}${experiment("10/s").replace("rate: 10/s", "rate: 10/s, arrivals: constant, requests: 50")}${goal}`;
    const { session } = open(yaml);
    session.run();
    expect(session.goal().checks.slice(2)).toMatchObject([
      { metric: "probe", value: 200, passed: true },
      { metric: "requests", value: 50, passed: true },
    ]);
    expect(session.report().edges.map((edge) => edge.requests)).toEqual([50]);
  });
});
