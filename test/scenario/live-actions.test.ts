/** What is done by hand to a running mesh does the same as the timeline that says it, event for event. */
import { expect, test } from "vitest";
import { stringify } from "yaml";
import type { ActionText } from "#scenario";
import { openSession, planAction, planChange } from "#scenario";

const world = (timeline: readonly unknown[] = [], controlPlane = "") => `apiVersion: v1
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
spec: { hosts: [b], http: [{ route: [{ destination: { host: b, subset: v1 } }] }] }
---
apiVersion: meshwise.dev/v1
kind: Experiment
metadata: { name: x }
spec:
  duration: 4s
  ${controlPlane}
  workloads:
  - { name: a }
  - { name: b1, service: b, labels: { app: b, version: v1 }, replicas: 3, behaviour: { serviceTime: { exponential: 5ms }, concurrency: 4, errors: { rate: 0.02 } } }
  - { name: b2, service: b, labels: { app: b, version: v2 }, replicas: 1 }
  traffic: [{ name: t, from: a, to: "http://b/", rate: 400/s }]
${timeline.length > 0 ? stringify({ timeline }).replace(/^/gm, "  ") : ""}`;
const files = (timeline?: readonly unknown[], controlPlane?: string) => [{ name: "x.yaml", text: world(timeline, controlPlane) }];

function open(text = files()) {
  const opened = openSession(text, { seed: 3 });
  if (!opened.ok) throw new Error(JSON.stringify(opened.diagnostics));
  return opened;
}

/** Does them live, one after the other, and runs to the end. */
function live(actions: readonly (readonly [atMs: number, action: ActionText])[], text = files()) {
  const { session, plan } = open(text);
  const done: { atMs: number; action: ActionText }[] = [];
  for (const [id, [atMs, action]] of actions.entries()) {
    session.run(atMs);
    const planned = planAction(plan, { action, since: [], actions: done, nowMs: atMs });
    if (!planned.ok) throw new Error(JSON.stringify(planned.diagnostics));
    // The clock of a session stands at the last event; the change belongs to the asked moment.
    session.change({ id, change: planned.change });
    done.push({ atMs, action });
  }
  session.run();
  return session;
}

const frame = { afterFlightId: 0, maxFlights: 0, maxRequests: 0 };

test.each<[string, ActionText, ActionText?]>([
  ["crash and recover", { fault: { crash: "b1", replica: 1 } }, { fault: { recover: "b1" } }],
  ["slow", { fault: { slow: { workload: "b1", factor: 8 } } }, { fault: { slow: { workload: "b1", factor: 1 } } }],
  ["cpu", { fault: { cpu: { workload: "b1", factor: 0.2 } } }, { fault: { cpu: { workload: "b1", factor: 1 } } }],
  ["errors", { fault: { errors: { workload: "b1", rate: 1, status: 500 } } }, { fault: { errors: { workload: "b1", rate: 0 } } }],
  [
    "partition",
    { fault: { partition: { from: "a", to: "b1" } } },
    { fault: { partition: { from: "a", to: "b1", active: false } } },
  ],
  ["scale", { scale: { workload: "b1", replicas: 5 } }],
  ["control plane", { fault: { controlPlaneDown: true } }, { fault: { controlPlaneDown: false } }],
  ["certificates", { fault: { expireCertificates: "b1" } }],
  ["traffic", { traffic: { name: "t", rate: "900/s" } }, { traffic: { name: "t", rate: "0/s" } }],
  ["users", { traffic: { name: "t", users: 3, thinkTime: "10ms" } }],
  ["headers", { traffic: { name: "t", headers: { "x-user": "beta" } } }, { traffic: { name: "t", headers: {} } }],
  [
    "target, caller and patience",
    { traffic: { name: "t", from: "b2", to: "http://b/other", method: "POST", timeout: "4ms" } },
    { traffic: { name: "t", from: "a", rate: "100/s" } },
  ],
  [
    "a client joins and leaves",
    {
      traffic: {
        name: "guest",
        from: "b2",
        to: "http://b/x",
        rate: "300/s",
        headers: [{ weight: 9, headers: { "x-user": "beta" } }, { headers: { "x-user": "alpha" } }],
      },
    },
    { traffic: { name: "guest", remove: true } },
  ],
  [
    "a closed loop joins and grows",
    { traffic: { name: "guest", from: "a", to: "http://b/", users: 2 } },
    { traffic: { name: "guest", users: 5 } },
  ],
  [
    "a client leaves and is back",
    { traffic: { name: "t", remove: true } },
    { traffic: { name: "t", from: "a", to: "http://b/", rate: "50/s" } },
  ],
])("%s: live and written, the same numbers", (_, begin, end) => {
  const both: [number, ActionText][] = [[1000, begin], ...(end ? [[2500, end] as [number, ActionText]] : [])];
  const byHand = live(both).frame(frame);
  const { session } = open(files(both.map(([atMs, action]) => ({ at: `${atMs}ms`, ...action }))));
  session.run();
  const written = session.frame(frame);
  expect(byHand.edges).toEqual(written.edges);
  expect(byHand.arrivals).toEqual(written.arrivals);
});

test("many clients join by hand, beside a probe: each is counted under its name, the probe under none", () => {
  const [{ name, text }] = files() as [{ name: string; text: string }];
  const probed = [{ name, text: `${text}  expect: [{ probe: { from: a, request: "GET http://b/", status: 200 } }]\n` }];
  const join = (n: number): [number, ActionText] => [
    200 * n,
    { traffic: { name: `n${n}`, from: n % 2 ? "a" : "b2", to: `http://b/${n}`, rate: `${100 * n}/s`, arrivals: "constant" } },
  ];
  const session = live([1, 2, 3, 4, 5].map(join), probed);
  const { edges, goal } = session.report();
  const counted = Object.fromEntries(edges.map(({ traffic, requests }) => [traffic, requests]));
  // Evenly, the first at once: n · 100 a second for 4 s without the first n · 0.2 s.
  expect(counted).toMatchObject({ n1: 380, n2: 720, n3: 1020, n4: 1280, n5: 1500 });
  expect(Object.keys(counted)).toHaveLength(6);
  expect(goal.passed).toBe(true);
  const arrived = session.frame(frame).arrivals?.reduce((sum, { requests }) => sum + requests, 0);
  expect(arrived).toBe(edges.reduce((sum, { requests }) => sum + requests, 0));
});

test("where a client calls from and to shows in the graph", () => {
  const { plan } = open();
  const planned = planAction(plan, {
    action: { traffic: { name: "guest", from: "b2", to: "http://b/", users: 1 } },
    since: [],
    actions: [],
    nowMs: 10,
  });
  expect(planned.ok && planned.topology?.callers).toContainEqual({ name: "b2", namespace: "default", traffic: ["guest"] });
  expect(planned.ok && planned.topology?.edges).toContainEqual({ from: "b2", to: "b" });
});

test("a crash done by hand stays when documents are applied later", () => {
  const { session, plan } = open();
  const actions = [{ atMs: 500, action: { fault: { crash: "b1" } } }];
  const change = planChange(plan, { files: files(), since: [], actions, nowMs: 3000 });
  const endpoints = (ok: typeof change) =>
    ok.ok
      ? ok.change.mesh.nodes
          .flatMap((node) => node.endpoints)
          .filter(({ cluster }) => cluster === "outbound|80||b.default.svc.cluster.local")
      : [];
  const hosts = (ok: typeof change) => endpoints(ok).flatMap((one) => one.localities.flatMap((place) => place.endpoints)).length;
  const without = planChange(plan, { files: files(), since: [], actions: [], nowMs: 3000 });
  expect(hosts(change)).toBeLessThan(hosts(without));
  expect(session.nowMs).toBe(0);
});

test("what cannot be said in a timeline is refused with its reason", () => {
  const { plan } = open();
  const ask = (action: ActionText) => planAction(plan, { action, since: [], actions: [], nowMs: 10 });
  const codes = (action: ActionText) => {
    const answer = ask(action);
    return answer.ok ? [] : answer.diagnostics.map(({ code }) => code);
  };
  expect(codes({ fault: { crash: "nobody" } })).toEqual(["MESH1507"]);
  expect(codes({ traffic: { name: "nobody", rate: "1/s" } })).toEqual(["MESH1507"]);
  expect(codes({ traffic: { name: "t", rate: "1/s", users: 2 } })).toEqual(["MESH1505"]);
  expect(codes({ traffic: { name: "t" } })).toEqual(["MESH1505"]);
  expect(codes({ traffic: { name: "guest", from: "a", rate: "1/s" } })).toEqual(["MESH1503"]);
  expect(codes({ traffic: { name: "guest", from: "nobody", to: "http://b/", rate: "1/s" } })).toEqual(["MESH1507"]);
  expect(codes({ traffic: { name: "t", from: "internet" } })).toEqual(["MESH1518"]);
  expect(codes({ traffic: { name: "t", to: "b" } })).toEqual(["MESH1510"]);
  expect(codes({ traffic: { name: "guest", remove: true } })).toEqual(["MESH1507"]);
  expect(codes({ traffic: { name: "t", remove: true, rate: "1/s" } })).toEqual(["MESH1513"]);
  expect(codes({ fault: { slow: { workload: "b1" } } })).toEqual(["MESH1503"]);
});

const toV2 = files().map((file) => ({ ...file, text: file.text.replace("subset: v1 }", "subset: v2 }") }));

/** When v2 gets its first request after the change at 1 s, ms. */
function takesOver(delivery: "atOnce" | "asCluster" | undefined, controlPlane = "", delay?: string): number {
  const before = files(undefined, controlPlane);
  const { session, plan } = open(before);
  session.run(900);
  if (delay) {
    const planned = planAction(plan, { action: { fault: { pushDelay: delay } }, since: [], actions: [], nowMs: 900 });
    if (planned.ok) session.change({ id: 1, change: planned.change });
  }
  session.run(1000);
  const after = before.map((file) => ({ ...file, text: file.text.replace("subset: v1 }", "subset: v2 }") }));
  const planned = planChange(plan, { files: after, since: [], actions: [], nowMs: 1000 });
  if (!planned.ok) throw new Error(JSON.stringify(planned.diagnostics));
  session.change({ id: 2, change: { type: "config", mesh: planned.change.mesh, ...(delivery ? { delivery } : {}) } });
  for (;;) {
    if (!session.step()) return Number.POSITIVE_INFINITY;
    const arrived = session.frame(frame).arrivals?.some(({ workload, requests }) => workload === "b2" && requests > 0);
    if (arrived) return session.nowMs;
  }
}

test("a configuration is pushed at once, as istiod does it, or as the experiment says", () => {
  const slow = "controlPlane: { debounce: 50ms, pushDelay: 700ms }";
  expect(toV2[0]?.text).not.toBe(files()[0]?.text);
  expect(takesOver(undefined)).toBeLessThan(1050);
  // istiod waits 100 ms for further changes.
  expect(takesOver("asCluster")).toBeGreaterThan(1099);
  expect(takesOver("asCluster")).toBeLessThan(1150);
  expect(takesOver(undefined, slow)).toBeGreaterThan(1749);
  expect(takesOver("atOnce", slow)).toBeLessThan(1050);
  expect(takesOver(undefined, "", "500ms")).toBeGreaterThan(1599);
  expect(takesOver(undefined, "", "500ms")).toBeLessThan(1650);
});
