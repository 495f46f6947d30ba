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
  expect(english[1]).toContain(`spec.http[0].match[0] (${path}:12): the header x-user is alpha`);
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
  ["a caller without a name", ["--from", "", "--request", url]],
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

/** Documents in a file of their own, and what `routes` says of one request. */
async function answerTo(yamlText: string, from: readonly string[], request: string) {
  const own = join(folder, "own.yaml");
  writeFileSync(own, yamlText);
  const { out, err } = await callCli(["routes", own, "--from", ...from, "--format", "json", "--request", request]);
  expect(err).toBe("");
  return JSON.parse(out);
}

const meshed = (name: string) => `---
apiVersion: apps/v1
kind: Deployment
metadata: { name: ${name}, namespace: shop }
spec:
  selector: { matchLabels: { app: ${name} } }
  template:
    metadata: { labels: { app: ${name}, istio: ${name} } }
    spec: { serviceAccountName: ${name}-account, containers: [{ name: c, image: c }] }
`;
const service = yaml.split("---")[0] as string;
const policy = (name: string, action: string, rules: string) => `---
apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata: { name: ${name}, namespace: shop }
spec: { selector: { matchLabels: { app: payments } }, action: ${action}, rules: [${rules}] }
`;

describe("rules of several resources", () => {
  const delegated = `${service}---
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: { name: payments, namespace: shop }
spec:
  hosts: [payments]
  http:
  - match: [{ uri: { prefix: /pay } }]
    delegate: { name: pay, namespace: team }
  - route: [{ destination: { host: payments } }]
---
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: { name: pay, namespace: team }
spec:
  http:
  - match: [{ uri: { prefix: /pay/fast } }]
    route: [{ destination: { host: payments.shop.svc.cluster.local } }]
  - route: [{ destination: { host: payments.shop.svc.cluster.local } }]
    timeout: 3s
`;

  test("a rule of a delegate that asks for nothing more is the delegate's, and each rule passed over says whose it is", async () => {
    const caller = ["client", "--namespace", "shop"];
    expect(await answerTo(delegated, caller, url)).toMatchObject({
      matched: { resource: "VirtualService team/pay", rule: "spec.http[1]", line: 23 },
      candidates: [{ resource: "VirtualService team/pay", rule: "spec.http[0].match[0]", line: 21 }],
      timeoutMs: 3000,
    });
    const { matched, candidates } = await answerTo(delegated, caller, "GET http://payments.shop:8080/other");
    expect(matched).toMatchObject({ resource: "VirtualService shop/payments", rule: "spec.http[1]", line: 14 });
    expect(candidates.map((one: { resource: string; line: number }) => [one.resource, one.line])).toEqual([
      ["VirtualService team/pay", 21],
      ["VirtualService team/pay", 23],
    ]);
    const own = join(folder, "own.yaml");
    const { out } = await callCli(["routes", own, "--from", ...caller, "--request", "GET http://payments.shop:8080/other"]);
    expect(out).toContain(`passed over VirtualService team/pay, spec.http[1] (${own}:23): `);
  });
});

describe("who may send it", () => {
  test("is asked of the request as the route sends it on", async () => {
    const rewritten = `${service}---
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: { name: payments, namespace: shop }
spec:
  hosts: [payments]
  http:
  - match: [{ uri: { prefix: /old } }]
    rewrite: { uri: /new }
    headers: { request: { set: { x-role: admin } } }
    route: [{ destination: { host: payments } }]
${meshed("payments")}${meshed("client")}`;
    const denied = policy("new", "DENY", "{ to: [{ operation: { paths: [/new] } }] }");
    const forAdmins = policy("admins", "ALLOW", '{ when: [{ key: "request.headers[x-role]", values: [admin] }] }');
    const old = "GET http://payments.shop:8080/old";
    const ask = async (policies: string) => (await answerTo(rewritten + policies, ["client"], old)).authorization;
    expect(await ask(denied)).toMatchObject({ decision: "deny", policy: "shop/new" });
    expect(await ask(forAdmins)).toMatchObject({ decision: "allow", policy: "shop/admins" });
  });

  const edge = `${service}${meshed("payments")}${meshed("edge")}---
apiVersion: networking.istio.io/v1
kind: Gateway
metadata: { name: edge, namespace: shop }
spec: { selector: { istio: edge }, servers: [{ port: { number: 80, name: http, protocol: HTTP }, hosts: ["*"] }] }
---
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: { name: edge, namespace: shop }
spec:
  hosts: [shop.example]
  gateways: [edge]
  http:
  - match: [{ headers: { "@request.auth.claims.group": { exact: vip } } }]
    timeout: 1s
    route: [{ destination: { host: payments } }]
  - route: [{ destination: { host: payments } }]
---
apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata: { name: edge, namespace: shop }
spec: { selector: { matchLabels: { istio: edge } }, action: DENY, rules: [{ to: [{ operation: { paths: [/admin] } }] }] }
---
apiVersion: security.istio.io/v1
kind: RequestAuthentication
metadata: { name: edge, namespace: shop }
spec: { selector: { matchLabels: { istio: edge } }, jwtRules: [{ issuer: "https://issuer", jwksUri: "https://issuer/keys" }] }
${policy("from-edge", "ALLOW", "{ from: [{ source: { principals: [cluster.local/ns/shop/sa/edge-account] } }] }")}`;
  const base64 = (value: unknown) => Buffer.from(JSON.stringify(value)).toString("base64url");
  const token = (group: string) => `${base64({ alg: "RS256" })}.${base64({ iss: "https://issuer", group })}.c2ln`;
  const ask = (request: string) => answerTo(edge, ["gateway:edge"], `GET http://shop.example${request}`);

  test("is asked of the gateway first, and the server knows the gateway by its service account", async () => {
    expect((await ask("/admin")).authorization).toMatchObject({ decision: "deny", policy: "shop/edge" });
    expect((await ask("/")).authorization).toMatchObject({ decision: "allow", policy: "shop/from-edge" });
  });

  test("and where: tokens are read as in a run", async () => {
    expect((await ask(`/ [authorization: Bearer ${token("vip")}]`)).timeoutMs).toBe(1000);
    expect((await ask(`/ [authorization: Bearer ${token("other")}]`)).timeoutMs).toBe(0);
    const { authorization } = await ask("/ [authorization: Bearer a.b.c]");
    expect(authorization).toMatchObject({ decision: "deny", policy: "RequestAuthentication" });
  });
});
