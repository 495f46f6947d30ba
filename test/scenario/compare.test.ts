/** Two worlds under one seed: the same where nothing differs, and apart exactly from where the configuration does. */
import { expect, test } from "vitest";
import { compareRuns, openSession, type RunPlan } from "#scenario";
import { differencesOf } from "../../src/ui/sandbox/compare/differences.ts";
import { divergenceWords } from "../../src/ui/sandbox/compare/divergence-words.ts";
import { createTexts } from "../../src/ui/sandbox/texts.tsx";

const yaml = (weight: number) => `apiVersion: v1
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
spec: { hosts: [b], http: [{ route: [{ destination: { host: b, subset: v1 }, weight: ${100 - weight} }, { destination: { host: b, subset: v2 }, weight: ${weight} }] }] }
---
apiVersion: meshwise.dev/v1
kind: Experiment
metadata: { name: x }
spec:
  duration: 10s
  workloads:
  - { name: a }
  - { name: b-v1, service: b, labels: { app: b, version: v1 }, behaviour: { serviceTime: { exponential: 5ms } } }
  - { name: b-v2, service: b, labels: { app: b, version: v2 }, behaviour: { serviceTime: { exponential: 20ms }, errors: { rate: 0.2, status: 503 } } }
  traffic: [{ name: t, from: a, to: "http://b/", rate: 100/s }]
`;

function plan(weight: number): RunPlan {
  const opened = openSession([{ name: "", text: yaml(weight) }]);
  if (!opened.ok) throw new Error(JSON.stringify(opened.diagnostics));
  return opened.plan;
}

test("the same configuration is the same run, message for message", () => {
  const { a, b, divergence } = compareRuns(plan(10), plan(10), 5);
  expect(divergence).toBeNull();
  expect(b).toEqual(a);
  expect(a.requests).toBeGreaterThan(900);
});

test("another weight diverges at the first request it sends elsewhere; arrivals stay the same", () => {
  const { a, b, divergence } = compareRuns(plan(10), plan(50), 5);
  expect(divergence?.a).toMatchObject({ what: "request", from: "a", to: "b", workload: "b-v1" });
  expect(divergence?.b).toMatchObject({ what: "request", workload: "b-v2", requestId: divergence?.a?.requestId });
  expect(divergence?.b?.atMs).toBe(divergence?.a?.atMs);
  // Open-loop arrivals do not depend on what happens to them.
  expect(b.requests).toBe(a.requests);
  expect(b["arrivals default/b-v2"]).toBeGreaterThan((a["arrivals default/b-v2"] ?? 0) * 2);
});

test("where the worlds part is said in words, in both languages", () => {
  const { divergence } = compareRuns(plan(10), plan(50), 5);
  for (const language of ["en", "ru"] as const) {
    const words = divergenceWords(divergence, 5, createTexts(language));
    expect(words).toContain("b-v1 #0");
    expect(words).toContain("b-v2 #0");
    expect(words).toMatch(
      language === "en" ? /^With seed 5 both are the same until .+ ms/ : /^При seed 5 оба одинаковы до .+ мс/,
    );
  }
  expect(divergenceWords(null, 5, createTexts("en"))).toContain("message for message");
});

test("differences are means with their spread over seeds, smaller than each world's own noise", () => {
  const runs = [1, 2, 3, 4, 5].map((seed) => compareRuns(plan(10), plan(50), seed));
  const differences = differencesOf(runs);
  const of = (name: string) => differences.find((one) => one.name === name);
  expect(of("requests")).toMatchObject({ difference: 0, spread: 0 });
  const errors = of("errorShare");
  expect(errors?.difference).toBeGreaterThan(0.05);
  expect(errors?.least).toBeGreaterThan(0);
  expect(errors?.spread).toBeGreaterThan(0);
  expect(errors?.spread).toBeLessThan((errors?.difference ?? 0) / 3);
  expect(of("p95")?.b).toBeGreaterThan(of("p95")?.a ?? 0);
});
