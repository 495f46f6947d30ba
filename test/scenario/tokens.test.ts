/** Tokens signed here are verified for real before the run; inside, issuer, place, audience and claims decide. */
import { beforeAll, expect, test } from "vitest";
import { planRun, startSession, verifyTokens } from "#scenario";

const issuer = "https://issuer.example";
const text = new TextEncoder();
const base64url = (bytes: Uint8Array) =>
  btoa(String.fromCharCode(...bytes))
    .replace(/\+/g, "-")
    .replace(/\//g, "_")
    .replace(/=+$/, "");
const rsa = { name: "RSASSA-PKCS1-v1_5", hash: "SHA-256", modulusLength: 2048, publicExponent: new Uint8Array([1, 0, 1]) };
const ec = { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" };

async function keyPair(algorithm: typeof rsa | typeof ec, kid: string) {
  const pair = (await crypto.subtle.generateKey(algorithm, true, ["sign", "verify"])) as CryptoKeyPair;
  const { kty, n, e, crv, x, y } = await crypto.subtle.exportKey("jwk", pair.publicKey);
  const key = JSON.parse(JSON.stringify({ kty, n, e, crv, x, y, kid })) as Record<string, string>;
  const sign = async (claims: object) => {
    const alg = algorithm.name === "ECDSA" ? "ES256" : "RS256";
    const head = base64url(text.encode(JSON.stringify({ alg, kid, typ: "JWT" })));
    const body = base64url(text.encode(JSON.stringify({ iss: issuer, sub: "alice", exp: 4_000_000_000, ...claims })));
    const signature = await crypto.subtle.sign(algorithm, pair.privateKey, text.encode(`${head}.${body}`));
    return `${head}.${body}.${base64url(new Uint8Array(signature))}`;
  };
  return { key, sign };
}

/** Names of traffic entries → what each sends. */
let requests: Record<string, { headers: Record<string, string>; path?: string }>;
let files: { name: string; text: string }[];

beforeAll(async () => {
  const [a, b, stranger] = await Promise.all([keyPair(rsa, "a"), keyPair(ec, "b"), keyPair(rsa, "a")]);
  const bearer = (token: string) => ({ headers: { authorization: `Bearer ${token}` } });
  const good = await a.sign({ groups: ["staff", "admins"], scope: "read write" });
  const [head, , signature] = good.split(".");
  requests = {
    rs256: bearer(good),
    es256: bearer(await b.sign({ groups: ["admins"] })),
    none: { headers: {} },
    stranger: bearer(await stranger.sign({ groups: ["admins"] })),
    tampered: bearer(
      `${head}.${base64url(text.encode(JSON.stringify({ iss: issuer, sub: "root", groups: ["admins"] })))}.${signature}`,
    ),
    expired: bearer(await a.sign({ groups: ["admins"], exp: 1_000_000_000 })),
    otherIssuer: bearer(await a.sign({ iss: "https://other.example" })),
    wrongGroup: bearer(await a.sign({ groups: ["guests"] })),
    elsewhere: { headers: { "x-token": good } },
    parameter: { headers: {}, path: `/?access_token=${good}` },
    broken: bearer("eyJub3QiOiJhIHRva2VuIn0.x.y"),
  };
  const documents = [
    {
      apiVersion: "v1",
      kind: "Service",
      metadata: { name: "api", namespace: "shop" },
      spec: { selector: { app: "api" }, ports: [{ name: "http", port: 80, targetPort: 8080 }] },
    },
    {
      apiVersion: "security.istio.io/v1",
      kind: "RequestAuthentication",
      metadata: { name: "api", namespace: "shop" },
      spec: { selector: { matchLabels: { app: "api" } }, jwtRules: [{ issuer, jwks: JSON.stringify({ keys: [a.key, b.key] }) }] },
    },
    {
      apiVersion: "security.istio.io/v1",
      kind: "AuthorizationPolicy",
      metadata: { name: "api", namespace: "shop" },
      spec: {
        selector: { matchLabels: { app: "api" } },
        rules: [
          {
            from: [{ source: { requestPrincipals: [`${issuer}/*`] } }],
            when: [{ key: "request.auth.claims[groups]", values: ["admins"] }],
          },
        ],
      },
    },
    {
      apiVersion: "meshwise.dev/v1",
      kind: "Experiment",
      metadata: { name: "tokens" },
      spec: {
        duration: "1s",
        workloads: [
          { name: "client", namespace: "shop" },
          { name: "api", namespace: "shop", service: "api", labels: { app: "api" } },
        ],
        traffic: Object.entries(requests).map(([name, { headers, path = "/" }]) => ({
          name,
          from: "client",
          to: `http://api.shop${path}`,
          headers,
          burst: 1,
        })),
      },
    },
  ];
  files = documents.map((one, i) => ({ name: `${i}.yaml`, text: JSON.stringify(one) }));
});

async function statuses(): Promise<Record<string, string>> {
  const planned = planRun(files, { tokens: await verifyTokens(files) });
  if (!planned.ok) throw new Error(JSON.stringify(planned.diagnostics));
  const session = startSession(planned.plan, 1);
  session.run();
  const edges = session.report().edges;
  return Object.fromEntries(edges.map((edge) => [edge.traffic, Object.keys(edge.statuses).join()]));
}

test("a valid token passes, none is refused by the policy (403), a bad one by authentication (401)", async () => {
  expect(await statuses()).toEqual({
    rs256: "200",
    es256: "200",
    none: "403",
    stranger: "401",
    tampered: "401",
    expired: "401",
    otherIssuer: "401",
    wrongGroup: "403",
    elsewhere: "403",
    parameter: "200",
    broken: "401",
  });
});

test("without verdicts no token is believed", () => {
  const planned = planRun(files);
  if (!planned.ok) throw new Error(JSON.stringify(planned.diagnostics));
  const [first] = planned.plan.config.traffic;
  const [facts] = Object.values(first?.variants[0]?.request.tokens ?? {});
  expect(facts).toMatchObject({ problem: "", claims: { iss: issuer }, signatures: {} });
  const session = startSession(planned.plan, 1);
  session.run();
  expect(session.report().edges.find(({ traffic }) => traffic === "rs256")?.statuses).toEqual({ 401: 1 });
});

test("a gateway routes by the claims of a verified token", async () => {
  const claim = { headers: { "@request.auth.claims.groups": { exact: "admins" } } };
  const to = (host: string) => [{ destination: { host } }];
  const virtualService = {
    apiVersion: "networking.istio.io/v1",
    kind: "VirtualService",
    metadata: { name: "shop", namespace: "shop" },
    spec: {
      hosts: ["shop.example"],
      gateways: ["public"],
      http: [{ match: [claim], route: to("admin") }, { route: to("public") }],
    },
  };
  const gateway = {
    apiVersion: "networking.istio.io/v1",
    kind: "Gateway",
    metadata: { name: "public", namespace: "shop" },
    spec: {
      selector: { istio: "ingressgateway" },
      servers: [{ port: { number: 80, name: "http", protocol: "HTTP" }, hosts: ["shop.example"] }],
    },
  };
  const backends = ["admin", "public"].map((name) => ({
    apiVersion: "v1",
    kind: "Service",
    metadata: { name, namespace: "shop" },
    spec: { selector: { app: name }, ports: [{ name: "http", port: 80, targetPort: 8080 }] },
  }));
  const authentication = JSON.parse(files[1]?.text ?? "{}");
  authentication.metadata.namespace = "istio-system";
  authentication.spec.selector = undefined;
  const experiment = {
    apiVersion: "meshwise.dev/v1",
    kind: "Experiment",
    metadata: { name: "claims" },
    spec: {
      duration: "1s",
      workloads: ["admin", "public"].map((name) => ({ name, namespace: "shop", service: name, labels: { app: name } })),
      traffic: ["rs256", "wrongGroup", "none", "stranger"].map((name) => ({
        name,
        from: "internet",
        to: "http://shop.example/",
        headers: requests[name]?.headers,
        burst: 1,
      })),
      expect: [
        { metric: "requests", of: "admin", traffic: "rs256", equals: 1 },
        { metric: "requests", of: "public", traffic: "wrongGroup", equals: 1 },
        { metric: "requests", of: "public", traffic: "none", equals: 1 },
        { metric: "statusCount", traffic: "stranger", status: 401, equals: 1 },
      ],
    },
  };
  const all = [virtualService, gateway, ...backends, authentication, experiment];
  const written = all.map((one, i) => ({ name: `${i}.yaml`, text: JSON.stringify(one) }));
  const planned = planRun(written, { tokens: await verifyTokens(written) });
  if (!planned.ok) throw new Error(JSON.stringify(planned.diagnostics));
  const session = startSession(planned.plan, 1);
  session.run();
  expect(session.goal().checks.filter((check) => !check.passed)).toEqual([]);
});
