/** What is wrong with an entry of the timeline is shown at the name that is wrong. */
import { expect, test } from "vitest";
import { openSession } from "#scenario";

const text = (entry: string) => `apiVersion: v1
kind: Service
metadata: { name: b }
spec: { selector: { app: b }, ports: [{ name: http, port: 80 }] }
---
apiVersion: meshwise.dev/v1
kind: Experiment
metadata: { name: x }
spec:
  duration: 9s
  workloads:
  - { name: a }
  - { name: b1, service: b, labels: { app: b }, replicas: 2 }
  traffic: [{ name: t, from: a, to: "http://b/", rate: 50/s }]
  timeline:
  - { at: 1s, ${entry} }
`;

test.each([
  ["scale: { workload: zz, replicas: 2 }", "MESH1507", "scale.workload", "zz"],
  ["fault: { crash: zz }", "MESH1507", "fault.crash", "zz"],
  ["fault: { recover: b1, replica: 7 }", "MESH1511", "fault.replica", "7"],
  ["fault: { expireCertificates: zz }", "MESH1507", "fault.expireCertificates", "zz"],
  ["fault: { slow: { workload: zz, factor: 2 } }", "MESH1507", "fault.slow.workload", "zz"],
  ["fault: { errors: { workload: b1, replica: 9, rate: 1 } }", "MESH1511", "fault.errors.replica", "9"],
  ["traffic: { name: zz, rate: 1/s }", "MESH1507", "traffic.name", "zz"],
  ["traffic: { name: zz, remove: true }", "MESH1507", "traffic.name", "zz"],
  ["traffic: { name: t, from: zz }", "MESH1507", "traffic.from", "zz"],
  ["traffic: { name: t, to: 'http://zz/' }", "MESH1523", "traffic.to", "'http://zz/'"],
  ["traffic: { name: t, rate: 900000000/s }", "MESH1511", "traffic.rate", "900000000/s"],
  ["traffic: { name: n, from: zz, to: 'http://b/', rate: 1/s }", "MESH1507", "traffic.from", "zz"],
])("%s: %s at %s", (entry, code, path, written) => {
  const whole = text(entry);
  const opened = openSession([{ name: "x.yaml", text: whole }]);
  const found = opened.ok ? opened.plan.diagnostics : opened.diagnostics;
  const places = found.map(({ line, column, endColumn, ...one }) => {
    return [one.code, one.path, whole.split("\n")[line - 1]?.slice(column - 1, endColumn - 1)];
  });
  expect(places).toEqual([[code, `spec.timeline[0].${path}`, written]]);
});
