import { expect, test } from "vitest";
import { findNode, parseResources, resolveRoute, translate } from "../../../src/mesh/index.ts";

const written = `apiVersion: v1
kind: Service
metadata: { name: reviews, namespace: shop }
spec: { selector: { app: reviews }, ports: [{ name: http, port: 80 }] }
---
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: { name: reviews, namespace: shop }
spec:
  hosts: [reviews]
  http:
  - match: [{ uri: { prefix: /slow } }]
    timeout: 2s
    retries: { attempts: 0 }
    route: [{ destination: { host: reviews } }]
  - route: [{ destination: { host: reviews } }]
    rewrite: { uri: / }
---
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: { name: reviews, namespace: shop }
spec:
  host: reviews
  trafficPolicy:
    loadBalancer: { simple: RANDOM }
`;

function ask(path: string, text = written) {
  const from = { type: "sidecar" as const, workload: "client", namespace: "shop", labels: {} };
  const { config } = translate(parseResources([{ name: "shop.yaml", text }]).resources, [
    { name: "client", namespace: "shop", labels: {}, serviceAccount: "client", meshed: true, replicas: [] },
  ]);
  const node = findNode(config, from)!;
  const { defaults, lines, timeoutMs, retries } = resolveRoute(config, node, {
    from,
    method: "GET",
    scheme: "http",
    host: "reviews",
    port: 80,
    path,
    headers: {},
  });
  return { defaults, lines, timeoutMs, retries: retries?.attempts ?? 0 };
}

test("each setting of the answer has its line, or is said to be Istio's own", () => {
  expect(ask("/slow")).toEqual({
    timeoutMs: 2000,
    retries: 0,
    defaults: [],
    lines: {
      timeout: { file: "shop.yaml", line: 13 },
      retries: { file: "shop.yaml", line: 14 },
      loadBalancer: { file: "shop.yaml", line: 25 },
    },
  });
  expect(ask("/")).toEqual({
    timeoutMs: 0,
    retries: 2,
    defaults: ["timeout", "retries"],
    lines: { rewrite: { file: "shop.yaml", line: 17 }, loadBalancer: { file: "shop.yaml", line: 25 } },
  });
});

test("of a Gateway API rule the very field that decides", () => {
  const route = `---
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: { name: reviews, namespace: shop }
spec:
  parentRefs: [{ group: "", kind: Service, name: reviews }]
  rules:
  - matches: [{ path: { value: /slow } }]
    timeouts:
      request: 3s
    backendRefs: [{ name: reviews, port: 80 }]
  - timeouts:
      request: 3s
      backendRequest: 1s
    backendRefs: [{ name: reviews, port: 80 }]
`;
  const text = `${written.split("---")[0]}${route}`;
  expect(ask("/slow", text)).toMatchObject({ timeoutMs: 3000, lines: { timeout: { line: 14 } } });
  expect(ask("/", text)).toMatchObject({ timeoutMs: 1000, lines: { timeout: { line: 18 } } });
});
