/** What a plan refuses is told once, in the file that the reader wrote and at the line it stands on. */
import { expect, test } from "vitest";
import { lintFiles, type PlanOptions, planRun } from "#scenario";

const experiment = (spec: string, kind = "Experiment") => `apiVersion: meshwise.dev/v1
kind: ${kind}
metadata: { name: t }
spec:
  workloads: [{ name: a }, { name: b }]
  traffic: [{ name: t, from: a, to: "http://b/", rate: 1/s }]
${spec}`;

function refusals(text: string, options?: PlanOptions): string[] {
  const planned = planRun([{ name: "x.yaml", text }], options);
  const found = planned.ok ? planned.plan.diagnostics : planned.diagnostics;
  return found
    .filter(({ severity }) => severity === "error")
    .map(({ code, file, path, line, column }) => `${code} ${file}:${line}:${column} ${path}`);
}

test("a document that the timeline applies is refused at its own line of the Experiment", () => {
  const block = `  timeline:
  - at: 1s
    apply: | # the rule
      apiVersion: networking.istio.io/v1
      kind: VirtualService
      metadata: { name: b }
      spec: { hosts: [b], htp: [] }
`;
  expect(refusals(experiment(block))).toEqual(
    expect.arrayContaining(["MESH1101 x.yaml:13:27 spec.htp", "MESH1200 x.yaml:13:27 spec.htp"]),
  );
});

test("text on one line is refused where it stands, and once", () => {
  expect(refusals(experiment("  timeline: [{ at: 1s, apply: '{{{' }]\n"))).toEqual(["MESH1004 x.yaml:7:31 "]);
});

test("a kind of ours that there is not is refused, with an Experiment beside it or without", () => {
  const misspelled = experiment("", "Experimnt");
  expect(refusals(misspelled)).toEqual(["MESH1506 x.yaml:2:7 kind"]);
  expect(refusals(`${experiment("")}---\n${misspelled}`)).toEqual(["MESH1506 x.yaml:9:7 kind"]);
  expect(lintFiles([{ name: "x.yaml", text: misspelled }]).map(({ code }) => code)).toEqual(["MESH1506"]);
});

test("a setting that names an entry of a list by a word is refused instead of being lost", () => {
  const named = { settings: [{ path: "spec.traffic.t.rate", value: "5/s" }] };
  expect(refusals(experiment(""), named)).toEqual(["MESH1501 x.yaml:6:3 spec.traffic.t"]);
  expect(refusals(experiment(""), { settings: [{ path: "spec.traffic.0.rate", value: "5/s" }] })).toEqual([]);
});

test("an unknown event of timeOf is refused once", () => {
  const goal = "  expect: [{ metric: timeOf, of: b, event: boom, atMost: 1 }]\n";
  expect(refusals(experiment(goal))).toEqual(["MESH1506 x.yaml:7:44 spec.expect[0].event"]);
});

test("more entries than the engine can tell apart are refused, those of probes among them", () => {
  const entries = (count: number) =>
    Array.from({ length: count }, (_, index) => `  - { name: t${index}, from: a, to: "http://b/", burst: 1 }\n`).join("");
  const probe = '  expect: [{ probe: { from: a, request: "GET http://b/", status: 200 } }]\n';
  const many = (count: number, rest = "") =>
    experiment("").replace(/ {2}traffic: .*\n/, () => `  traffic:\n${entries(count)}${rest}`);
  expect(refusals(many(4096))).toEqual([]);
  expect(refusals(many(4096, probe))).toEqual(["MESH1511 x.yaml:7:3 spec.traffic"]);
});
