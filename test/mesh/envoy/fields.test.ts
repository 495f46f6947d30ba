/** Fields that Envoy does not take: where they stand, what was meant, and what of it is repaired. (That Envoy refuses them: refusals.sweep.test.ts.) */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { type Diagnostic, lint, parseResources, translate } from "#mesh";
import { messageBehind } from "../../../src/mesh/envoy/fields/field-table.ts";

const scenarioFolder = "test/oracle/envoy-live/scenarios";

const bootstrap = (cluster: string) => `static_resources:
  clusters:
  - name: one
    type: STATIC
    connect_timeout: 1s
    ${cluster}
`;

function refusals(text: string, name = "envoy.yaml"): Diagnostic[] {
  return lint([{ name, text }]).filter(({ severity }) => severity === "error");
}

function repaired(text: string): string {
  const [diagnostic] = refusals(text);
  const [edit] = diagnostic?.fix?.edits ?? [];
  return edit === undefined ? text : text.slice(0, edit.from) + edit.insert + text.slice(edit.to);
}

test.each<[what: string, cluster: string, code: string, params: object, path: string, column: number]>([
  ["a slip", "lb_polcy: RANDOM", "MESH1906", { field: "lb_polcy", message: "Cluster", near: "lb_policy" }, "lb_polcy", 5],
  [
    "a slip in camelCase",
    "lbPolcy: RANDOM",
    "MESH1906",
    { field: "lbPolcy", message: "Cluster", near: "lbPolicy" },
    "lbPolcy",
    5,
  ],
  [
    "a field that is there already",
    "conect_timeout: 2s",
    "MESH1905",
    { field: "conect_timeout", message: "Cluster" },
    "conect_timeout",
    5,
  ],
  [
    "a nested message",
    "circuit_breakers: { thresholds: [{ max_reqests: 5 }] }",
    "MESH1906",
    { field: "max_reqests", message: "CircuitBreakers.Thresholds", near: "max_requests" },
    "circuit_breakers.thresholds[0].max_reqests",
    40,
  ],
  [
    "a wrong kind",
    "circuit_breakers: on",
    "MESH1907",
    { field: "circuit_breakers", expected: "object (CircuitBreakers)", found: "true" },
    "circuit_breakers",
    23,
  ],
  [
    "another unit",
    "cleanup_interval: 100ms",
    "MESH1908",
    { field: "cleanup_interval", value: '"100ms"' },
    "cleanup_interval",
    23,
  ],
  [
    "an enumeration",
    "lb_policy: RANDM",
    "MESH1909",
    { field: "lb_policy", value: "RANDM", allowed: "RANDOM, …" },
    "lb_policy",
    16,
  ],
  [
    "a limit",
    "per_connection_buffer_high_watermark_timeout: -1s",
    "MESH1912",
    { field: "per_connection_buffer_high_watermark_timeout", message: "Cluster", value: "-1s", limit: "≥ 0s" },
    "per_connection_buffer_high_watermark_timeout",
    51,
  ],
  [
    "a limit within what is not read",
    "upstream_connection_options: { happy_eyeballs_config: { first_address_family_count: 0 } }",
    "MESH1912",
    { field: "first_address_family_count", message: "UpstreamConnectionOptions.HappyEyeballsConfig", value: "0", limit: "≥ 1" },
    "upstream_connection_options.happy_eyeballs_config.first_address_family_count",
    89,
  ],
])("%s is told at its place", (_, cluster, code, params, path, column) => {
  expect(refusals(bootstrap(cluster)).map((one) => [one.code, one.params, one.path, one.line, one.column])).toEqual([
    [code, params, `static_resources.clusters[0].${path}`, 6, column],
  ]);
});

test("YAML makes text of numbers that are not whole, JSON does not", () => {
  const inJson = (value: string) => `{"static_resources":{"clusters":[{"name":"one","alt_stat_name":${value}}]}}`;
  const codes = (text: string, name?: string) => refusals(text, name).map(({ code }) => code);
  for (const value of ["1.5", "1.0", "5000000000"]) {
    expect(codes(bootstrap(`alt_stat_name: ${value}`))).toEqual([]);
    expect(codes(inJson(value), "envoy.json")).toEqual(["MESH1907"]);
  }
  expect(codes(bootstrap("alt_stat_name: 5"))).toEqual(["MESH1907"]);
  expect(codes(bootstrap("alt_stat_name: off"))).toEqual(["MESH1907"]);
});

test.each([
  ["lb_polcy: RANDOM", "lb_policy: RANDOM"],
  ['"lb_polcy": RANDOM', '"lb_policy": RANDOM'],
  ["lb_policy: RANDM", "lb_policy: RANDOM"],
  ["cleanup_interval: 100ms", 'cleanup_interval: "0.1s"'],
  ["cleanup_interval: 90", 'cleanup_interval: "90s"'],
  // What stands there would be no policy.
  ["lb_polcy: [RANDOM, 1]", "lb_polcy: [RANDOM, 1]"],
])("%s becomes %s", (wrong, right) => {
  const text = repaired(bootstrap(wrong));
  expect(text).toBe(bootstrap(right));
  if (right !== wrong) expect(refusals(text)).toEqual([]);
});

test("what is refused is told once", () => {
  const told = refusals(bootstrap("outlier_detection: { interval: 0s }"));
  expect(told.map(({ code, path }) => [code, path])).toEqual([
    ["MESH1912", "static_resources.clusters[0].outlier_detection.interval"],
  ]);
});

test("a value is read as it is meant: one for a list, a number for a name, digits that are text, yes for true", () => {
  const text = `static_resources:
  clusters:
  - name: 1_0
    connect_timeout: { seconds: 2 }
    lb_policy: 0x3
    health_checks: { timeout: 1s, interval: 1s, unhealthy_threshold: "1", healthy_threshold: 1, tcp_health_check: {}, reuse_connection: "no" }
`;
  const { resources } = parseResources([{ name: "envoy.yaml", text }]);
  const cluster = translate(resources, []).config.nodes[0]?.clusters[0];
  expect(cluster).toMatchObject({
    name: "1_0",
    connectTimeoutMs: 2000,
    lb: { policy: "RANDOM" },
    healthChecks: [{ intervalMs: 1000 }],
  });
});

test("every type of the scenarios is one whose fields are known", () => {
  const texts = readdirSync(scenarioFolder).map((name) => readFileSync(join(scenarioFolder, name), "utf8"));
  const types = new Set(texts.flatMap((text) => text.match(/type\.googleapis\.com\/envoy\.[\w.]+\.v3\.\w+/g) ?? []));
  expect(types.size).toBeGreaterThan(20);
  expect([...types].filter((type) => messageBehind(type) === undefined)).toEqual([]);
});
