import { describe, expect, test } from "vitest";
import { type Envelope, protocolVersion, type WorkerRequest, type WorkerResponse } from "#protocol";
import { openSession } from "#scenario";
import { createAnswerer } from "../../src/worker/answer.ts";

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

/** A worker whose clock moves by `tickMs` each time it is read. */
function worker(tickMs = 0) {
  let nowMs = 0;
  const answerer = createAnswerer(() => {
    nowMs += tickMs;
    return nowMs;
  });
  let id = 0;
  return {
    raw: answerer,
    ask<Type extends WorkerResponse["type"]>(message: WorkerRequest, type: Type): Extract<WorkerResponse, { type: Type }> {
      id += 1;
      const answer: Envelope<WorkerResponse> = answerer.answer({ version: protocolVersion, id, message });
      expect(answer).toMatchObject({ version: protocolVersion, id });
      expect(answer.message.type === "crashed" ? answer.message.message : answer.message.type).toBe(type);
      return answer.message as Extract<WorkerResponse, { type: Type }>;
    },
  };
}

describe("one session in the worker", () => {
  test("the trace is the one Node computes, whatever the pace", () => {
    const opened = openSession(files, { seed: 7 });
    if (!opened.ok) throw new Error(JSON.stringify(opened.diagnostics));
    opened.session.run();
    const expected = opened.session.traceHash();

    const atOnce = worker();
    atOnce.ask({ type: "open", files, seed: 7 }, "opened");
    expect(atOnce.ask({ type: "advance", untilMs: 60_000, budgetMs: 60_000, frame }, "frame").traceHash).toBe(expected);

    // Every reading of this clock uses up the budget: many short turns, with single steps between them.
    const slowly = worker(1);
    slowly.ask({ type: "open", files, seed: 7 }, "opened");
    let turns = 0;
    for (;;) {
      const answer = slowly.ask({ type: "advance", untilMs: 60_000, budgetMs: 1, frame }, "frame");
      turns += 1;
      if (answer.frame.finished) {
        expect(answer.traceHash).toBe(expected);
        break;
      }
      slowly.ask({ type: "step", unit: turns % 2 === 0 ? "event" : "request", frame }, "frame");
    }
    expect(turns).toBeGreaterThan(5);
  });

  test("it stops at the asked time, and stands still when it is not asked", () => {
    const { ask } = worker();
    ask({ type: "open", files, seed: 1 }, "opened");
    const half = ask({ type: "advance", untilMs: 2500, budgetMs: 60_000, frame }, "frame").frame;
    expect(half.nowMs).toBeLessThanOrEqual(2500);
    expect(half.nowMs).toBeGreaterThan(2400);
    expect(ask({ type: "advance", untilMs: 2500, budgetMs: 60_000, frame }, "frame").frame).toEqual(half);
    expect(half.flights.length).toBe(50);
    expect(half.edges[0]).toMatchObject({ from: { name: "a" }, to: { name: "b" } });
  });

  test("seek goes back to the same numbers", () => {
    const { ask } = worker();
    ask({ type: "open", files, seed: 1 }, "opened");
    const early = ask({ type: "advance", untilMs: 1000, budgetMs: 60_000, frame }, "frame");
    ask({ type: "advance", untilMs: 4000, budgetMs: 60_000, frame }, "frame");
    const back = ask({ type: "seek", eventIndex: early.frame.eventCount, frame }, "frame");
    expect(back.traceHash).toBe(early.traceHash);
    expect(back.frame.edges).toEqual(early.frame.edges);
  });

  test("explains a request that ended, and reports with the goal", () => {
    const { ask } = worker();
    ask({ type: "open", files, seed: 1 }, "opened");
    const { requests } = ask({ type: "advance", untilMs: 60_000, budgetMs: 60_000, frame }, "frame").frame;
    const { explanation } = ask({ type: "explain", requestId: requests.at(-1)?.requestId ?? -1 }, "explained");
    expect(explanation?.hops[0]).toMatchObject({ from: "a", status: 200 });
    const { report } = ask({ type: "report" }, "reported");
    expect(report).toMatchObject({ experiment: "x", seed: 1, durationMs: 5000, goal: { passed: true } });
  });

  test("new documents change the run from now on; refused ones change nothing", () => {
    const { ask } = worker();
    ask({ type: "open", files, seed: 1 }, "opened");
    ask({ type: "advance", untilMs: 1000, budgetMs: 60_000, frame }, "frame");
    const fault = `---
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: { name: b }
spec:
  hosts: [b]
  http: [{ fault: { abort: { httpStatus: 418, percentage: { value: 100 } } }, route: [{ destination: { host: b } }] }]
`;
    const refused = ask(
      { type: "applyFiles", files: [{ name: "x.yaml", text: `${yaml}${fault.replace("hosts", "host")}` }], frame },
      "applied",
    );
    expect({ applied: refused.applied, told: refused.diagnostics.length > 0 }).toEqual({ applied: false, told: true });
    const before = ask({ type: "advance", untilMs: 2000, budgetMs: 60_000, frame }, "frame").frame.edges[0];
    expect(before?.statuses["418"]).toBeUndefined();

    const applied = ask({ type: "applyFiles", files: [{ name: "x.yaml", text: `${yaml}${fault}` }], frame }, "applied");
    expect(applied.applied).toBe(true);
    const after = ask({ type: "advance", untilMs: 60_000, budgetMs: 60_000, frame }, "frame").frame.edges[0];
    expect(after?.statuses["418"]).toBeGreaterThan(1000);
    expect((after?.statuses["200"] ?? 0) - (before?.statuses["200"] ?? 0)).toBeLessThan(20);
  });
});

describe("what the worker refuses", () => {
  test("an experiment with errors comes back with its diagnostics", () => {
    const { ask } = worker();
    const broken = [{ name: "x.yaml", text: yaml.replace("duration", "durations") }];
    expect(ask({ type: "open", files: broken, seed: 1 }, "refused").diagnostics[0]?.code).toBe("MESH1501");
    expect(ask({ type: "lint", files: broken }, "linted").diagnostics[0]?.code).toBe("MESH1501");
  });

  test.each([
    ["another version", { version: 99, id: 1, message: { type: "report" } }, "otherVersion"],
    ["no envelope", "hello", "notAnEnvelope"],
    ["an unknown question", { version: protocolVersion, id: 1, message: { type: "dance" } }, "unknownType"],
  ])("%s crashes with a message instead of throwing", (_what, data, reason) => {
    expect(worker().raw.answer(data).message).toMatchObject({ type: "crashed", message: expect.stringContaining(reason) });
  });

  test("a question before a session is open is our bug, told as one", () => {
    const answer = worker().raw.answer({ version: protocolVersion, id: 4, message: { type: "report" } });
    expect(answer).toMatchObject({ id: 4, message: { type: "crashed", message: "no session is open" } });
  });
});
