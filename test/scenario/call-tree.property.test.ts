/** Calls between services count exactly: any tree of calls, any names, any steps in order or in parallel. */
import fc from "fast-check";
import { expect, test } from "vitest";
import { planRun, startSession } from "#scenario";
import { whileWorking } from "../support/speed.ts";

/** For each service after the first: who calls it (an earlier one), how often, and whether in parallel with the call before. */
const tree = fc.record({
  prefix: fc.stringMatching(/^[a-z]{1,6}$/),
  seed: fc.integer({ min: 0, max: 1_000_000 }),
  requests: fc.integer({ min: 1, max: 60 }),
  services: fc.array(
    fc.record({
      parent: fc.nat(),
      calls: fc.integer({ min: 1, max: 3 }),
      parallel: fc.boolean(),
      ms: fc.integer({ min: 0, max: 20 }),
    }),
    { minLength: 0, maxLength: 6 },
  ),
});

test("arrivals are the product of calls along the path, and nothing fails", () => {
  fc.assert(
    fc.property(tree, ({ prefix, seed, requests, services }) => {
      const name = (index: number): string => `${prefix}-${index}`;
      const url = (index: number): string => `http://${name(index)}.apps:8080/`;
      const parents = services.map(({ parent }, index) => parent % (index + 1));
      const expected = [requests];
      const steps: unknown[][] = Array.from({ length: services.length + 1 }, () => []);
      services.forEach(({ calls, parallel }, index) => {
        const parent = parents[index] ?? 0;
        expected.push((expected[parent] ?? 0) * calls);
        const call = { to: url(index + 1) };
        steps[parent]?.push(
          ...(parallel ? [Array.from({ length: calls }, () => call)] : Array.from({ length: calls }, () => call)),
        );
      });
      const documents = [
        ...expected.map((_, index) => ({
          apiVersion: "v1",
          kind: "Service",
          metadata: { name: name(index), namespace: "apps" },
          spec: { selector: { app: name(index) }, ports: [{ name: "http", port: 8080 }] },
        })),
        {
          apiVersion: "meshwise.dev/v1",
          kind: "Experiment",
          metadata: { name: "generated" },
          spec: {
            duration: "60s",
            workloads: [
              { name: "caller", namespace: "apps" },
              ...expected.map((_, index) => ({
                name: name(index),
                namespace: "apps",
                service: name(index),
                labels: { app: name(index) },
                replicas: 2,
                behaviour: { serviceTime: { constant: `${services[index - 1]?.ms ?? 1}ms` }, calls: steps[index] },
              })),
            ],
            traffic: [{ name: "t", from: "caller", to: url(0), rate: "20/s", requests }],
          },
        },
      ];
      const planned = planRun([{ name: "", text: documents.map((one) => JSON.stringify(one)).join("\n---\n") }]);
      if (!planned.ok) throw new Error(JSON.stringify(planned.diagnostics));
      const session = startSession(planned.plan, seed);
      session.run();
      const report = session.report();
      const counts = report.workloads;
      expect(expected.map((_, index) => counts.find((one) => one.name === name(index))?.requests)).toEqual(expected);
      const edges = report.edges;
      expect(edges.every((edge) => edge.ok === edge.requests && edge.security.none === 0)).toBe(true);
    }),
    { numRuns: whileWorking(10, 40) },
  );
});
