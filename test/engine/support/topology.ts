/** Random but valid topologies for property tests: chains and fans of services behind one proxy each, with every limit and policy drawn. */
import fc from "fast-check";
import type {
  BehaviourConfig,
  MeshConfig,
  OutlierDetection,
  ProxyNode,
  ServiceEntryPoint,
  SimulationConfig,
  WorkloadConfig,
} from "#engine";
import {
  behaviour,
  cluster,
  endpoint,
  forward,
  lb,
  noBreakers,
  outlier,
  request,
  retryPolicy,
  route,
  server,
  simulation,
} from "./build.ts";

const policies = ["ROUND_ROBIN", "LEAST_REQUEST", "RANDOM", "RING_HASH", "MAGLEV", "PEAK_EWMA"] as const;

const serviceArbitrary = fc.record({
  replicas: fc.integer({ min: 1, max: 4 }),
  meanMs: fc.integer({ min: 0, max: 30 }),
  concurrency: fc.option(fc.integer({ min: 1, max: 3 })),
  queue: fc.option(fc.integer({ min: 0, max: 5 })),
  failure: fc.double({ min: 0, max: 0.6, noNaN: true }),
  reset: fc.boolean(),
  policy: fc.constantFrom(...policies),
  maxConnections: fc.integer({ min: 1, max: 4 }),
  maxPending: fc.integer({ min: 0, max: 4 }),
  maxRequests: fc.integer({ min: 1, max: 6 }),
  limited: fc.boolean(),
  http2: fc.boolean(),
  perConnection: fc.integer({ min: 0, max: 3 }),
  retries: fc.integer({ min: 0, max: 3 }),
  perTryMs: fc.constantFrom(0, 15, 60),
  timeoutMs: fc.constantFrom(0, 40, 200),
  hedge: fc.boolean(),
  avoid: fc.boolean(),
  detection: fc.boolean(),
  maxEjectionPercent: fc.integer({ min: 0, max: 100 }),
  calls: fc.array(fc.integer({ min: 1, max: 3 }), { maxLength: 2 }),
  callTimeoutMs: fc.option(fc.constantFrom(20, 80)),
});

type Service = typeof serviceArbitrary extends fc.Arbitrary<infer T> ? T : never;

export const topologyArbitrary = fc.record({
  services: fc.array(serviceArbitrary, { minLength: 1, maxLength: 5 }),
  seed: fc.integer({ min: 1, max: 1e6 }),
  rate: fc.integer({ min: 20, max: 400 }),
  latencyMs: fc.constantFrom(0, 0, 1, 5),
  loss: fc.constantFrom(0, 0, 0.01),
  clientTimeoutMs: fc.option(fc.constantFrom(30, 150)),
  crashAtMs: fc.option(fc.integer({ min: 0, max: 900 })),
  load: fc.constantFrom("rate", "users", "burst"),
});

export type Topology = typeof topologyArbitrary extends fc.Arbitrary<infer T> ? T : never;

const addressOf = (service: number, replica: number) => `10.1.${service}.${replica + 1}:8080`;

export function configOf(topology: Topology): SimulationConfig {
  const { services } = topology;
  const mesh: MeshConfig = { nodes: [], services: services.map((service, i) => entryPoint(service, i)) };
  const nodes: ProxyNode[] = [nodeOf("client", services), ...services.map((_, i) => nodeOf(`s${i}`, services))];
  const workloads: WorkloadConfig[] = services.map((service, i) => ({
    ...server(
      `s${i}`,
      Array.from({ length: service.replicas }, (_, r) => addressOf(i, r)),
      behaviourOf(service, i, services.length),
    ),
    nodeId: `s${i}`,
  }));
  const client = { ...server("client", ["10.1.250.1:8080"]), nodeId: "client" };
  const { rate } = topology;
  const load =
    topology.load === "rate"
      ? ({ type: "rate", perSecond: rate, arrivals: "poisson" } as const)
      : topology.load === "users"
        ? ({ type: "users", users: 1 + (rate % 9), thinkTimeMs: 5 } as const)
        : ({ type: "burst", size: rate % 60 } as const);
  return simulation({
    mesh: { ...mesh, nodes },
    workloads: [...workloads, client],
    traffic: [
      {
        name: "t",
        from: { workload: "client", namespace: "default" },
        fromLabel: "client",
        entryNodeId: null,
        variants: [{ weight: 1, request: request("http://s0:8080/", { headers: { "x-key": "k" } }) }],
        load,
        timeoutMs: topology.clientTimeoutMs,
        startMs: 0,
        durationMs: null,
        requests: null,
      },
    ],
    network: { latencyMs: topology.latencyMs, loss: topology.loss, links: [] },
    timeline:
      topology.crashAtMs === null
        ? []
        : [
            {
              atMs: topology.crashAtMs,
              change: { type: "crash", workload: "s0", namespace: "default", replica: 0, removedAfterMs: 100, mesh: null },
            },
            {
              atMs: topology.crashAtMs + 50,
              change: { type: "recover", workload: "s0", namespace: "default", replica: 0, mesh: null },
            },
          ],
    durationMs: 1000,
    windows: [{ fromMs: 200, toMs: 600 }],
  });
}

function entryPoint(service: Service, index: number): ServiceEntryPoint {
  return {
    name: `s${index}`,
    namespace: "default",
    hostnames: [`s${index}`],
    address: `10.96.0.${index + 1}`,
    ports: [{ port: 8080, targetPort: 8080, protocol: "http" }],
    endpoints: Array.from({ length: service.replicas }, (_, r) => addressOf(index, r)),
    external: false,
  };
}

function behaviourOf(service: Service, index: number, count: number): BehaviourConfig {
  const deeper = service.calls.map((step) => index + step).filter((to) => to < count);
  return behaviour({
    serviceTime: { type: "exponential", meanMs: service.meanMs },
    concurrency: service.concurrency,
    queue: service.queue,
    errors: { type: "rate", rate: service.failure, outcome: service.reset ? "reset" : 503, serviceTime: null },
    calls: deeper.length === 0 ? [] : [deeper.map((to) => callTo(to, service)), [callTo(deeper[0] ?? 0, service)]],
  });
}

function callTo(to: number, service: Service) {
  return {
    request: request(`http://s${to}:8080/`),
    timeoutMs: service.callTimeoutMs,
    forwardHeaders: true,
    onError: service.reset ? ("ignore" as const) : ("fail" as const),
  };
}

function nodeOf(id: string, services: readonly Service[]): ProxyNode {
  return {
    id,
    type: "sidecar",
    workload: id,
    namespace: "default",
    listeners: [
      {
        name: "out",
        direction: "outbound",
        address: "0.0.0.0",
        port: 8080,
        filterChains: [{ name: "", match: {}, networkRbac: [], terminal: { type: "http", httpFilters: [], routeConfig: "r" } }],
      },
    ],
    routes: [
      {
        name: "r",
        ignorePortInHostMatching: true,
        virtualHosts: services.map((service, i) => ({
          name: `s${i}`,
          domains: [`s${i}`],
          routes: [route("/", actionOf(service, i))],
        })),
      },
    ],
    clusters: services.map((service, i) => {
      const thresholds = service.limited
        ? {
            maxConnections: service.maxConnections,
            maxPendingRequests: service.maxPending,
            maxRequests: service.maxRequests,
            maxRetries: 2,
          }
        : noBreakers;
      return cluster(`c${i}`, {
        lb: lb({ policy: service.policy, maglev: { tableSize: 251 }, ringHash: { minimumRingSize: 64, maximumRingSize: 1024 } }),
        circuitBreakers: { default: thresholds, high: thresholds },
        upstreamProtocol: service.http2 ? "http2" : "http1",
        maxConcurrentStreams: service.http2 ? 2 : 4294967295,
        maxRequestsPerConnection: service.perConnection,
        ...(service.detection ? { outlierDetection: detectionOf(service) } : {}),
      });
    }),
    endpoints: services.map((service, i) => ({
      cluster: `c${i}`,
      localities: [
        {
          locality: "",
          priority: 0,
          weight: 1,
          endpoints: Array.from({ length: service.replicas }, (_, r) => endpoint(addressOf(i, r))),
        },
      ],
    })),
  };
}

function detectionOf(service: Service): OutlierDetection {
  return outlier({ consecutive5xx: 3, intervalMs: 100, baseEjectionTimeMs: 100, maxEjectionPercent: service.maxEjectionPercent });
}

function actionOf(service: Service, index: number) {
  return forward(`c${index}`, {
    timeoutMs: service.timeoutMs,
    hashPolicy: [{ type: "header", name: "x-key", terminal: false }],
    ...(service.hedge ? { hedgePolicy: { initialRequests: 1, hedgeOnPerTryTimeout: true } } : {}),
    retryPolicy: retryPolicy({
      numRetries: service.retries,
      perTryTimeoutMs: service.perTryMs,
      backOff: { baseIntervalMs: 5, maxIntervalMs: 50 },
      avoidPreviousHosts: service.avoid,
      hostSelectionRetryMaxAttempts: 3,
    }),
  });
}
