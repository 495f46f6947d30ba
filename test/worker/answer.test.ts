import { describe, expect, test } from "vitest";
import {
  type Envelope,
  type MeshAnswers,
  type MeshRequest,
  protocolVersion,
  type SimulationAnswers,
  type SimulationRequest,
  type WorkerResponse,
} from "#protocol";
import { openSession, type RunPlan } from "#scenario";
import { createMeshAnswerer } from "../../src/worker/answer-mesh.ts";
import { createSimulationAnswerer } from "../../src/worker/answer-simulation.ts";

const yaml = `
apiVersion: v1
kind: Service
metadata: { name: b }
spec: { selector: { app: b }, ports: [{ name: http, port: 80 }] }
---
apiVersion: meshwise.dev/v1
kind: Experiment
metadata: { name: x }
spec:
  duration: 5s
  workloads:
  - { name: a }
  - { name: b, service: b, labels: { app: b }, replicas: 2, behaviour: { serviceTime: { exponential: 5ms } } }
  traffic: [{ name: t, from: a, to: "http://b/", rate: 400/s }]
  expect: [{ metric: statusCount, traffic: t, status: 200, atLeast: 1 }]
`;
const files = [{ name: "x.yaml", text: yaml }];
const frame = { afterFlightId: 0, maxFlights: 50, maxRequests: 5 };

/** Both workers; what passes between them is cloned as by postMessage. The clock moves by `tickMs` each time it is read. */
function workers(tickMs = 0) {
  let nowMs = 0;
  const simulation = createSimulationAnswerer(() => {
    nowMs += tickMs;
    return nowMs;
  });
  const mesh = createMeshAnswerer();
  let id = 0;
  const put = (answerer: Pick<typeof simulation, "answer">, message: unknown): WorkerResponse => {
    id += 1;
    const answer: Envelope<WorkerResponse> = structuredClone(
      answerer.answer(structuredClone({ version: protocolVersion, id, message })),
    );
    expect(answer).toMatchObject({ version: protocolVersion, id });
    expect(answer.message).not.toHaveProperty("stack");
    return answer.message;
  };
  const read = <Type extends MeshRequest["type"]>(message: Extract<MeshRequest, { type: Type }>) =>
    put(mesh, message) as MeshAnswers[Type];
  const ask = <Type extends SimulationRequest["type"]>(message: Extract<SimulationRequest, { type: Type }>) =>
    put(simulation, message) as SimulationAnswers[Type];
  return {
    read,
    ask,
    raw: { mesh, simulation },
    open(seed: number) {
      const { plan } = read({ type: "plan", files });
      return ask({ type: "open", plan: plan as RunPlan, seed });
    },
  };
}

test("the mesh worker completes and describes, our own document too", () => {
  const { read } = workers();
  const text = `${yaml}  dur`;
  const place = { files: [{ name: "x.yaml", text }], file: "x.yaml" };
  const { completion } = read({ type: "complete", ...place, offset: text.length });
  expect(completion?.options.map(({ label }) => label)).toContain("network");
  const { field } = read({ type: "describe", files, file: "x.yaml", offset: yaml.indexOf("rate:") + 1 });
  expect(field).toMatchObject({ kind: "Experiment", path: ["spec", "traffic", "rate"] });
});

describe("one run in the workers", () => {
  test("the trace is the one Node computes, whatever the pace", () => {
    const opened = openSession(files, { seed: 7 });
    if (!opened.ok) throw new Error(JSON.stringify(opened.diagnostics));
    opened.session.run();
    const expected = opened.session.traceHash();

    const atOnce = workers();
    atOnce.open(7);
    expect(atOnce.ask({ type: "advance", untilMs: 60_000, budgetMs: 60_000, frame }).traceHash).toBe(expected);

    // Every reading of this clock uses up the budget: many short turns, with single steps between them.
    const slowly = workers(1);
    slowly.open(7);
    let turns = 0;
    for (;;) {
      const answer = slowly.ask({ type: "advance", untilMs: 60_000, budgetMs: 1, frame });
      turns += 1;
      if (answer.frame.finished) {
        expect(answer.traceHash).toBe(expected);
        break;
      }
      slowly.ask({ type: "step", unit: turns % 2 === 0 ? "event" : "request", frame });
    }
    expect(turns).toBeGreaterThan(5);
  });

  test("it stops at the asked time, and stands still when it is not asked", () => {
    const { ask, open } = workers();
    open(1);
    const half = ask({ type: "advance", untilMs: 2500, budgetMs: 60_000, frame }).frame;
    expect(half.nowMs).toBeLessThanOrEqual(2500);
    expect(half.nowMs).toBeGreaterThan(2400);
    expect(ask({ type: "advance", untilMs: 2500, budgetMs: 60_000, frame }).frame).toEqual(half);
    expect(half.flights.length).toBe(50);
    expect(half.edges[0]).toMatchObject({ from: { name: "a" }, to: { name: "b" } });
  });

  test("seek goes back to the same numbers", () => {
    const { ask, open } = workers();
    open(1);
    const early = ask({ type: "advance", untilMs: 1000, budgetMs: 60_000, frame });
    ask({ type: "advance", untilMs: 4000, budgetMs: 60_000, frame });
    const back = ask({ type: "travel", to: { eventIndex: early.frame.eventCount }, frame });
    expect(back.traceHash).toBe(early.traceHash);
    expect(back.frame.edges).toEqual(early.frame.edges);
    // And tells what was on its way there: the messages that were seen when the run came by first.
    const seen = new Set(early.frame.flights.map(({ id: _id, ...flight }) => JSON.stringify(flight)));
    expect(back.passing.length).toBeGreaterThan(seen.size);
    const again = back.passing.filter(({ id: _id, ...flight }) => seen.has(JSON.stringify(flight)));
    expect(again.length).toBe(early.frame.flights.filter(({ atMs }) => atMs >= (back.passing[0]?.atMs ?? 0)).length);
    for (const { atMs } of back.passing) expect(back.frame.nowMs - atMs).toBeLessThanOrEqual(1000);
  });

  test("explains a request that ended, and reports with the goal", () => {
    const { ask, open } = workers();
    open(1);
    const { requests } = ask({ type: "advance", untilMs: 60_000, budgetMs: 60_000, frame }).frame;
    const { explanation } = ask({ type: "explain", requestId: requests.at(-1)?.requestId ?? -1 });
    expect(explanation?.hops[0]).toMatchObject({ from: "a", status: 200 });
    const { report } = ask({ type: "report" });
    expect(report).toMatchObject({ experiment: "x", seed: 1, durationMs: 5000, goal: { passed: true } });
  });

  test("new documents change the run from now on; refused ones change nothing", () => {
    const { ask, open, read } = workers();
    open(1);
    ask({ type: "advance", untilMs: 1000, budgetMs: 60_000, frame });
    const fault = `---
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: { name: b }
spec:
  hosts: [b]
  http: [{ fault: { abort: { httpStatus: 418, percentage: { value: 100 } } }, route: [{ destination: { host: b } }] }]
`;
    const change = (text: string) =>
      read({ type: "planChange", opened: files, since: [], actions: [], files: [{ name: "x.yaml", text }], nowMs: 1000 });
    const refused = change(`${yaml}${fault.replace("hosts", "host")}`);
    expect({ change: refused.change, told: refused.diagnostics.length > 0 }).toEqual({ change: null, told: true });
    const before = ask({ type: "advance", untilMs: 2000, budgetMs: 60_000, frame }).frame.edges[0];
    expect(before?.statuses["418"]).toBeUndefined();

    const accepted = change(`${yaml}${fault}`);
    const { mesh, documents } = accepted.change!;
    ask({ type: "change", change: { id: 1, change: { type: "config", mesh }, documents }, frame });
    const after = ask({ type: "advance", untilMs: 60_000, budgetMs: 60_000, frame }).frame.edges[0];
    expect(after?.statuses["418"]).toBeGreaterThan(1000);
    expect((after?.statuses["200"] ?? 0) - (before?.statuses["200"] ?? 0)).toBeLessThan(20);
  });

  test("a change is planned alike by a worker that lost its memory", () => {
    const first = workers();
    first.open(1);
    const change: MeshRequest = { type: "planChange", opened: files, since: [], actions: [], files, nowMs: 1000 };
    expect(workers().read(change)).toEqual(first.read(change));
  });
});

describe("what the workers refuse", () => {
  test("an experiment with errors comes back with its diagnostics", () => {
    const { read } = workers();
    const broken = [{ name: "x.yaml", text: yaml.replace("duration", "durations") }];
    const planned = read({ type: "plan", files: broken });
    expect([planned.plan, planned.diagnostics[0]?.code]).toEqual([null, "MESH1501"]);
    expect(read({ type: "lint", files: broken }).diagnostics[0]?.code).toBe("MESH1501");
  });

  test.each([
    ["another version", { version: 99, id: 1, message: { type: "report" } }, "otherVersion"],
    ["no envelope", "hello", "notAnEnvelope"],
    ["an unknown question", { version: protocolVersion, id: 1, message: { type: "dance" } }, "unknownType"],
  ])("%s crashes with a message instead of throwing", (_what, data, reason) => {
    const { raw } = workers();
    for (const answerer of [raw.mesh, raw.simulation]) {
      expect(answerer.answer(data).message).toMatchObject({ type: "crashed", message: expect.stringContaining(reason) });
    }
  });

  test("a question for the other worker is refused", () => {
    const { raw } = workers();
    const data = { version: protocolVersion, id: 1, message: { type: "lint", files } };
    expect(raw.simulation.answer(data).message).toMatchObject({ type: "crashed" });
    expect(raw.mesh.answer(data).message).toMatchObject({ type: "linted" });
  });

  test("a question before a session is open is our bug, told as one", () => {
    const answer = workers().raw.simulation.answer({ version: protocolVersion, id: 4, message: { type: "report" } });
    expect(answer).toMatchObject({ id: 4, message: { type: "crashed", message: "no session is open" } });
  });
});
