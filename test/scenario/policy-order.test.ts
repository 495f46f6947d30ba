/** Policies of RBAC stand in the order in which Envoy asks them, whatever the order they were written in. */
import { expect, test } from "vitest";
import { planRun } from "#scenario";

const policy = (name: string, action: string) => `
apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata: { name: ${name}, namespace: shop }
spec: { action: ${action}, rules: [{ to: [{ operation: { methods: [GET] } }] }] }
---`;

test("of Istio by name, each action by itself", () => {
  const text = `
apiVersion: v1
kind: Service
metadata: { name: shop, namespace: shop }
spec: { selector: { app: shop }, ports: [{ name: http, port: 80 }] }
---${policy("zebra", "DENY")}${policy("m", "ALLOW")}${policy("ant", "DENY")}${policy("b", "ALLOW")}
apiVersion: meshwise.dev/v1
kind: Experiment
metadata: { name: one }
spec:
  workloads: [{ name: shop, namespace: shop, service: shop }, { name: client, namespace: shop }]
  traffic: [{ name: t, from: client, to: "http://shop.shop/", users: 1, requests: 1 }]
`;
  const planned = planRun([{ name: "x.yaml", text }]);
  if (!planned.ok) throw new Error(JSON.stringify(planned.diagnostics));
  const chains = planned.plan.config.mesh.nodes.flatMap(({ listeners }) => listeners.flatMap((one) => one.filterChains));
  const names = chains.flatMap(({ terminal }) =>
    terminal.type === "http"
      ? terminal.httpFilters.flatMap((one) => (one.name === "rbac" ? [one.config.policies.map(({ name }) => name)] : []))
      : [],
  );
  const ofPolicy = (name: string) => `ns[shop]-policy[${name}]-rule[0]`;
  expect(names).toContainEqual([ofPolicy("ant"), ofPolicy("zebra")]);
  expect(names).toContainEqual([ofPolicy("b"), ofPolicy("m")]);
});
