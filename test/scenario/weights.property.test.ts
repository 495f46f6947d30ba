/** Shares follow weights for any weights, names, namespaces and numbers of pods: nothing knows a level. */
import fc from "fast-check";
import { expect, test } from "vitest";
import { planRun, startSession } from "#scenario";
import { whileWorking } from "../support/speed.ts";

const label = fc
  .stringMatching(/^[a-z][a-z0-9]{0,8}(-[a-z0-9]{1,6})?$/)
  .filter((name) => !["client", "default", "null", "true", "false", "y", "n", "yes", "no", "on", "off"].includes(name));

const topology = fc
  .record({
    service: label,
    namespace: label,
    port: fc.integer({ min: 1024, max: 14_000 }),
    seed: fc.integer({ min: 0, max: 1_000_000 }),
    versions: fc.array(fc.record({ weight: fc.integer({ min: 0, max: 100 }), replicas: fc.integer({ min: 1, max: 6 }) }), {
      minLength: 2,
      maxLength: 5,
    }),
  })
  .filter((one) => one.versions.some((version) => version.weight > 0));

const requests = 4000;

test("share = weight / sum of weights, within 5 standard deviations", () => {
  fc.assert(
    fc.property(topology, ({ service, namespace, port, seed, versions }) => {
      const host = `${service}.${namespace}.svc.cluster.local`;
      const documents = [
        {
          apiVersion: "v1",
          kind: "Service",
          metadata: { name: service, namespace },
          spec: { selector: { app: service }, ports: [{ name: "http", port }] },
        },
        {
          apiVersion: "networking.istio.io/v1",
          kind: "DestinationRule",
          metadata: { name: "rule", namespace },
          spec: { host, subsets: versions.map((_, index) => ({ name: `s${index}`, labels: { version: `v${index}` } })) },
        },
        {
          apiVersion: "networking.istio.io/v1",
          kind: "VirtualService",
          metadata: { name: "split", namespace },
          spec: {
            hosts: [host],
            http: [{ route: versions.map(({ weight }, index) => ({ destination: { host, subset: `s${index}` }, weight })) }],
          },
        },
        {
          apiVersion: "meshwise.dev/v1",
          kind: "Experiment",
          metadata: { name: "generated" },
          spec: {
            duration: "100s",
            workloads: [
              { name: "client", namespace },
              ...versions.map(({ replicas }, index) => ({
                name: `w${index}`,
                namespace,
                service,
                replicas,
                labels: { app: service, version: `v${index}` },
              })),
            ],
            traffic: [{ name: "t", from: "client", to: `http://${host}:${port}/`, rate: "100/s", requests }],
          },
        },
      ];
      const text = documents.map((document) => JSON.stringify(document)).join("\n---\n");
      const planned = planRun([{ name: "generated.yaml", text }]);
      if (!planned.ok) throw new Error(JSON.stringify(planned.diagnostics));
      const session = startSession(planned.plan, seed);
      session.run();
      const total = versions.reduce((sum, version) => sum + version.weight, 0);
      const workloads = session.report().workloads;
      expect(workloads.reduce((sum, one) => sum + one.requests, 0)).toBe(requests);
      versions.forEach(({ weight }, index) => {
        const expected = weight / total;
        const share = workloads.find((one) => one.name === `w${index}`)?.share ?? Number.NaN;
        expect(Math.abs(share - expected)).toBeLessThanOrEqual(5 * Math.sqrt((expected * (1 - expected)) / requests) + 1e-12);
      });
    }),
    { numRuns: whileWorking(6, 25) },
  );
});
