/** Certificates and pushes over time, as marks: renewals while the CA answers, expiry while it does not. */
import { expect, test } from "vitest";
import { type ControlMark, openSession } from "#scenario";

const world = (timeline: string, extra = "") => `apiVersion: v1
kind: Service
metadata: { name: b }
spec: { selector: { app: b }, ports: [{ name: http, port: 80 }] }
---
apiVersion: meshwise.dev/v1
kind: Experiment
metadata: { name: x }
spec:
  duration: 60s
  ${extra}
  workloads:
  - { name: a }
  - { name: b, service: b, labels: { app: b }, replicas: 2 }
  traffic: [{ name: t, from: a, to: "http://b/", rate: 10/s }]
  timeline: ${timeline}
`;

function control(timeline: string, extra?: string, untilMs = 60_000) {
  const opened = openSession([{ name: "x.yaml", text: world(timeline, extra) }], { seed: 1 });
  if (!opened.ok) throw new Error(JSON.stringify(opened.diagnostics));
  opened.session.run(untilMs);
  const { control: found } = opened.session.frame({ afterFlightId: 0, maxFlights: 0, maxRequests: 0 });
  if (!found) throw new Error("a frame without its control plane");
  return found;
}

const certificates = (marks: readonly ControlMark[]) => marks.filter(({ type }) => type !== "push");
const lifetime = "certificates: { lifetime: 20s, renewAt: 0.5 }";

test("certificates are renewed at their share of the lifetime; with a day of it, not once in a minute", () => {
  const { marks, expired } = control("[]", lifetime, 45_000);
  expect(certificates(marks)).toEqual([10, 20, 30, 40].map((s) => ({ atMs: s * 1000, type: "rotated", workload: "" })));
  expect(expired).toEqual([]);
  expect(certificates(control("[]").marks)).toEqual([]);
});

test("in an outage of the CA the last certificates run out; when it answers again all are renewed", () => {
  const timeline = "[{ at: 12s, fault: { caDown: true } }, { at: 40s, fault: { caDown: false } }]";
  expect(control(timeline, lifetime, 29_000)).toMatchObject({ authorityUp: false, expired: [] });
  expect(control(timeline, lifetime, 31_000)).toMatchObject({ authorityUp: false, expired: [""] });
  const { marks, expired, authorityUp } = control(timeline, lifetime, 51_000);
  expect(certificates(marks).map(({ atMs, type }) => [atMs, type])).toEqual([
    [10_000, "rotated"],
    [30_000, "expired"],
    [40_000, "rotated"],
    [50_000, "rotated"],
  ]);
  expect({ expired, authorityUp }).toEqual({ expired: [], authorityUp: true });
});

test("certificates that are made to expire belong to their workload until the CA renews them", () => {
  const timeline = "[{ at: 5s, fault: { expireCertificates: b } }, { at: 9s, fault: { caDown: false } }]";
  expect(control(timeline, "", 8000).expired).toEqual(["default/b"]);
  expect(control(timeline, "", 10_000)).toMatchObject({
    expired: [],
    marks: [
      { atMs: 5000, type: "expired", workload: "b" },
      { atMs: 9000, type: "rotated", workload: "b" },
    ],
  });
});

test("a push tells when the last proxy had it, and how many are behind until then", () => {
  const timeline = "[{ at: 10s, scale: { workload: b, replicas: 3 } }]";
  const plane = "controlPlane: { debounce: 100ms, pushDelay: 700ms }";
  const [push] = control(timeline, plane, 10_500).marks;
  expect(push).toMatchObject({ atMs: 10_100, type: "push", version: 1, taken: 0, refused: 0, untilMs: null });
  const { proxies, version, marks } = control(timeline, plane, 12_000);
  expect(version).toBe(1);
  expect(marks).toMatchObject([{ taken: push?.type === "push" ? push.proxies : -1, untilMs: 10_800 }]);
  expect(proxies.every(({ state }) => state === "SYNCED")).toBe(true);
  // Without a model of the control plane every proxy has it at once.
  expect(control(timeline).marks).toMatchObject([{ atMs: 10_000, type: "push", version: 0, untilMs: 10_000 }]);
});
