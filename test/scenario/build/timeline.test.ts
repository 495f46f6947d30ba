import { describe, expect, test } from "vitest";
import { planRun } from "#scenario";

const documents = `apiVersion: v1
kind: Service
metadata: { name: b, namespace: shop }
spec: { selector: { app: b }, ports: [{ name: http, port: 80, targetPort: 8080 }] }
---
`;
const virtualService = (subset: string) =>
  `apiVersion: networking.istio.io/v1\nkind: VirtualService\nmetadata: { name: b, namespace: shop }\nspec: { hosts: [b], http: [{ route: [{ destination: { host: ${subset} } }] }] }\n`;

function planned(timeline: string) {
  const experiment = `apiVersion: meshwise.dev/v1
kind: Experiment
metadata: { name: x }
spec:
  duration: 60s
  workloads:
  - { name: a, namespace: shop }
  - { name: b, namespace: shop, service: b, labels: { app: b }, replicas: 3 }
  traffic: [{ from: a, to: "http://b.shop/", rate: 1/s }]
  timeline:
${timeline.replace(/^(?=.)/gm, "  ")}
`;
  return planRun([{ name: "x.yaml", text: `${documents}${experiment}` }]);
}

/** [time, change type, endpoints of Service b in the configuration pushed with it]. */
function pushes(timeline: string) {
  const result = planned(timeline);
  if (!result.ok) throw new Error(JSON.stringify(result.diagnostics));
  return result.plan.config.timeline.map(({ atMs, change }) => {
    const mesh = "mesh" in change ? change.mesh : null;
    return [atMs, change.type, mesh?.services.find((one) => one.name === "b")?.endpoints.map((one) => one.split(".").at(-1))];
  });
}

const [first, second, third, fourth] = ["1:8080", "2:8080", "3:8080", "4:8080"];

describe("each change carries the configuration of its moment", () => {
  test("entries are sorted by time, endpoints follow scaling, crash and recovery", () => {
    const timeline = `
- { at: 50s, fault: { recover: b, replica: 1 } }
- { at: 10s, scale: { workload: b, replicas: 4 } }
- { at: 30s, fault: { crash: b, replica: 1, removedAfter: 5s } }
- { at: 40s, delete: { kind: VirtualService, name: b, namespace: shop } }
- { at: 55s, fault: { slow: { workload: b, factor: 2 } } }`;
    expect(pushes(timeline)).toEqual([
      [10_000, "scale", [first, second, third, fourth]],
      [30_000, "crash", [first, third, fourth]],
      [40_000, "config", [first, third, fourth]],
      [50_000, "recover", [first, second, third, fourth]],
      [55_000, "slow", undefined],
    ]);
  });

  test("a push between a crash and its removal still has the endpoint, the removal has the push's documents", () => {
    const timeline = `
- { at: 30s, fault: { crash: b, replica: 0, removedAfter: 10s } }
- { at: 35s, scale: { workload: b, replicas: 4 } }`;
    expect(pushes(timeline)).toEqual([
      [30_000, "crash", [second, third, fourth]],
      [35_000, "scale", [first, second, third, fourth]],
    ]);
  });

  test("new replicas get addresses and ports, whichever comes later", () => {
    const result = planned("\n- { at: 10s, scale: { workload: b, replicas: 4 } }");
    const change = result.ok ? result.plan.config.timeline[0]?.change : undefined;
    expect(change?.type === "scale" && change.replicas.map((one) => one.addresses.length)).toEqual([1, 1, 1, 1]);
  });

  test("documents applied later replace those of the same kind and name", () => {
    const apply = (at: string, host: string) => `- at: ${at}\n  apply: |\n${virtualService(host).replace(/^(?=.)/gm, "    ")}`;
    const result = planned(`\n${apply("5s", "b")}${apply("9s", "nobody")}`);
    if (!result.ok) throw new Error(JSON.stringify(result.diagnostics));
    const clusters = result.plan.config.timeline.map(({ change }) => {
      const node = change.type === "config" ? change.mesh.nodes.find((one) => one.workload === "a") : undefined;
      const routes = node?.routes.flatMap((table) => table.virtualHosts.flatMap((host) => host.routes)) ?? [];
      return routes.flatMap(({ action, source }) =>
        action.type === "forward" && source?.kind === "VirtualService" ? action.clusters : [],
      )[0]?.cluster;
    });
    expect(clusters).toEqual(["outbound|80||b.shop.svc.cluster.local", "outbound|80||nobody.shop.svc.cluster.local"]);
  });
});

test.each([
  ["a workload nobody has", "- { at: 1s, fault: { crash: c } }", "MESH1507"],
  ["a replica that does not exist", "- { at: 1s, fault: { crash: b, replica: 3 } }", "MESH1511"],
  [
    "a document the API server refuses",
    `- at: 1s\n  apply: |\n${virtualService("b")
      .replace("hosts", "host")
      .replace(/^(?=.)/gm, "    ")}`,
    "MESH1101",
  ],
])("refused: %s", (_what, timeline, code) => {
  const result = planned(`\n${timeline}`);
  expect(result.ok).toBe(false);
  expect(!result.ok && result.diagnostics.map((one) => one.code)).toContain(code);
});
