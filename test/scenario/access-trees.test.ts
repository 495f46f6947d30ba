/** RBAC by a matcher tree: the first case that fits and leads to an action decides (each outcome asked of Envoy 1.40). */
import { expect, test } from "vitest";
import { openSession } from "#scenario";

const types = "type.googleapis.com/envoy";
const action = (name: string, verdict = "ALLOW") =>
  `{ action: { name: a, typed_config: { "@type": ${types}.config.rbac.v3.Action, name: "${name}", action: ${verdict} } } }`;
const header = (name: string) =>
  `{ name: h, typed_config: { "@type": ${types}.type.matcher.v3.HttpRequestHeaderMatchInput, header_name: "${name}" } }`;
const is = (name: string, match: string) => `{ single_predicate: { input: ${header(name)}, value_match: { ${match} } } }`;
const list = (...cases: [predicate: string, onMatch: string][]) =>
  `matcher_list: { matchers: [${cases.map(([predicate, onMatch]) => `{ predicate: ${predicate}, on_match: ${onMatch} }`).join(", ")}] }`;

const world = (tree: string, headers: string, path: string) => `static_resources:
  listeners:
  - name: l
    address: { socket_address: { address: 127.0.0.9, port_value: 8080 } }
    filter_chains:
    - filters:
      - name: http
        typed_config:
          "@type": ${types}.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager
          stat_prefix: in
          route_config: { virtual_hosts: [{ name: v, domains: ["*"], routes: [{ match: { prefix: / }, direct_response: { status: 200 } }] }] }
          http_filters:
          - { name: r, typed_config: { "@type": "${types}.extensions.filters.http.rbac.v3.RBAC", matcher: { ${tree} } } }
          - { name: router, typed_config: { "@type": "${types}.extensions.filters.http.router.v3.Router" } }
---
apiVersion: meshwise.dev/v1
kind: Experiment
metadata: { name: trees }
spec:
  dataPlane: none
  duration: 1s
  workloads: []
  traffic: [{ name: t, from: client, to: "http://127.0.0.9:8080${path}", headers: { ${headers} }, users: 1, requests: 1 }]
`;

/** The policy that refused the request, or "passed". */
function verdict(tree: string, headers = "", path = "/"): string {
  const opened = openSession([{ name: "x.yaml", text: world(tree, headers, path) }], { seed: 1 });
  if (!opened.ok) throw new Error(JSON.stringify(opened.diagnostics));
  opened.session.run();
  const [line] = opened.session.report({ accessLog: 1 }).accessLog;
  if (line?.RESPONSE_CODE === 200) return "passed";
  return /\[(.*)\]/.exec(line?.RESPONSE_CODE_DETAILS ?? "")?.[1] ?? "";
}

test("cases are asked in their order, and what none takes is refused", () => {
  const tree = list([is("x-a", "exact: one"), action("deny one", "DENY")], [is("x-b", "prefix: t"), action("second")]);
  expect(verdict(tree, "x-a: one, x-b: two")).toBe("deny_one");
  expect(verdict(tree, "x-b: two")).toBe("passed");
  expect(verdict(tree, "x-b: one")).toBe("none");
  expect(verdict(`${tree}, on_no_match: ${action("rest")}`, "x-b: one")).toBe("passed");
  expect(verdict(`${tree}, on_no_match: ${action("rest", "DENY")}`)).toBe("rest");
  // Several lines are one text, "one,two".
  expect(verdict(tree, 'x-a: "one\\ntwo", x-b: two')).toBe("passed");
});

test("a header that is missing fits nothing, and so it fits its opposite", () => {
  const not = `{ not_matcher: ${is("x-a", "exact: one")} }`;
  expect(verdict(list([not, action("other")]))).toBe("passed");
  expect(verdict(list([not, action("other")]), "x-a: one")).toBe("none");
});

test("a tree below that finds nothing leaves the request to the next case", () => {
  const below = `{ matcher: { ${list([is("x-b", "exact: one"), action("below", "DENY")])} } }`;
  const tree = list([is("x-a", "exact: one"), below], [is(":path", "prefix: /"), action("rest", "LOG")]);
  expect(verdict(tree, "x-a: one, x-b: one")).toBe("below");
  expect(verdict(tree, "x-a: one")).toBe("passed");
});

test("of prefixes the longest that leads to an action decides", () => {
  const below = `{ matcher: { ${list([is("x-b", "exact: one"), action("below", "DENY")])} } }`;
  const tree = `matcher_tree: { input: ${header(":path")}, prefix_match_map: { map: { /a: ${action("a")}, /ab: ${below} } } }`;
  expect(verdict(tree, "", "/abc")).toBe("passed");
  expect(verdict(tree, "x-b: one", "/abc")).toBe("below");
  expect(verdict(tree, "", "/b")).toBe("none");
});
