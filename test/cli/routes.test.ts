import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { callCli } from "./call-cli.ts";

const folder = mkdtempSync(join(tmpdir(), "meshwise-routes-"));

const yaml = `apiVersion: v1
kind: Service
metadata: { name: payments, namespace: shop }
spec: { selector: { app: payments }, ports: [{ name: http, port: 8080 }] }
---
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: { name: payments, namespace: shop }
spec:
  hosts: [payments]
  http:
  - match: [{ headers: { x-user: { exact: beta } } }]
    route: [{ destination: { host: payments, subset: v2 } }]
  - timeout: 2s
    route: [{ destination: { host: payments, subset: v1 }, weight: 3 }, { destination: { host: payments, subset: v2 }, weight: 1 }]
`;
const path = join(folder, "shop.yaml");
writeFileSync(path, yaml);
const from = ["--from", "client", "--namespace", "shop", "--format", "json"];
const url = "GET http://payments.shop:8080/pay";

describe("what a request gets", () => {
  test("the rule, its line, and what was passed over", async () => {
    const { code, out, err } = await callCli(["routes", path, ...from, "--request", url]);
    expect({ code, err }).toEqual({ code: 0, err: "" });
    const answer = JSON.parse(out);
    expect(answer).toMatchObject({
      request: url,
      result: "ROUTE",
      matched: { file: path, line: expect.any(Number) },
      timeoutMs: 2000,
      retries: { attempts: 2 },
      destinations: [
        { cluster: "outbound|8080|v1|payments.shop.svc.cluster.local", subset: "v1", port: 8080, weight: 3 },
        { cluster: "outbound|8080|v2|payments.shop.svc.cluster.local", subset: "v2", port: 8080, weight: 1 },
      ],
    });
    expect(answer.candidates).toHaveLength(1);
  });

  test("headers stand in brackets, several requests make a list", async () => {
    const { out } = await callCli(["routes", path, ...from, "--request", `${url} [x-user: beta] [x-b: 1]`, "--request", url]);
    const answers = JSON.parse(out) as { destinations: { subset: string }[] }[];
    expect(answers.map((one) => one.destinations.map((each) => each.subset))).toEqual([["v2"], ["v1", "v2"]]);
  });

  test("a name nobody serves is passed through, an unknown host of a known port is not routed", async () => {
    const { out } = await callCli(["routes", path, ...from, "--request", "GET http://payments:9/"]);
    expect(JSON.parse(out).result).toBe("NO_ROUTE_CONFIG");
  });

  test("of two documents of one name the last holds, as after applying them", async () => {
    const twice = join(folder, "twice.yaml");
    const service = `${yaml.split("---")[1]}`;
    writeFileSync(twice, `${yaml}---${service.replace("timeout: 2s", "timeout: 3s")}`);
    const { out } = await callCli(["routes", twice, ...from, "--request", url]);
    expect(JSON.parse(out).timeoutMs).toBe(3000);
  });

  test("a config with errors still answers, with exit code 1", async () => {
    const broken = join(folder, "broken.yaml");
    writeFileSync(broken, yaml.replace("timeout: 2s", "speed: 2"));
    const { code, err } = await callCli(["routes", broken, ...from, "--request", url]);
    expect({ code, told: err.includes(`${broken}:14:`) }).toEqual({ code: 1, told: true });
  });
});

test("text says the rule, what was passed over and why, in the language asked for", async () => {
  const args = ["routes", path, "--from", "client", "--namespace", "shop", "--request", `${url} [x-user: alpha]`];
  const english = (await callCli(args)).out.split("\n");
  expect(english[0]).toContain(`VirtualService shop/payments, spec.http[1] (${path}:14)`);
  expect(english[1]).toContain("spec.http[0].match[0] (line 12): the header x-user is alpha");
  expect((await callCli([...args, "--lang", "ru"])).out).toContain("заголовок x-user равен alpha");
});

test("a batch answers each case in order", async () => {
  const batch = join(folder, "batch.jsonl");
  const requests = [url, { request: `${url} [x-user: beta]` }];
  const caller = { type: "sidecar", namespace: "shop", labels: {} };
  writeFileSync(
    batch,
    `${JSON.stringify({ id: "one", yaml, from: caller, requests })}\n${JSON.stringify({ id: "two", files: [{ name: "a", yaml }], from: caller, requests: [url] })}\n`,
  );
  const { code, out } = await callCli(["routes", "--batch", batch]);
  expect(code).toBe(0);
  const lines = out
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line));
  expect(lines.map((line) => [line.id, line.results.map((one: { destinations: unknown[] }) => one.destinations.length)])).toEqual(
    [
      ["one", [2, 1]],
      ["two", [2]],
    ],
  );
});

test.each([
  ["no caller", ["--request", url]],
  ["no request", ["--from", "client"]],
  ["a request that is none", [...from, "--request", "payments"]],
  ["a header without a colon", [...from, "--request", `${url} [x-user]`]],
])("exit 2: %s", async (_what, args) => {
  expect((await callCli(["routes", path, ...args])).code).toBe(2);
});

describe("a gateway that is named", () => {
  const edge = join(folder, "edge.yaml");
  writeFileSync(
    edge,
    `${yaml}---
apiVersion: networking.istio.io/v1
kind: Gateway
metadata: { name: public, namespace: shop }
spec: { selector: { istio: ingressgateway }, servers: [{ port: { number: 80, name: http, protocol: HTTP }, hosts: ["*"] }] }
---
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: { name: edge, namespace: shop }
spec:
  hosts: [shop.example]
  gateways: [public]
  http:
  - match: [{ uri: { prefix: /old } }]
    redirect: { uri: /new }
---
apiVersion: apps/v1
kind: Deployment
metadata: { name: front, namespace: edge }
spec:
  selector: { matchLabels: { istio: ingressgateway } }
  template: { metadata: { labels: { istio: ingressgateway } }, spec: { containers: [{ name: c, image: c }] } }
`,
  );
  const ask = (name: string, request = "GET http://shop.example/old") =>
    callCli(["routes", edge, "--from", `gateway:${name}`, "--request", request]);

  test.each(["public", "front", "istio-ingressgateway"])("as %s answers", async (name) => {
    const { code, out } = await ask(name);
    expect(code).toBe(0);
    expect(out).toMatch(/REDIRECT by VirtualService shop\/edge(.*\n)* {2}redirect: \{.*"\/new".*\}/);
  });

  test("but is none of the documents' is refused with those that are", async () => {
    expect(await ask("nobody")).toMatchObject({
      code: 2,
      err: expect.stringContaining("No proxy for gateway:nobody. Known: gateway:shop/public."),
    });
  });

  test("says what it means that nothing matches", async () => {
    expect((await ask("public", "GET http://shop.example/else")).out).toContain("no rule of this host matches: 404");
    expect((await ask("public", "GET http://else.example/")).out).toContain("this port knows no such host: 404");
    expect((await ask("public", "GET http://shop.example:99/")).out).toContain("no HTTP listener takes this port");
  });
});

test("what a bootstrap leaves open is Envoy's default, not Istio's", async () => {
  const bootstrap = join(folder, "envoy.yaml");
  writeFileSync(
    bootstrap,
    `static_resources:
  listeners:
  - address: { socket_address: { address: 127.0.0.1, port_value: 10000 } }
    filter_chains:
    - filters:
      - name: h
        typed_config:
          "@type": type.googleapis.com/envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager
          stat_prefix: in
          http_filters:
          - { name: r, typed_config: { "@type": type.googleapis.com/envoy.extensions.filters.http.router.v3.Router } }
          route_config: { virtual_hosts: [{ name: v, domains: ["*"], routes: [{ match: { prefix: / }, route: { cluster: one } }] }] }
  clusters: [{ name: one, load_assignment: { cluster_name: one } }]
`,
  );
  const { out } = await callCli(["routes", bootstrap, "--from", "envoy", "--request", "GET http://127.0.0.1:10000/"]);
  expect(out).toContain("timeout 15s (Envoy's default, written nowhere)");
  expect(out).not.toContain("Istio");
});
