import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { callCli } from "./call-cli.ts";

const path = join(mkdtempSync(join(tmpdir(), "meshwise-xds-")), "shop.yaml");
writeFileSync(
  path,
  `apiVersion: v1
kind: Service
metadata: { name: payments, namespace: shop }
spec: { selector: { app: payments }, ports: [{ name: http, port: 8080 }] }
---
apiVersion: apps/v1
kind: Deployment
metadata: { name: payments-v1, namespace: shop }
spec:
  replicas: 2
  template: { metadata: { labels: { app: payments, version: v1 } } }
---
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: { name: payments, namespace: shop }
spec:
  host: payments
  trafficPolicy:
    outlierDetection: { consecutive5xxErrors: 7, interval: 5s }
    connectionPool: { http: { http1MaxPendingRequests: 3 } }
  subsets: [{ name: v1, labels: { version: v1 } }]
---
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: { name: payments, namespace: shop }
spec:
  hosts: [payments]
  http:
  - match: [{ headers: { x-user: { exact: beta } }, uri: { prefix: /pay } }]
    timeout: 1.5s
    route: [{ destination: { host: payments, subset: v1 } }]
  - route: [{ destination: { host: payments, subset: v1 }, weight: 3 }, { destination: { host: payments }, weight: 1 }]
---
apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata: { name: only-web, namespace: shop }
spec:
  selector: { matchLabels: { app: payments } }
  rules: [{ from: [{ source: { principals: [cluster.local/ns/shop/sa/web] } }] }]
`,
);

interface Named {
  name: string;
}

async function show(type: string, proxy = "client"): Promise<Record<string, unknown>[]> {
  const { code, out, err } = await callCli(["xds", path, "--proxy", proxy, "--namespace", "shop", "--type", type]);
  expect({ code, err }).toEqual({ code: 0, err: "" });
  return JSON.parse(out);
}

test("routes carry matches, weights and timeouts in Envoy's fields", async () => {
  const tables = await show("routes");
  const table = tables.find((one) => one.name === "8080") as { virtualHosts: { domains: string[]; routes: unknown[] }[] };
  const host = table.virtualHosts.find((one) => one.domains.includes("payments.shop.svc.cluster.local"));
  expect(host?.routes[0]).toMatchObject({
    match: { prefix: "/pay", headers: [{ name: "x-user", stringMatch: { exact: "beta" } }] },
    route: { cluster: "outbound|8080|v1|payments.shop.svc.cluster.local", timeout: "1.500s", retryPolicy: { numRetries: 2 } },
  });
  expect(host?.routes[1]).toMatchObject({
    route: {
      weightedClusters: {
        clusters: [
          { name: "outbound|8080|v1|payments.shop.svc.cluster.local", weight: 3 },
          { name: "outbound|8080||payments.shop.svc.cluster.local", weight: 1 },
        ],
      },
      timeout: "0s",
    },
  });
});

test("clusters carry limits, detection and the TLS choice by endpoint", async () => {
  const clusters = await show("clusters");
  expect(
    clusters.find((one) => (one as unknown as Named).name === "outbound|8080|v1|payments.shop.svc.cluster.local"),
  ).toMatchObject({
    type: "EDS",
    connectTimeout: "10s",
    lbPolicy: "LEAST_REQUEST",
    circuitBreakers: { thresholds: [{ maxPendingRequests: 3 }] },
    outlierDetection: { consecutive5xx: 7, interval: "5s" },
    transportSocketMatches: [{ match: { tlsMode: "istio" }, transportSocket: { name: "envoy.transport_sockets.tls" } }, {}],
  });
});

test("endpoints list both pods, marked for mutual TLS", async () => {
  const assignments = await show("endpoints");
  const one = assignments.find((each) => each.clusterName === "outbound|8080||payments.shop.svc.cluster.local") as {
    endpoints: { lbEndpoints: unknown[] }[];
  };
  expect(one.endpoints.flatMap((each) => each.lbEndpoints)).toEqual(
    ["10.64.0.1", "10.64.0.2"].map((address) =>
      expect.objectContaining({
        endpoint: { address: { socketAddress: { address, portValue: 8080 } } },
        metadata: { filterMetadata: { "envoy.transport_socket_match": { tlsMode: "istio" } } },
      }),
    ),
  );
});

test("the server's listener asks for certificates and holds the policy", async () => {
  const text = JSON.stringify(await show("listeners", "payments-v1"));
  expect(text).toContain('"requireClientCertificate":true');
  expect(text).toContain("ns[shop]-policy[only-web]-rule[0]");
  expect(text).toContain('"exact":"spiffe://cluster.local/ns/shop/sa/web"');
});

test.each([
  ["no proxy named", ["--type", "routes"]],
  ["an unknown type", ["--proxy", "a", "--type", "secrets"]],
])("exit 2: %s", async (_what, args) => {
  expect((await callCli(["xds", path, ...args])).code).toBe(2);
});
