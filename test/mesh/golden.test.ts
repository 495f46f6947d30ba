/**
 * Cases under test/golden/mesh/<kind>/<case>: input.yaml and what is expected of it. `routes` asks requests of a proxy,
 * `xds` compares parts of a resource as Envoy would get it, `gateway-api` what istiod derives and reports. Every expected
 * value is only compared where it is written.
 */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import type { MeshConfig, ProxyNode } from "#engine";
import { parseResources, type Resource, resolveRoute, translate, type XdsType, xds } from "#mesh";
import { convertGatewayApi } from "../../src/mesh/gateway-api/translation/convert.ts";

interface Expectation {
  /** "<workload>.<namespace>" of the proxy. */
  node: string;
  requests?: { ask: Ask; answer: unknown }[];
  resources?: { type: XdsType; name: string; body: unknown }[];
  derived?: { kind: string; name: string; spec: unknown }[];
  statuses?: { kind: string; name: string }[];
}

interface Ask {
  url: string;
  method?: string;
  headers?: Record<string, string>;
}

const root = join(import.meta.dirname, "../golden/mesh");

// What is said of each kind is compared in kinds.test.ts.
for (const kind of readdirSync(root).filter((name) => name !== "kinds")) {
  describe(kind, () => {
    for (const name of readdirSync(join(root, kind))) {
      test(name, () => {
        check(join(root, kind, name));
      });
    }
  });
}

function check(folder: string): void {
  const text = readFileSync(join(folder, "input.yaml"), "utf8");
  const expected = JSON.parse(readFileSync(join(folder, "expected.json"), "utf8")) as Expectation;
  const { resources, diagnostics } = parseResources([{ name: "input.yaml", text }]);
  expect(diagnostics).toEqual([]);
  if (expected.derived || expected.statuses) checkConversion(resources, expected);
  if (!expected.requests && !expected.resources) return;
  const { config } = translate(resources, []);
  const node = config.nodes.find((one) => one.id === expected.node);
  if (!node) throw new Error(`no proxy ${expected.node} among ${config.nodes.map((one) => one.id).join(", ")}`);
  for (const { ask: asked, answer } of expected.requests ?? []) {
    expect(ask(config, node, asked), JSON.stringify(asked)).toMatchObject(answer as object);
  }
  for (const { type, name, body } of expected.resources ?? []) {
    const found = (xds(config, node, type) as Record<string, unknown>[]).find((one) => (one.name ?? one.clusterName) === name);
    expect(found, `${type} ${name}`).toMatchObject(body as object);
  }
}

function ask(config: MeshConfig, node: ProxyNode, { url, method, headers }: Ask): unknown {
  const { protocol, hostname, port, pathname, search } = new URL(url);
  const scheme = protocol.slice(0, -1);
  return resolveRoute(config, node, {
    from: { type: node.type === "gateway" ? "router" : "sidecar", namespace: node.namespace, labels: node.labels ?? {} },
    method: method ?? "GET",
    scheme,
    host: hostname,
    port: Number(port || (scheme === "https" ? 443 : 80)),
    path: pathname + search,
    headers: headers ?? {},
  });
}

function checkConversion(resources: readonly Resource[], expected: Expectation): void {
  const converted = convertGatewayApi(resources);
  for (const { kind, name, spec } of expected.derived ?? []) {
    const found = converted.resources.find((one) => one.kind === kind && one.name === name);
    expect(found?.spec, `${kind} ${name}`).toEqual(spec);
  }
  for (const status of expected.statuses ?? []) {
    const found = converted.statuses.find((one) => one.kind === status.kind && one.name === status.name);
    expect(found).toMatchObject(status);
  }
}
