/** Whose proxies report a request, and how they call those at its ends: gateways, clients without a proxy, TCP, services nobody knows. */
import { describe, expect, test } from "vitest";
import { planRun } from "../../../src/scenario/build/plan.ts";
import { exportRun } from "../../../src/scenario/export/export-run.ts";
import { startSession } from "../../../src/scenario/start-session.ts";

const text = `
apiVersion: v1
kind: ConfigMap
metadata: { name: istio, namespace: istio-system }
data: { mesh: "trustDomain: corp.example" }
---
apiVersion: v1
kind: Service
metadata: { name: shop, namespace: shop }
spec: { selector: { app: shop }, ports: [{ name: http, port: 8080 }] }
---
apiVersion: v1
kind: Service
metadata: { name: bank, namespace: shop }
spec: { selector: { app: bank }, ports: [{ name: http, port: 8080 }] }
---
apiVersion: networking.istio.io/v1
kind: Gateway
metadata: { name: edge, namespace: istio-system }
spec: { selector: { istio: ingressgateway }, servers: [{ port: { number: 80, name: http, protocol: HTTP }, hosts: ["*"] }] }
---
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: { name: edge, namespace: shop }
spec: { hosts: [shop.example], gateways: [istio-system/edge], http: [{ route: [{ destination: { host: shop } }] }] }
---
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: { name: bank, namespace: shop }
spec: { hosts: [bank], http: [{ route: [{ destination: { host: bank, subset: none } }] }] }
---
apiVersion: meshwise.dev/v1
kind: Experiment
metadata: { name: reports }
spec:
  duration: 2s
  workloads:
  - { name: web, namespace: shop, labels: { app: web, version: v7 } }
  - { name: legacy, namespace: shop, meshed: false }
  - name: shop-v2
    namespace: shop
    service: shop
    labels: { app: shop, version: v2, service.istio.io/canonical-name: store }
    serviceAccount: seller
  - { name: bank, namespace: shop, service: bank, labels: { app: bank }, meshed: false }
  traffic:
  - { name: outside, from: internet, to: "http://shop.example:80/", rate: 5/s, arrivals: constant, requests: 2 }
  - { name: lost, from: internet, to: "http://other.example:80/", rate: 5/s, arrivals: constant, requests: 1 }
  - { name: legacy, from: legacy, to: "http://shop.shop:8080/", rate: 5/s, arrivals: constant, requests: 3 }
  - { name: subset, from: web, to: "http://bank.shop:8080/", rate: 5/s, arrivals: constant, requests: 4 }
  - { name: passed, from: web, to: "http://api.example:81/", rate: 5/s, arrivals: constant, requests: 5 }
`;
const planned = planRun([{ name: "x.yaml", text }], { accessLogLimit: Number.MAX_SAFE_INTEGER });
if (!planned.ok) throw new Error(JSON.stringify(planned.diagnostics));
const { plan } = planned;
const session = startSession(plan, 1).rerun(Number.MAX_SAFE_INTEGER);
session.run();
const metrics = exportRun("prometheus", plan, session).text;

/** Labels and value of the only series of that counter with these labels. */
function series(name: string, wanted: Readonly<Record<string, string>>): Record<string, string> {
  const found = [...metrics.matchAll(new RegExp(`^${name}\\{(.*)\\} (\\d+)$`, "gm"))]
    .map(
      ([, labels = "", count = ""]): Record<string, string> => ({
        ...Object.fromEntries([...labels.matchAll(/(\w+)="([^"]*)"/g)].map(([, key, value]) => [key, value ?? ""])),
        count,
      }),
    )
    .filter((one) => Object.entries(wanted).every(([key, value]) => one[key] === value));
  expect(found).toHaveLength(1);
  return found[0] ?? {};
}

const requests = "istio_requests_total";

describe("Istio's metrics", () => {
  const principal = "spiffe://corp.example/ns/istio-system/sa/istio-ingressgateway-service-account";
  const gateway = { source_workload: "istio-ingressgateway", source_workload_namespace: "istio-system" };

  test("a gateway is the source of what comes through it, and the server knows it by its certificate", () => {
    const ends = { ...gateway, source_principal: principal, destination_workload: "shop-v2", count: "2" };
    expect(series(requests, { reporter: "source", response_code: "200" })).toMatchObject(ends);
    expect(series(requests, { reporter: "destination", ...gateway })).toMatchObject({
      ...ends,
      destination_principal: "spiffe://corp.example/ns/shop/sa/seller",
      destination_app: "shop",
      destination_version: "v2",
      destination_canonical_service: "store",
      destination_canonical_revision: "v2",
      destination_cluster: "Kubernetes",
      connection_security_policy: "mutual_tls",
    });
    const line = session.accessLog().find(({ AUTHORITY }) => AUTHORITY === "shop.example");
    expect(line?.UPSTREAM_PEER_URI_SAN).toBe("spiffe://corp.example/ns/shop/sa/seller");
  });

  test("a client without a proxy reports nothing and is unknown to the server", () => {
    expect(series(requests, { reporter: "destination", connection_security_policy: "none" })).toMatchObject({
      source_workload: "unknown",
      source_principal: "unknown",
      source_canonical_revision: "latest",
      destination_principal: "unknown",
      count: "3",
    });
  });

  test("where no cluster says the service, a sidecar takes the host header and a gateway nothing", () => {
    expect(series(requests, { response_flags: "NC" })).toMatchObject({
      source_version: "v7",
      destination_service: "bank.shop:8080",
      destination_service_name: "bank.shop:8080",
      destination_workload: "unknown",
      count: "4",
    });
    expect(series(requests, { response_flags: "NR" })).toMatchObject({ ...gateway, destination_service: "unknown" });
  });

  test("bytes that pass as TCP are connections, not requests", () => {
    const passed = { destination_service_name: "PassthroughCluster", request_protocol: "tcp", count: "5" };
    const opened = series("istio_tcp_connections_opened_total", {});
    expect(opened).toMatchObject({ ...passed, destination_service: "unknown", response_flags: "UF,URX" });
    expect(opened).not.toHaveProperty("response_code");
    expect(series("istio_tcp_connections_closed_total", {})).toMatchObject(passed);
    expect(metrics).not.toMatch(/^istio_request.*tcp/m);
    const [line] = exportRun("access-log", plan, session).text.match(/.*PassthroughCluster.*/) ?? [];
    expect(line).toMatch(
      /^\[.*\] "- - -" 0 UF,URX \S+ "delayed_connect_error:_Connection_refused" 0 "\S+" "-" "api.example:81" /,
    );
  });
});

test("spans are the gateway's, the caller's, or the server's where the caller has no proxy; TCP has none", () => {
  const { data } = JSON.parse(exportRun("jaeger", plan, session).text) as {
    data: { spans: { operationName: string; tags: { key: string; value: unknown }[] }[] }[];
  };
  const told = data.flatMap(({ spans }) =>
    spans.map(({ operationName, tags }) => {
      const tag = (name: string) => tags.find(({ key }) => key === name)?.value;
      return `${tag("node_id")} ${tag("span.kind")} ${operationName}`;
    }),
  );
  expect([...new Set(told)].sort()).toEqual([
    "istio-ingressgateway client other.example/*",
    "istio-ingressgateway client shop.example/*",
    "shop-v2 server shop.shop:8080/*",
    "web client bank.shop:8080/*",
  ]);
});
