/** A canary moved by itself: what it is judged by, what it does to the traffic, and that it is the same run every time. */
import { expect, test } from "vitest";
import { lintFiles, openSession, planAction, planChange } from "#scenario";

interface World {
  canary?: string;
  rollout?: string;
  timeline?: string;
}

const world = ({ canary = "{ serviceTime: { exponential: 5ms } }", rollout = "", timeline = "" }: World) => `apiVersion: v1
kind: Service
metadata: { name: b }
spec: { selector: { app: b }, ports: [{ name: http, port: 80 }] }
---
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: { name: b }
spec: { host: b, subsets: [{ name: v1, labels: { version: v1 } }, { name: v2, labels: { version: v2 } }] }
---
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: { name: b }
spec:
  hosts: [b]
  http:
  - route:
    - { destination: { host: b, subset: v1 }, weight: 95 }
    - { destination: { host: b, subset: v2 }, weight: 5 }
    retries: { attempts: 0 }
---
apiVersion: meshwise.dev/v1
kind: Experiment
metadata: { name: x }
spec:
  duration: 30s
  workloads:
  - { name: a }
  - { name: b1, service: b, labels: { app: b, version: v1 }, replicas: 2, behaviour: { serviceTime: { exponential: 5ms } } }
  - { name: b2, service: b, labels: { app: b, version: v2 }, replicas: 2, behaviour: ${canary} }
  traffic: [{ name: t, from: a, to: "http://b/", rate: 200/s }]
  rollout: { virtualService: b, canary: b2, interval: 2s, stepWeight: 20, maxWeight: 60, threshold: 3${rollout} }
${timeline}`;

const files = (some: World = {}) => [{ name: "x.yaml", text: world(some) }];
const frame = { afterFlightId: 0, maxFlights: 0, maxRequests: 0 };

function run(some: World = {}, seed = 5) {
  const opened = openSession(files(some), { seed });
  if (!opened.ok) throw new Error(JSON.stringify(opened.diagnostics));
  opened.session.run();
  const { rollout, arrivals } = opened.session.frame(frame);
  if (!rollout) throw new Error("no rollout");
  const requests = (name: string) =>
    arrivals?.filter(({ workload }) => workload === name).reduce((sum, row) => sum + row.requests, 0) ?? 0;
  return { ...opened, rollout, requests };
}

test("a good canary goes up step by step and is promoted", () => {
  const { rollout, requests } = run();
  expect(rollout).toMatchObject({ phase: "promoted", weight: 100, failedChecks: 0 });
  expect(rollout.checks.map(({ atMs, weight, nextWeight, verdict }) => [atMs, weight, nextWeight, verdict])).toEqual([
    [2000, 0, 20, "start"],
    [4000, 20, 40, "advance"],
    [6000, 40, 60, "advance"],
    [8000, 60, 100, "promote"],
  ]);
  for (const { weight, requests: seen } of rollout.checks.slice(1)) {
    const share = weight / 100;
    // What was counted in two seconds at 200/s.
    expect(Math.abs(seen - 400 * share)).toBeLessThan(5 * Math.sqrt(400 * share));
  }
  // 22 of 30 seconds all of the traffic, before that 0, 20, 40 and 60 percent for two seconds each.
  expect(requests("b2") / (requests("b1") + requests("b2"))).toBeCloseTo((22 + 2 * 1.2) / 30, 1);
});

test("a failing canary is held, then rolled back after the threshold", () => {
  const { rollout, requests } = run({ canary: "{ errors: { rate: 0.3, status: 500 } }" });
  expect(rollout.phase).toBe("rolledBack");
  expect(rollout.checks.map(({ verdict, reason }) => [verdict, reason])).toEqual([
    ["start", ""],
    ["halt", "successRate"],
    ["halt", "successRate"],
    ["halt", "successRate"],
    ["rollback", "threshold"],
  ]);
  expect(rollout.checks.at(1)?.successRate).toBeCloseTo(0.7, 1);
  // Four intervals at 20 %, nothing afterwards.
  expect(Math.abs(requests("b2") - 320)).toBeLessThan(100);
});

test("a slow canary fails its p99, one without traffic fails for that", () => {
  const slow = run({ canary: "{ serviceTime: { constant: 80ms } }", rollout: ", p99: 50ms" }).rollout;
  expect(slow.checks[1]).toMatchObject({ verdict: "halt", reason: "p99" });
  expect(slow.checks[1]?.p99Ms).toBeCloseTo(80, 0);
  expect(run({ canary: "{ serviceTime: { constant: 80ms } }", rollout: ", p99: 90ms" }).rollout.phase).toBe("promoted");
  const silent = world({}).replace("rate: 200/s", "rate: 200/s, duration: 1s");
  const opened = openSession([{ name: "x.yaml", text: silent }]);
  if (!opened.ok) throw new Error("refused");
  opened.session.run();
  expect(opened.session.frame(frame).rollout?.checks[1]).toMatchObject({
    verdict: "halt",
    reason: "noRequests",
    successRate: null,
  });
});

test("the same seed decides the same, in pieces and after going back", () => {
  const flaky = { canary: "{ errors: { rate: 0.012, status: 503 } }" };
  const whole = run(flaky, 11);
  const again = openSession(files(flaky), { seed: 11 });
  if (!again.ok) throw new Error("refused");
  for (let ms = 0; ms < 30_000; ms += 370) again.session.run(ms);
  again.session.seekTime(5000);
  expect(again.session.frame(frame).rollout?.checks.length).toBe(2);
  again.session.run();
  expect(again.session.traceHash()).toBe(whole.session.traceHash());
  expect(again.session.frame(frame).rollout).toEqual(whole.rollout);
  const verdicts = new Set(
    [1, 2, 3, 4, 5, 6].map((seed) =>
      run(flaky, seed)
        .rollout.checks.map(({ verdict }) => verdict)
        .join(),
    ),
  );
  expect(verdicts.size).toBeGreaterThan(1);
});

test("what the timeline or a reader applies meanwhile keeps the canary's weight", () => {
  const timeline = `  timeline:
  - at: 5s
    apply: |
      apiVersion: networking.istio.io/v1
      kind: DestinationRule
      metadata: { name: b }
      spec: { host: b, trafficPolicy: { loadBalancer: { simple: RANDOM } }, subsets: [{ name: v1, labels: { version: v1 } }, { name: v2, labels: { version: v2 } }] }
`;
  expect(run({ timeline }).rollout.checks.map(({ nextWeight }) => nextWeight)).toEqual([20, 40, 60, 100]);
  const share = (change: (opened: ReturnType<typeof run>) => void) => {
    const opened = openSession(files(), { seed: 5 });
    if (!opened.ok) throw new Error("refused");
    opened.session.run(4500);
    change(opened as never);
    const before = opened.session.frame(frame).arrivals ?? [];
    opened.session.run(5900);
    const after = opened.session.frame(frame).arrivals ?? [];
    const count = (rows: typeof before, name: string) =>
      rows.filter(({ workload }) => workload === name).reduce((sum, row) => sum + row.requests, 0);
    const [v1, v2] = ["b1", "b2"].map((name) => count(after, name) - count(before, name)) as [number, number];
    return v2 / (v1 + v2);
  };
  const applied = share(({ session, plan }) => {
    const planned = planChange(plan, { files: files(), since: [], actions: [], nowMs: 4500 });
    if (!planned.ok) throw new Error("refused");
    const { mesh, stages } = planned.change;
    session.change({
      id: 1,
      change: {
        type: "together",
        changes: [
          { type: "stages", base: mesh, byStage: stages },
          { type: "config", mesh },
        ],
      },
    });
  });
  expect(Math.abs(applied - 0.4)).toBeLessThan(0.13);
  const crashed = share(({ session, plan }) => {
    const planned = planAction(plan, {
      action: { fault: { crash: "b1", replica: 0, removedAfter: "1ms" } },
      since: [],
      actions: [],
      nowMs: 4500,
    });
    if (!planned.ok) throw new Error("refused");
    session.change({ id: 1, change: planned.change });
  });
  expect(Math.abs(crashed - 0.4)).toBeLessThan(0.13);
});

test.each([
  ["virtualService: b", "virtualService: nobody", "MESH1507"],
  ["canary: b2", "canary: nobody", "MESH1507"],
  ["canary: b2", "canary: b2, subset: v9", "MESH1522"],
  ["stepWeight: 20, maxWeight: 60", "stepWeights: [20, 10]", "MESH1511"],
  ["stepWeight: 20", "stepWeights: [20], stepWeight: 1", "MESH1505"],
  ["interval: 2s", "interval: 0s", "MESH1511"],
  ["threshold: 3", "treshold: 3", "MESH1501"],
])("%s → %s is %s", (from, to, code) => {
  const codes = lintFiles([{ name: "x.yaml", text: world({}).replace(from, to) }]).map((one) => one.code);
  expect(codes).toContain(code);
});

test("the report carries it", () => {
  const { session } = run();
  expect(session.report().rollout).toMatchObject({ phase: "promoted", threshold: 3 });
});
