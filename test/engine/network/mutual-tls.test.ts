/** What two proxies make of each other's TLS settings, as measured on Envoy 1.40 (group i): status, flag and tries of 28 pairs. */
import { expect, test } from "vitest";
import {
  type CertificateConfig,
  createSimulation,
  type DownstreamTls,
  type FilterChain,
  type Listener,
  type ProxyNode,
  type SimulationConfig,
  type UpstreamTls,
} from "#engine";
import {
  cluster,
  endpoint,
  forward,
  listenerAddress,
  retryPolicy,
  route,
  server,
  simulation,
  toEnvoy,
} from "../support/build.ts";
import { edgeOf } from "../support/outcomes.ts";

const day = 86_400_000;

function certificate(account: string, over: Partial<CertificateConfig> = {}): CertificateConfig {
  return { identity: `spiffe://cluster.local/ns/shop/sa/${account}`, issuer: "mesh", notBeforeMs: 0, notAfterMs: day, ...over };
}

const clients: Record<string, UpstreamTls | undefined> = {
  plain: undefined,
  "tls-nocert": { mode: "simple", trustedRoots: ["mesh"], subjectAltNames: [] },
  "mtls-ok": { mode: "mutual", certificate: certificate("client"), trustedRoots: ["mesh"], subjectAltNames: [] },
  "mtls-intruder": { mode: "mutual", certificate: certificate("intruder"), trustedRoots: ["mesh"], subjectAltNames: [] },
  "mtls-otherca": {
    mode: "mutual",
    certificate: certificate("client", { issuer: "other" }),
    trustedRoots: ["mesh"],
    subjectAltNames: [],
  },
  "mtls-expired": {
    mode: "mutual",
    certificate: certificate("client", { notAfterMs: 0 }),
    trustedRoots: ["mesh"],
    subjectAltNames: [],
  },
  "mtls-wrongserver": {
    mode: "mutual",
    certificate: certificate("client"),
    trustedRoots: ["mesh"],
    subjectAltNames: ["spiffe://cluster.local/ns/shop/sa/other"],
  },
};

const strict: DownstreamTls = {
  certificate: certificate("server"),
  requireClientCertificate: true,
  trustedRoots: ["mesh"],
  subjectAltNames: ["spiffe://cluster.local/ns/shop/sa/client"],
};
const anyIdentity: DownstreamTls = { ...strict, subjectAltNames: [] };

const chain = (tls: DownstreamTls | undefined, match: FilterChain["match"] = {}): FilterChain => ({
  name: "",
  match,
  ...(tls === undefined ? {} : { tls }),
  networkRbac: [],
  terminal: { type: "http", httpFilters: [], routeConfig: "r" },
});

const servers: Record<string, readonly FilterChain[]> = {
  STRICT: [chain(strict)],
  STRICT_ANYSAN: [chain(anyIdentity)],
  PERMISSIVE: [chain(strict, { transportProtocol: "tls" }), chain(undefined, { transportProtocol: "raw_buffer" })],
  DISABLE: [chain(undefined)],
};

function node(
  id: string,
  address: string,
  chains: readonly FilterChain[],
  to: string,
  tls: UpstreamTls | undefined,
  retryOn: string[],
): ProxyNode {
  const listener: Listener = { name: id, direction: "outbound", address, port: 10000, filterChains: chains };
  const policy = { retryPolicy: retryPolicy({ retryOn, numRetries: 2, backOff: { baseIntervalMs: 1, maxIntervalMs: 1 } }) };
  return {
    id,
    type: "bootstrap",
    workload: id,
    namespace: "",
    listeners: [listener],
    routes: [
      {
        name: "r",
        virtualHosts: [{ name: "v", domains: ["*"], routes: [route("/", forward("up", retryOn.length > 0 ? policy : {}))] }],
      },
    ],
    clusters: [cluster("up", tls === undefined ? {} : { tls })],
    endpoints: [{ cluster: "up", localities: [{ locality: "", priority: 0, weight: 1, endpoints: [endpoint(to)] }] }],
  };
}

function between(client: string, mode: string, retryOn: string[] = []): SimulationConfig {
  return simulation({
    mesh: {
      nodes: [
        node("envoy", listenerAddress, [chain(undefined)], "10.9.9.8:10000", clients[client], retryOn),
        node("server", "10.9.9.8", servers[mode] ?? [], "10.0.0.1:8080", undefined, []),
      ],
      services: [],
    },
    workloads: [server("app", ["10.0.0.1:8080"])],
    traffic: [toEnvoy("/", { requests: 2 })],
  });
}

// Checks "sidecar->sidecar …: status by server mode"; the flag by semantics 19.
const outcomes: Record<string, Record<string, string>> = {
  plain: { DISABLE: "200", PERMISSIVE: "200", STRICT: "503 UC", STRICT_ANYSAN: "503 UC" },
  "tls-nocert": { DISABLE: "503 UF", PERMISSIVE: "503 UF", STRICT: "503 UF", STRICT_ANYSAN: "503 UF" },
  "mtls-ok": { DISABLE: "503 UF", PERMISSIVE: "200", STRICT: "200", STRICT_ANYSAN: "200" },
  "mtls-intruder": { DISABLE: "503 UF", PERMISSIVE: "503 UF", STRICT: "503 UF", STRICT_ANYSAN: "200" },
  "mtls-otherca": { DISABLE: "503 UF", PERMISSIVE: "503 UF", STRICT: "503 UF", STRICT_ANYSAN: "503 UF" },
  "mtls-expired": { DISABLE: "503 UF", PERMISSIVE: "503 UF", STRICT: "503 UF", STRICT_ANYSAN: "503 UF" },
  "mtls-wrongserver": { DISABLE: "503 UF", PERMISSIVE: "503 UF", STRICT: "503 UF", STRICT_ANYSAN: "503 UF" },
};

const pairs = Object.entries(outcomes).flatMap(([client, modes]) =>
  Object.entries(modes).map(([mode, outcome]) => [client, mode, outcome] as const),
);

test.each(pairs)("client %s, server %s: %s", (client, mode, outcome) => {
  const edge = edgeOf(between(client, mode));
  const [status = ""] = Object.keys(edge.statuses);
  expect([status, ...Object.keys(edge.flags)].join(" ")).toBe(outcome);
  expect(edge.requests).toBe(2);
});

test("TLS at a plaintext port is a connect failure and is retried; plaintext at a STRICT port is a reset and is not", () => {
  expect(edgeOf(between("mtls-ok", "DISABLE", ["connect-failure"]))).toMatchObject({ attempts: 6, flags: { URX: 2, UF: 2 } });
  expect(edgeOf(between("plain", "STRICT", ["connect-failure"]))).toMatchObject({ attempts: 2, flags: { UC: 2 } });
});

test("the transport failure stands in the access log", () => {
  const run = createSimulation({ ...between("mtls-otherca", "STRICT"), accessLogLimit: 10 }, { seed: 1 });
  run.run();
  const [line] = run.telemetry.accessLog();
  expect(line).toMatchObject({ RESPONSE_FLAGS: "UF", RESPONSE_CODE: 503 });
  expect(line?.UPSTREAM_TRANSPORT_FAILURE_REASON).toContain("TLS_error");
});
