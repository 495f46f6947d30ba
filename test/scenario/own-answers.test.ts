/** What a proxy answers itself, and why (the answers themselves: envoy-live/own-answers). */
import { expect, test } from "vitest";
import { lint } from "#mesh";
import { openSession } from "#scenario";

const http = "type.googleapis.com/envoy.extensions.filters.http";

interface Given {
  manager?: string;
  filter?: string;
  policy?: string;
}

const bootstrap = ({ manager = "", filter = "", policy = "" }: Given) => `static_resources:
  listeners:
  - name: l
    address: { socket_address: { address: 127.0.0.9, port_value: 8080 } }
    filter_chains:
    - filters:
      - name: http
        typed_config:
          "@type": type.googleapis.com/envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager
          stat_prefix: in
          ${manager}
          route_config:
            virtual_hosts:
            - name: v
              domains: ["*"]
              routes: [{ match: { prefix: /none }, route: { cluster: none } }, { match: { prefix: / }, route: { cluster: ok } }]
            validate_clusters: false
          http_filters: [${filter}{ name: router, typed_config: { "@type": "${http}.router.v3.Router" } }]
  clusters:
  - name: ok
    type: STATIC
    load_assignment:
      cluster_name: ok
      ${policy}
      endpoints: [{ lb_endpoints: [{ endpoint: { address: { socket_address: { address: 127.0.0.2, port_value: 8080 } } } }] }]
`;

const experiment = (request: string, path = "/") => `---
apiVersion: meshwise.dev/v1
kind: Experiment
metadata: { name: answers }
spec:
  dataPlane: none
  duration: 1s
  workloads: [{ name: ok, addresses: ["127.0.0.2:8080"] }]
  traffic: [{ name: t, from: client, to: "http://127.0.0.9:8080${path}", users: 1, requests: 1, ${request} }]
`;

/** The one request of a run: its status, and the codes of its decisions with their parameters. */
function asked(given: Given, request: string, path?: string) {
  const opened = openSession([{ name: "x.yaml", text: bootstrap(given) + experiment(request, path) }], { seed: 1 });
  if (!opened.ok) throw new Error(JSON.stringify(opened.diagnostics));
  opened.session.run();
  const [line] = opened.session.report({ accessLog: 1 }).accessLog;
  const decisions = opened.session.explain(1)?.hops.flatMap((hop) => hop.decisions) ?? [];
  return { status: line?.RESPONSE_CODE, codes: Object.fromEntries(decisions.map(({ code, params }) => [code, params])) };
}

const underscores = (action: string) => `common_http_protocol_options: { headers_with_underscores_action: ${action} }`;
const filter = (name: string, config: string) => `{ name: f, typed_config: { "@type": "${http}.${name}", ${config} } }, `;
const enabled = (share: number) => `filter_enabled: { default_value: { numerator: ${share} } }`;
const odd = "headers: { x_a: one }";

test.each([
  ["a header with an underscore that is refused", { manager: underscores("REJECT_REQUEST") }, odd, 400, "response.notTaken"],
  ["one that is dropped", { manager: underscores("DROP_HEADER") }, odd, 200, "headers.dropped"],
  [
    "a foreign origin",
    { filter: filter("csrf.v3.CsrfPolicy", enabled(100)) },
    'method: POST, headers: { origin: "http://x" }',
    403,
    "authorization.originRefused",
  ],
  [
    "changed headers",
    {
      filter: filter(
        "header_mutation.v3.HeaderMutation",
        "mutations: { request_mutations: [{ append: { header: { key: x-a, value: one } } }] }",
      ),
    },
    "",
    200,
    "headers.changed",
  ],
  [
    "the proxy's own health",
    { filter: filter("health_check.v3.HealthCheck", "pass_through_mode: false") },
    "",
    200,
    "response.wellItself",
  ],
  [
    "and that of its clusters",
    {
      filter: filter(
        "health_check.v3.HealthCheck",
        "pass_through_mode: false, cluster_min_healthy_percentages: { none: { value: 1 } }",
      ),
    },
    "",
    503,
    "response.unwellItself",
  ],
  [
    "an overloaded cluster",
    { policy: "policy: { drop_overloads: [{ category: a, drop_percentage: { numerator: 100 } }] }" },
    "",
    503,
    "cluster.dropped",
  ],
])("%s is said why", (_, given, request, status, code) => {
  const found = asked(given, request);
  expect(found.status).toBe(status);
  expect(Object.keys(found.codes)).toContain(code);
});

test("a mapped answer is said with what it was", () => {
  const mapper = "{ filter: { response_flag_filter: { flags: [NC] } }, status_code: 299 }";
  const mapped = { manager: `local_reply_config: { mappers: [${mapper}] }` };
  expect(asked(mapped, "", "/none").codes["response.mapped"]).toEqual({ status: 503, answered: 299 });
  expect(asked(mapped, "", "/there").codes["response.mapped"]).toBeUndefined();
});

test("an origin is refused as often as is said", () => {
  const text = bootstrap({ filter: filter("csrf.v3.CsrfPolicy", enabled(25)) });
  const many = experiment("method: POST").replace("requests: 1", "requests: 400");
  const opened = openSession([{ name: "x.yaml", text: text + many }], { seed: 1 });
  if (!opened.ok) throw new Error(JSON.stringify(opened.diagnostics));
  opened.session.run();
  const { 403: refused = 0, 200: passed = 0 } = opened.session.report().edges[0]?.statuses ?? {};
  expect(refused + passed).toBe(400);
  expect(refused).toBeGreaterThan(70);
  expect(refused).toBeLessThan(130);
});

const change = (list: string) => ({ filter: filter("header_mutation.v3.HeaderMutation", `mutations: { ${list} }`) });

test.each([
  [
    "a header that is fixed",
    change("request_mutations: [{ append: { header: { key: ':path', value: a } } }]"),
    "may not be modified",
  ],
  ["an answer's", change("response_mutations: [{ append: { header: { key: host, value: a } } }]"), "may not be modified"],
  [
    "two categories of overload",
    { policy: "policy: { drop_overloads: [{ category: a, drop_percentage: {} }, { category: b, drop_percentage: {} }] }" },
    "2 categories",
  ],
  [
    "more than everything",
    { policy: "policy: { drop_overloads: [{ category: a, drop_percentage: { numerator: 101 } }] }" },
    "drop_ratio=1.01",
  ],
])("%s is refused, as by Envoy", (_, given, reason) => {
  const found = lint([{ name: "envoy.yaml", text: bootstrap(given) }]).filter(({ code }) => code === "MESH1904");
  expect(found.map(({ params }) => String(params.reason))).toEqual([expect.stringContaining(reason)]);
});
