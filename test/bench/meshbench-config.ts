/**
 * MESHBENCH as an ordinary configuration: chains of services, three replicas each with one worker, sidecars that route, balance at
 * random, retry twice and time out after a second. Nothing of the engine is bypassed.
 */
import type {
  Cluster,
  MeshConfig,
  ProxyNode,
  ServiceEntryPoint,
  SimulationConfig,
  TrafficConfig,
  WorkloadConfig,
} from "../../src/engine/index.ts";

export interface MeshbenchOptions {
  chains: number;
  hops: number;
  requests: number;
  /** Share of attempts that fail right after service. */
  failureRate: number;
}

const unlimited = 4294967295;
const limits = { maxConnections: unlimited, maxPendingRequests: unlimited, maxRequests: unlimited, maxRetries: unlimited };
const arrivalsPerSecond = 180;
const serviceMeanMs = 10;

/** Back-off of MESHBENCH: 25 ms · 2^k without jitter. */
export function fixedBackOffMs(_retry: number, intervalMs: number): number {
  return intervalMs;
}

export function meshbench({ chains, hops, requests, failureRate }: MeshbenchOptions): SimulationConfig {
  const nodes: ProxyNode[] = [];
  const services: ServiceEntryPoint[] = [];
  const workloads: WorkloadConfig[] = [];
  const traffic: TrafficConfig[] = [];
  for (let chain = 0; chain < chains; chain++) {
    for (let hop = 0; hop < hops; hop++) {
      const name = `s${chain}-${hop}`;
      const addresses = [0, 1, 2].map((i) => `10.${chain & 255}.${(chain >> 8) * 32 + hop}.${i + 1}:8080`);
      services.push(serviceOf(name, addresses));
      const next = hop < hops - 1 ? `s${chain}-${hop + 1}` : null;
      if (next !== null) {
        const to = [0, 1, 2].map((i) => `10.${chain & 255}.${(chain >> 8) * 32 + hop + 1}.${i + 1}:8080`);
        nodes.push(nodeOf(name, next, to));
      }
      workloads.push({
        name,
        namespace: "bench",
        service: name,
        serviceAccount: name,
        labels: {},
        nodeId: next === null ? null : `${name}.bench`,
        replicas: addresses.map((address) => ({
          ip: address.replace(":8080", ""),
          addresses: [address],
          locality: "",
          behaviour: {
            serviceTime: { type: "exponential", meanMs: serviceMeanMs },
            concurrency: 1,
            queue: null,
            whenFull: "refuse",
            errors: failureRate === 0 ? null : { type: "rate", rate: failureRate, outcome: 503, serviceTime: null },
            calls: next === null ? [] : [[{ request: requestTo(next), timeoutMs: null, forwardHeaders: true, onError: "fail" }]],
          },
        })),
      });
    }
    const client = `client${chain}`;
    const to = [0, 1, 2].map((i) => `10.${chain & 255}.${(chain >> 8) * 32}.${i + 1}:8080`);
    nodes.push(nodeOf(client, `s${chain}-0`, to));
    traffic.push({
      name: client,
      from: null,
      fromLabel: client,
      entryNodeId: `${client}.bench`,
      variants: [{ weight: 1, request: requestTo(`s${chain}-0`) }],
      load: { type: "rate", perSecond: arrivalsPerSecond, arrivals: "poisson" },
      timeoutMs: null,
      startMs: 0,
      durationMs: null,
      requests: Math.ceil(requests / chains),
    });
  }
  const mesh: MeshConfig = { nodes, services };
  return {
    name: "meshbench",
    mesh,
    workloads,
    traffic,
    network: { latencyMs: 0, loss: 0, links: [] },
    timeline: [],
    durationMs: 0,
    windows: [],
    accessLogLimit: 0,
  };
}

function requestTo(name: string) {
  return { method: "GET", scheme: "http" as const, host: name, port: 8080, path: "/", headers: {} };
}

function serviceOf(name: string, endpoints: readonly string[]): ServiceEntryPoint {
  return {
    name,
    namespace: "bench",
    hostnames: [name],
    address: `vip-${name}`,
    ports: [{ port: 8080, targetPort: 8080, protocol: "http" }],
    endpoints,
    external: false,
  };
}

function nodeOf(name: string, to: string, addresses: readonly string[]): ProxyNode {
  const cluster: Cluster = {
    name: to,
    type: "EDS",
    connectTimeoutMs: 1000,
    lb: {
      policy: "RANDOM",
      panicThresholdPercent: 0,
      localityWeighted: false,
      updateMergeWindowMs: 1000,
      overprovisioningFactor: 140,
    },
    circuitBreakers: { default: limits, high: limits },
    upstreamProtocol: "http1",
    maxRequestsPerConnection: 0,
    maxConcurrentStreams: unlimited,
    transportSocketMatches: [],
  };
  return {
    id: `${name}.bench`,
    type: "sidecar",
    workload: name,
    namespace: "bench",
    listeners: [
      {
        name: "0.0.0.0_8080",
        direction: "outbound",
        address: "0.0.0.0",
        port: 8080,
        filterChains: [
          { name: "", match: {}, networkRbac: [], terminal: { type: "http", httpFilters: [], routeConfig: "8080" } },
        ],
      },
    ],
    routes: [
      {
        name: "8080",
        virtualHosts: [
          {
            name: to,
            domains: [to, `${to}:8080`],
            routes: [
              {
                name: "default",
                match: { path: { type: "prefix", value: "/", ignoreCase: false }, headers: [], queryParameters: [] },
                action: {
                  type: "forward",
                  clusters: [{ cluster: to, weight: 1 }],
                  timeoutMs: 1000,
                  retryPolicy: {
                    retryOn: ["5xx"],
                    numRetries: 2,
                    perTryTimeoutMs: 0,
                    retriableStatusCodes: [],
                    backOff: { baseIntervalMs: 25, maxIntervalMs: 250 },
                    avoidPreviousHosts: false,
                    hostSelectionRetryMaxAttempts: 0,
                  },
                  mirrors: [],
                  hashPolicy: [],
                  priority: "default",
                  clusterNotFoundStatus: 503,
                },
              },
            ],
          },
        ],
      },
    ],
    clusters: [cluster],
    endpoints: [
      {
        cluster: to,
        localities: [
          {
            locality: "",
            priority: 0,
            weight: 1,
            endpoints: addresses.map((address) => ({ address, weight: 1, health: "HEALTHY" as const, metadata: {} })),
          },
        ],
      },
    ],
  };
}
