/** Where EnvoyFilters put HTTP filters, in which order they are applied, and what of them is named as not simulated. */
import { expect, test } from "vitest";
import { lint, parseResources, translate } from "#mesh";

const http = "envoy.filters.network.http_connection_manager";
const fault = "type.googleapis.com/envoy.extensions.filters.http.fault.v3.HTTPFault";

const world = `
apiVersion: v1
kind: Service
metadata: { name: api, namespace: shop }
spec: { selector: { app: api }, ports: [{ name: http, port: 8080 }] }
---
apiVersion: apps/v1
kind: Deployment
metadata: { name: api, namespace: shop }
spec: { selector: { matchLabels: { app: api } }, template: { metadata: { labels: { app: api } }, spec: { containers: [{ name: a, image: a }] } } }
---
apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata: { name: api, namespace: shop }
spec: { rules: [{}] }
---`;

interface Given {
  name?: string;
  namespace?: string;
  priority?: number;
  created?: string;
}

const filter = (
  patches: string,
  { name = "a", namespace = "shop", priority = 0, created = "2026-01-01T00:00:00Z" }: Given = {},
) => `
apiVersion: networking.istio.io/v1alpha3
kind: EnvoyFilter
metadata: { name: ${name}, namespace: ${namespace}, creationTimestamp: "${created}" }
spec:
  priority: ${priority}
  configPatches:
${patches}
---`;

const patch = (operation: string, name: string, subFilter = "", typed = "") => `
  - applyTo: HTTP_FILTER
    match: { context: SIDECAR_INBOUND, listener: { filterChain: { filter: { name: ${http}${subFilter === "" ? "" : `, subFilter: { name: ${subFilter} }`} } } } }
    patch: { operation: ${operation}${operation === "REMOVE" ? "" : `, value: { name: ${name}, typed_config: { "@type": ${fault}${typed} } }`} }`;

/** Of the port's chain for mutual TLS: names of what patches brought, kinds of Istio's own. */
function inbound(...filters: string[]): string[] {
  return chain(...filters).map(({ key, name }) => key ?? name);
}

function chain(...filters: string[]) {
  const { resources } = parseResources([{ name: "x.yaml", text: world + filters.join("") }]);
  const { config } = translate(resources, []);
  const listener = config.nodes[0]?.listeners.find(({ name }) => name === "virtualInbound");
  const terminal = listener?.filterChains.find(({ match }) => match.destinationPort === 8080)?.terminal;
  return terminal?.type === "http" ? terminal.httpFilters : [];
}

test.each([
  ["INSERT_FIRST", "", ["x", "rbac"]],
  ["INSERT_BEFORE", "", ["x", "rbac"]],
  ["INSERT_BEFORE", "envoy.filters.http.rbac", ["x", "rbac"]],
  ["INSERT_BEFORE", "envoy.filters.http.router", ["rbac", "x"]],
  ["INSERT_BEFORE", "envoy.router", ["rbac", "x"]],
  ["INSERT_BEFORE", "envoy.filters.http.lua", ["rbac"]],
  ["INSERT_AFTER", "envoy.filters.http.rbac", ["rbac", "x"]],
  ["INSERT_AFTER", "istio.metadata_exchange", ["x", "rbac"]],
  ["REPLACE", "envoy.filters.http.rbac", ["x"]],
  ["REPLACE", "", ["rbac"]],
  ["REMOVE", "envoy.filters.http.rbac", []],
  ["REMOVE", "", ["rbac"]],
  // Behind the router: Envoy refuses such a listener, and so nothing of it is simulated.
  ["INSERT_AFTER", "", ["rbac"]],
  ["ADD", "", ["rbac"]],
])("%s %s", (operation, subFilter, expected) => {
  expect(inbound(filter(patch(operation, "x", subFilter)))).toEqual(expected);
});

test("the root namespace's come first, then by priority, age and name", () => {
  const one = (name: string, given: Given) => filter(patch("INSERT_FIRST", name), { name, ...given });
  const older = one("older", {});
  const newer = one("newer", { created: "2026-02-01T00:00:00Z" });
  const same = one("other", {});
  const root = one("root", { namespace: "istio-system", created: "2026-03-01T00:00:00Z" });
  const late = one("late", { namespace: "istio-system", priority: 5 });
  // Each goes before those that were applied earlier.
  expect(inbound(newer, late, same, root, older)).toEqual(["late", "newer", "other", "older", "root", "rbac"]);
});

test("a filter that came by a patch is merged with a later one, field by field", () => {
  const abort = (percent: number) => `, abort: { http_status: 503, percentage: { numerator: ${percent} } }`;
  const merged = chain(
    filter(patch("INSERT_FIRST", "x", "", abort(10))),
    filter(
      patch("MERGE", "x", "x", ", delay: { fixed_delay: 1s, percentage: { numerator: 100 } }, abort: { http_status: 418 }"),
      { name: "b" },
    ),
  );
  expect(merged[0]?.config).toMatchObject({ delay: { fixedMs: 1000, percent: 100 }, abort: { httpStatus: 418, percent: 10 } });
});

test.each([
  ["portNumber: 8080", true],
  ["portNumber: 9090", false],
  ["name: virtualInbound", true],
  ["name: virtualOutbound", false],
  ["filterChain: { transportProtocol: tls }", true],
  ["filterChain: { transportProtocol: raw_buffer }", false],
  ["filterChain: { destinationPort: 8080 }", true],
  ["filterChain: { name: 0.0.0.0_8080, applicationProtocols: istio }", true],
  ["filterChain: { sni: api.shop }", false],
  ["filterChain: { filter: { name: envoy.filters.network.tcp_proxy } }", false],
])("a listener by { %s }", (match, expected) => {
  const written = `
  - applyTo: HTTP_FILTER
    match: { listener: { ${match} } }
    patch: { operation: INSERT_FIRST, value: { name: x, typed_config: { "@type": ${fault} } } }`;
  expect(inbound(filter(written)).includes("x")).toBe(expected);
});

test.each([
  ["^1\\.29.*", true],
  ["^1\\.9.*", false],
  ["(", true],
])("a proxy of version %s", (version, expected) => {
  const written = `
  - applyTo: HTTP_FILTER
    match: { proxy: { proxyVersion: '${version}' } }
    patch: { operation: INSERT_FIRST, value: { name: x, typed_config: { "@type": ${fault} } } }`;
  expect(inbound(filter(written)).includes("x")).toBe(expected);
});

function unsaid(patches: string): string[] {
  return lint([{ name: "x.yaml", text: world + filter(patches) }])
    .filter(({ code }) => code === "MESH1901")
    .map(({ path }) => path.replace("spec.configPatches[0].", ""));
}

test("what is not simulated is named at its field", () => {
  const value = (applyTo: string, written: string, operation = "MERGE") =>
    unsaid(`
  - applyTo: ${applyTo}
    patch: { operation: ${operation}, value: ${written} }`);
  expect(
    value(
      "HTTP_FILTER",
      '{ name: l, typed_config: { "@type": type.googleapis.com/envoy.extensions.filters.http.lua.v3.Lua } }',
      "INSERT_FIRST",
    ),
  ).toEqual(["applyTo"]);
  expect(value("LISTENER", "{ per_connection_buffer_limit_bytes: 1 }")).toEqual(["applyTo"]);
  expect(value("CLUSTER", "{ connect_timeout: 1s, dns_lookup_family: V4_ONLY }")).toEqual(["patch.value.dns_lookup_family"]);
  expect(value("HTTP_ROUTE", "{ route: { timeout: 1s, max_retries_per_hour: 3 } }")).toEqual([
    "patch.value.route.max_retries_per_hour",
  ]);
  expect(value("VIRTUAL_HOST", "{ rateLimits: [], includeRequestAttemptCount: true }")).toEqual([]);
  expect(unsaid(patch("ADD", "x"))).toEqual(["applyTo"]);
  expect(
    unsaid(
      patch(
        "INSERT_FIRST",
        "x",
        "",
        ", delay: { fixedDelay: 1s, percentage: { numerator: 5 } }, response_rate_limit: { fixed_limit: { limit_kbps: 1 } }",
      ),
    ),
  ).toEqual(["patch.value.typed_config.response_rate_limit"]);
  expect(
    unsaid(`
  - applyTo: CLUSTER
    match: { proxy: { metadata: { CLUSTER_ID: one } } }
    patch: { operation: MERGE, value: { connect_timeout: 1s } }`),
  ).toEqual(["match.proxy.metadata"]);
});

test("proxies that share a part share what a patch makes of it", () => {
  const two = world.replace(
    "metadata: { name: api, namespace: shop }\nspec: { selector: { matchLabels",
    "metadata: { name: other, namespace: shop }\nspec: { selector: { matchLabels",
  );
  const timeout = `
  - applyTo: HTTP_ROUTE
    match: { context: SIDECAR_OUTBOUND }
    patch: { operation: MERGE, value: { route: { timeout: 3s } } }
  - applyTo: CLUSTER
    match: { context: SIDECAR_OUTBOUND }
    patch: { operation: MERGE, value: { connect_timeout: 3s } }`;
  const { resources } = parseResources([{ name: "x.yaml", text: world + two + filter(timeout, { namespace: "istio-system" }) }]);
  const [one, other] = translate(resources, []).config.nodes;
  const table = (node: typeof one) => node?.routes.find(({ name }) => name === "8080");
  const action = table(one)?.virtualHosts[0]?.routes[0]?.action;
  expect(action?.type === "forward" && action.timeoutMs).toBe(3000);
  expect(table(one) === table(other)).toBe(true);
  const cluster = (node: typeof one) => node?.clusters.find(({ name }) => name.startsWith("outbound|8080"));
  expect(cluster(one)?.connectTimeoutMs).toBe(3000);
  expect(cluster(one) === cluster(other)).toBe(true);
});
