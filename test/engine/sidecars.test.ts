/** Two workloads with sidecars: capture, mutual TLS by endpoint metadata, authorization at the server, calls, faults of pods, explanations. */
import { expect, test } from "vitest";
import { createSimulation, type HttpFilterConfig, type ProxyNode, type SimulationConfig, type WorkloadConfig } from "#engine";
import {
  behaviour,
  cluster,
  endpoint,
  forward,
  noBreakers,
  request,
  retryPolicy,
  route,
  service,
  simulation,
} from "./support/build.ts";
import { arrivalsOf, edgeOf, finish } from "./support/outcomes.ts";

const identity = (name: string) => `spiffe://cluster.local/ns/shop/sa/${name}`;
const certificate = (name: string) => ({ identity: identity(name), issuer: "mesh", notBeforeMs: 0, notAfterMs: 86_400_000 });
const pods = ["10.1.0.1:8080", "10.1.0.2:8080"];

interface Options {
  filters?: HttpFilterConfig[];
  meshed?: boolean;
  permissive?: boolean;
  inboundLimit?: number;
  retryOn?: string[];
  over?: Partial<SimulationConfig>;
  server?: Partial<WorkloadConfig["replicas"][number]["behaviour"]>;
}

function sidecar(name: string, options: Options): ProxyNode {
  const limits = { ...noBreakers, maxRequests: options.inboundLimit ?? noBreakers.maxRequests };
  const http = (routeConfig: string, httpFilters: HttpFilterConfig[] = []) => ({
    type: "http" as const,
    httpFilters,
    routeConfig,
  });
  const tls = { certificate: certificate(name), requireClientCertificate: true, trustedRoots: ["mesh"] };
  const inbound = http("inbound", name === "payments" ? (options.filters ?? []) : []);
  const chains = [
    {
      name: "mtls",
      match: { destinationPort: 8080, transportProtocol: "tls" as const },
      tls,
      networkRbac: [],
      terminal: inbound,
    },
  ];
  const plain = {
    name: "plain",
    match: { destinationPort: 8080, transportProtocol: "raw_buffer" as const },
    networkRbac: [],
    terminal: inbound,
  };
  return {
    id: `${name}.shop`,
    type: "sidecar",
    workload: name,
    namespace: "shop",
    listeners: [
      {
        name: "0.0.0.0_8080",
        direction: "outbound",
        address: "0.0.0.0",
        port: 8080,
        filterChains: [{ name: "", match: {}, networkRbac: [], terminal: http("8080") }],
      },
      {
        name: "virtualInbound",
        direction: "inbound",
        address: "0.0.0.0",
        port: 15006,
        filterChains: options.permissive ? [...chains, plain] : chains,
      },
    ],
    routes: [
      {
        name: "8080",
        ignorePortInHostMatching: true,
        virtualHosts: [
          {
            name: "payments",
            domains: ["payments"],
            routes: [
              route(
                "/",
                forward(
                  "outbound",
                  options.retryOn ? { retryPolicy: retryPolicy({ retryOn: options.retryOn, numRetries: 2 }) } : {},
                ),
              ),
            ],
          },
        ],
      },
      { name: "inbound", virtualHosts: [{ name: "inbound", domains: ["*"], routes: [route("/", forward("inbound|8080||"))] }] },
    ],
    clusters: [
      cluster("outbound", {
        transportSocketMatches: [
          {
            name: "tls",
            match: { tlsMode: "istio" },
            tls: { mode: "istio", certificate: certificate(name), trustedRoots: ["mesh"], subjectAltNames: [] },
          },
        ],
      }),
      cluster("inbound|8080||", { circuitBreakers: { default: limits, high: limits } }),
    ],
    endpoints: [
      {
        cluster: "outbound",
        localities: [
          {
            locality: "",
            priority: 0,
            weight: 1,
            endpoints: pods.map((address) =>
              endpoint(address, options.meshed === false ? {} : { metadata: { tlsMode: "istio" } }),
            ),
          },
        ],
      },
    ],
  };
}

function workload(name: string, addresses: readonly string[], nodeId: string | null, own = behaviour()): WorkloadConfig {
  return {
    name,
    namespace: "shop",
    service: name,
    serviceAccount: name,
    labels: {},
    nodeId,
    replicas: addresses.map((address) => ({
      ip: address.replace(":8080", ""),
      addresses: [address],
      locality: "",
      behaviour: own,
    })),
  };
}

function shop(options: Options = {}): SimulationConfig {
  const meshed = options.meshed !== false;
  return simulation({
    mesh: {
      nodes: [sidecar("client", options), ...(meshed ? [sidecar("payments", options)] : [])],
      services: [service("payments", pods)],
    },
    workloads: [
      workload("client", ["10.1.9.1:8080"], "client.shop"),
      workload("legacy", ["10.1.9.2:8080"], null),
      workload(
        "payments",
        pods,
        meshed ? "payments.shop" : null,
        behaviour({ serviceTime: { type: "constant", ms: 5 }, ...options.server }),
      ),
    ],
    traffic: [from("client"), from("legacy")],
    ...options.over,
  });
}

function from(name: string): SimulationConfig["traffic"][number] {
  return {
    name,
    from: { workload: name, namespace: "shop" },
    fromLabel: name,
    entryNodeId: null,
    variants: [{ weight: 1, request: request("http://payments:8080/pay") }],
    load: { type: "rate", perSecond: 50, arrivals: "constant" },
    timeoutMs: null,
    startMs: 0,
    durationMs: null,
    requests: 20,
  };
}

test("a sidecar uses mutual TLS; a legacy client is closed out by STRICT and let in by PERMISSIVE", () => {
  expect(edgeOf(shop(), 0)).toMatchObject({ ok: 20, security: { mutual_tls: 20, none: 0 } });
  expect(edgeOf(shop(), 1)).toMatchObject({ ok: 0, statuses: { 0: 20 }, flags: {} });
  expect(edgeOf(shop({ permissive: true }), 1)).toMatchObject({ ok: 20, security: { mutual_tls: 0, none: 20 } });
  expect(edgeOf(shop({ meshed: false }), 0)).toMatchObject({ ok: 20, security: { mutual_tls: 0, none: 20 } });
});

test("authorization is decided at the server from the client's identity; refused requests never reach the application", () => {
  const allow = (account: string): HttpFilterConfig => ({
    name: "rbac",
    config: {
      action: "ALLOW",
      policies: [
        {
          name: "ns[shop]-policy[allow]-rule[0]",
          permission: { type: "any" },
          principal: { type: "authenticated", principal: { type: "exact", value: `cluster.local/ns/shop/sa/${account}` } },
        },
      ],
    },
  });
  expect(edgeOf(shop({ filters: [allow("client")] }), 0)).toMatchObject({ ok: 20 });
  const refused = finish(shop({ filters: [allow("other")], permissive: true }));
  for (const edge of refused.telemetry.edges()) expect(edge).toMatchObject({ statuses: { 403: 20 }, attempts: 20 });
  expect(arrivalsOf(refused, "payments").reduce((sum, count) => sum + count, 0)).toBe(0);
  expect(refused.telemetry.arrivals().reduce((sum, row) => sum + row.denied, 0)).toBe(40);
});

test("limits bind the server's inbound cluster too: what it refuses is a 503 from upstream for the client", () => {
  const burst = { ...from("client"), load: { type: "burst" as const, size: 10 }, requests: null };
  const edge = edgeOf(shop({ inboundLimit: 2, over: { traffic: [burst] } }), 0);
  expect(edge.statuses).toEqual({ 200: 4, 503: 6 });
  expect(edge.flags).toEqual({});
});

test("an application that closes the connection: 503 from its own sidecar, a reset without one", () => {
  const reset = { errors: { type: "rate" as const, rate: 1, outcome: "reset" as const, serviceTime: null } };
  expect(edgeOf(shop({ server: reset }), 0)).toMatchObject({ statuses: { 503: 20 }, flags: {} });
  expect(edgeOf(shop({ server: reset, meshed: false }), 0)).toMatchObject({ statuses: { 503: 20 }, flags: { UC: 20 } });
});

test("a crashed pod closes its port: UF, found out by a connect failure and retried elsewhere", () => {
  const crash = { type: "crash" as const, workload: "payments", namespace: "shop", replica: 0, removedAfterMs: 1e6, mesh: null };
  const over = { timeline: [{ atMs: 0, change: crash }], traffic: [from("client")] };
  const lost = edgeOf(shop({ over }), 0);
  expect(lost.statuses).toEqual({ 200: 10, 503: 10 });
  expect(lost.flags).toEqual({ UF: 10 });
  expect(edgeOf(shop({ over, retryOn: ["connect-failure"] }), 0).attempts).toBeGreaterThan(20);
});

test("calls in steps and in parallel add up; headers are forwarded", () => {
  const call = (to: string, forwardHeaders = true) => ({
    request: request(`http://${to}:8080/`),
    timeoutMs: null,
    forwardHeaders,
    onError: "fail" as const,
  });
  const names = ["b", "c", "d"];
  const times: Record<string, number> = { b: 11, c: 30, d: 50 };
  const edge = finish(
    simulation({
      mesh: {
        nodes: [],
        services: ["a", ...names].map((name, i) => ({ ...service(name, [`10.2.0.${i}:8080`]), address: `10.96.1.${i}` })),
      },
      workloads: [
        workload(
          "a",
          ["10.2.0.0:8080"],
          null,
          behaviour({ serviceTime: { type: "constant", ms: 7 }, calls: [[call("b")], [call("c"), call("d")], [call("b")]] }),
        ),
        ...names.map((name, i) =>
          workload(name, [`10.2.0.${i + 1}:8080`], null, behaviour({ serviceTime: { type: "constant", ms: times[name] ?? 0 } })),
        ),
      ],
      traffic: [{ ...from("client"), from: null, variants: [{ weight: 1, request: request("http://a:8080/") }] }],
    }),
  ).telemetry.edges();
  const of = (name: string) => edge.find((row) => row.to.name === name);
  expect(of("a")?.latency).toMatchObject({ p50: 79, p99: 79 });
  expect(of("b")?.requests).toBe(40);
  expect(of("d")?.latency.mean).toBe(50);
});

test("messages take the network's latency; a new connection costs a round trip more", () => {
  const network = { latencyMs: 10, loss: 0, links: [] };
  const edge = edgeOf(
    shop({ over: { network, traffic: [{ ...from("client"), requests: 5, load: { type: "users", users: 1, thinkTimeMs: 0 } }] } }),
    0,
  );
  expect(edge.latency).toMatchObject({ max: 45, min: 25 });
});

test("a partition shows as a connect timeout, and heals", () => {
  const cut = (active: boolean) => ({ type: "partition" as const, from: "client", to: "payments", active });
  const over = {
    timeline: [
      { atMs: 0, change: cut(true) },
      { atMs: 5000, change: cut(false) },
    ],
    traffic: [
      { ...from("client"), requests: 1 },
      { ...from("client"), name: "later", startMs: 6000, requests: 1 },
    ],
  };
  const edges = finish(shop({ over })).telemetry.edges();
  expect(edges.find((edge) => edge.traffic === 0)).toMatchObject({ flags: { UF: 1 }, latency: { max: 1000 } });
  expect(edges.find((edge) => edge.traffic === 1)).toMatchObject({ ok: 1 });
});

test("scaling down drains, scaling up takes part; the control plane's outage keeps the last good configuration", () => {
  const grown = [...pods, "10.1.0.3:8080"];
  const base = shop();
  const meshOf = (addresses: readonly string[]) => {
    const nodes = base.mesh.nodes.map((node) => ({
      ...node,
      endpoints: node.endpoints.map((one) => ({
        ...one,
        localities: one.localities.map((group) => ({
          ...group,
          endpoints: addresses.map((address) => endpoint(address, { metadata: { tlsMode: "istio" } })),
        })),
      })),
    }));
    return { ...base.mesh, nodes };
  };
  const replicas = workload("payments", grown, "payments.shop", behaviour({ serviceTime: { type: "constant", ms: 5 } })).replicas;
  const scaleUp = { type: "scale" as const, workload: "payments", namespace: "shop", replicas, mesh: meshOf(grown) };
  const traffic = [{ ...from("client"), requests: 300 }];
  const open = finish({ ...base, traffic, timeline: [{ atMs: 2000, change: scaleUp }] });
  expect(arrivalsOf(open, "payments")).toHaveLength(3);
  const down = { type: "controlPlane" as const, up: false };
  const closed = finish({
    ...base,
    traffic,
    timeline: [
      { atMs: 1000, change: down },
      { atMs: 2000, change: scaleUp },
    ],
  });
  expect(arrivalsOf(closed, "payments")).toHaveLength(2);
  expect(closed.telemetry.edges()[0]).toMatchObject({ ok: 300 });
});

test("an explanation tells the whole way, with the parameters its sentences need", () => {
  const run = createSimulation(
    shop({ retryOn: ["5xx"], server: { errors: { type: "rate", rate: 1, outcome: 503, serviceTime: null } } }),
    { seed: 1 },
  );
  run.run();
  const explanation = run.explain(1);
  const [hop] = explanation?.hops ?? [];
  expect(hop).toMatchObject({ from: "client", to: "payments", status: 503, flags: ["URX"] });
  expect(hop?.attempts).toHaveLength(3);
  const codes = hop?.decisions.map((decision) => decision.code) ?? [];
  for (const code of [
    "capture.sidecar",
    "listener.matched",
    "virtualHost.matched",
    "route.matched",
    "cluster.only",
    "host.picked",
    "tls.mutual",
    "listener.inbound",
    "application.served",
    "retry.scheduled",
    "retry.limitExceeded",
    "response.flagged",
  ]) {
    expect(codes).toContain(code);
  }
});
