/** spec.predict: questions before a run, answered by it alone. */
import { describe, expect, test } from "vitest";
import { planRun, startSession } from "#scenario";

const experiment = (rest: string) => `
apiVersion: v1
kind: Service
metadata: { name: b }
spec: { selector: { app: b }, ports: [{ name: http, port: 80 }] }
---
apiVersion: meshwise.dev/v1
kind: Experiment
metadata: { name: asks }
spec:
  duration: 4s
  workloads:
  - { name: a }
  - { name: b-v1, service: b, labels: { app: b }, replicas: 3, behaviour: { serviceTime: { constant: 5ms } } }
  - { name: b-v2, service: b, labels: { app: b }, behaviour: { serviceTime: { constant: 5ms } } }
  traffic: [{ name: t, from: a, to: "http://b/", rate: 100/s, arrivals: constant }]
${rest}`;
const plan = (rest: string) => planRun([{ name: "x.yaml", text: experiment(rest) }]);
const noFrames = { afterFlightId: 0, maxFlights: 0, maxRequests: 0 };

test("the answer is in no frame until the run has ended", () => {
  const planned = plan(
    "  predict: [{ metric: share, of: b-v2, choices: [0.25, 0.5] }, { metric: p50Ms, from: a, to: b, window: [1s, 2s], tolerance: 1 }]",
  );
  if (!planned.ok) throw new Error(JSON.stringify(planned.diagnostics));
  expect(planned.plan.goal.predict).toMatchObject({
    offered: false,
    questions: [{ metric: "share", choices: [0.25, 0.5] }, { tolerance: 1 }],
  });
  // As it crosses to the other worker: a question finds its names by identity.
  const session = startSession(structuredClone({ ...planned.plan, document: null, history: null, served: null }) as never, 1);
  expect(session.frame(noFrames).predicted).toEqual([]);
  session.run(3000);
  expect(session.frame(noFrames).predicted).toEqual([]);
  session.run();
  const predicted = session.frame(noFrames).predicted ?? [];
  expect(predicted).toEqual([
    { metric: "share", of: "b-v2", value: expect.any(Number) },
    { metric: "p50Ms", from: "a", to: "b", window: ["1s", "2s"], value: expect.any(Number) },
  ]);
  expect(predicted[0]?.value).toBeCloseTo(0.25, 1);
  expect(predicted[1]?.value).toBeCloseTo(5, 0);
});

test("an experiment that asks nothing offers the first number of its goal; one without a goal offers none", () => {
  const offered = plan("  expect: [{ metric: share, of: b-v2, atMost: 0.1 }, { metric: errorRate, from: a, to: b, equals: 0 }]");
  expect(offered).toMatchObject({ ok: true, plan: { goal: { predict: { offered: true, questions: [{ metric: "share" }] } } } });
  expect(offered.ok && offered.plan.goal.predict.questions).toHaveLength(1);
  expect(plan("")).toMatchObject({ ok: true, plan: { goal: { predict: { questions: [] } } } });
});

describe("refused", () => {
  test.each([
    ["an unknown field", "{ metric: share, of: b-v2, answer: 3 }", "MESH1501"],
    ["a question without a metric", "{ of: b-v2 }", "MESH1503"],
    ["a workload nobody has", "{ metric: share, of: c }", "MESH1507"],
    ["one answer to choose from", "{ metric: share, of: b-v2, choices: [0.5] }", "MESH1511"],
    ["a tolerance beside choices", "{ metric: share, of: b-v2, choices: [0.1, 0.5], tolerance: 1 }", "MESH1515"],
    ["a bound: that is a goal", "{ metric: share, of: b-v2, atMost: 1 }", "MESH1501"],
  ])("%s", (_what, question, code) => {
    const planned = plan(`  predict: [${question}]`);
    expect(planned.ok).toBe(false);
    expect(!planned.ok && planned.diagnostics.map((one) => one.code)).toContain(code);
  });
});
