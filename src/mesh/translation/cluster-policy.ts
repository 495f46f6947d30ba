/** connectionPool, loadBalancer and outlierDetection → a cluster's settings (core/cluster_traffic_policy.go). */
import type { CircuitBreakers, CircuitBreakerThresholds, HashPolicy, LoadBalancing, OutlierDetection } from "#engine";
import { at, durationMs, type Field, flag, number, text } from "./field.ts";

/** Istio's "no limit". */
export const unlimited = 4_294_967_295;

/** What Envoy uses for requests of high priority when nothing is set; istiod sets nothing. */
const envoyDefaults: CircuitBreakerThresholds = {
  maxConnections: 1024,
  maxPendingRequests: 1024,
  maxRequests: 1024,
  maxRetries: 3,
};

export function circuitBreakersOf(pool: Field | undefined, retryBudget: Field | undefined): CircuitBreakers {
  const positive = (value: number | undefined): number => (value !== undefined && value > 0 ? value : unlimited);
  return {
    default: {
      maxConnections: positive(number(pool, "tcp", "maxConnections")),
      maxPendingRequests: positive(number(pool, "http", "http1MaxPendingRequests")),
      maxRequests: positive(number(pool, "http", "http2MaxRequests")),
      maxRetries: positive(number(pool, "http", "maxRetries")),
      ...(retryBudget
        ? {
            retryBudget: {
              // The default is written as 0.2, which Envoy reads as 0.2 % (istio#59504), not 20 %.
              budgetPercent: at(retryBudget, "percent") ? budgetPercent(retryBudget) : 0.2,
              minRetryConcurrency: number(retryBudget, "minRetryConcurrency") || 3,
            },
          }
        : {}),
    },
    high: envoyDefaults,
  };
}

/** google.protobuf.DoubleValue is written as a plain number; `{value: …}` is Percent. */
function budgetPercent(retryBudget: Field): number {
  return number(retryBudget, "percent", "value") ?? number(retryBudget, "percent") ?? 0;
}

export interface ConnectionLimits {
  connectTimeoutMs: number;
  maxRequestsPerConnection: number;
  idleTimeoutMs?: number;
  maxConnectionDurationMs?: number;
}

export function connectionLimitsOf(pool: Field | undefined, defaultConnectTimeoutMs: number): ConnectionLimits {
  const idleTimeoutMs = durationMs(pool, "http", "idleTimeout") ?? durationMs(pool, "tcp", "idleTimeout");
  const maxConnectionDurationMs = durationMs(pool, "tcp", "maxConnectionDuration");
  return {
    connectTimeoutMs: durationMs(pool, "tcp", "connectTimeout") ?? defaultConnectTimeoutMs,
    maxRequestsPerConnection: number(pool, "http", "maxRequestsPerConnection") ?? 0,
    ...(idleTimeoutMs === undefined ? {} : { idleTimeoutMs }),
    ...(maxConnectionDurationMs === undefined ? {} : { maxConnectionDurationMs }),
  };
}

/** Only consecutive errors eject; success-rate ejection is switched off. Unset numbers are Envoy's defaults. */
export function outlierDetectionOf(field: Field | undefined): OutlierDetection | undefined {
  if (!field) return undefined;
  const consecutive5xx = number(field, "consecutive5xxErrors");
  const gateway = number(field, "consecutiveGatewayErrors");
  const split = flag(field, "splitExternalLocalOriginErrors") ?? false;
  const local = split ? number(field, "consecutiveLocalOriginFailures") : undefined;
  return {
    consecutive5xx: consecutive5xx ?? 5,
    enforcingConsecutive5xxPercent: consecutive5xx === 0 ? 0 : 100,
    consecutiveGatewayFailure: gateway ?? 5,
    enforcingConsecutiveGatewayFailurePercent: gateway !== undefined && gateway > 0 ? 100 : 0,
    consecutiveLocalOriginFailure: local !== undefined && local > 0 ? local : 5,
    enforcingConsecutiveLocalOriginFailurePercent: 100,
    splitExternalLocalOriginErrors: split,
    successRate: {
      enforcingPercent: 0,
      enforcingLocalOriginPercent: 0,
      minimumHosts: 5,
      requestVolume: 100,
      stdevFactor: 1.9,
    },
    failurePercentage: {
      enforcingPercent: 0,
      enforcingLocalOriginPercent: 0,
      threshold: 85,
      minimumHosts: 5,
      requestVolume: 50,
    },
    intervalMs: durationMs(field, "interval") ?? 10_000,
    baseEjectionTimeMs: durationMs(field, "baseEjectionTime") ?? 30_000,
    maxEjectionTimeMs: Math.max(300_000, durationMs(field, "baseEjectionTime") ?? 0),
    maxEjectionTimeJitterMs: 0,
    maxEjectionPercent: number(field, "maxEjectionPercent") || 10,
    alwaysEjectOneHost: false,
    written: {
      consecutive5xx: consecutive5xx !== undefined,
      consecutiveGatewayFailure: gateway !== undefined,
      consecutiveLocalOriginFailure: local !== undefined && local > 0,
      interval: at(field, "interval") !== undefined,
      baseEjectionTime: at(field, "baseEjectionTime") !== undefined,
      maxEjectionPercent: (number(field, "maxEjectionPercent") ?? 0) > 0,
    },
  };
}

/** @param panicThresholdPercent 50 (Envoy's) unless outlier detection sets it: its minHealthPercent, 0 when absent. */
export function loadBalancingOf(
  field: Field | undefined,
  panicThresholdPercent: number,
  localityWeighted: boolean,
): { loadBalancing: LoadBalancing; passthrough: boolean } {
  const simple = text(field, "simple");
  const loadBalancing: LoadBalancing = {
    policy: "LEAST_REQUEST",
    panicThresholdPercent,
    localityWeighted,
    updateMergeWindowMs: 1000,
    overprovisioningFactor: 140,
  };
  const slowStart = slowStartOf(field);
  if (simple === "ROUND_ROBIN" || simple === "RANDOM") loadBalancing.policy = simple;
  if (simple === "PASSTHROUGH") return { loadBalancing: { ...loadBalancing, policy: "CLUSTER_PROVIDED" }, passthrough: true };
  if (loadBalancing.policy === "LEAST_REQUEST") loadBalancing.leastRequest = { choiceCount: 2, activeRequestBias: 1 };
  if (loadBalancing.policy !== "RANDOM" && slowStart) loadBalancing.slowStart = slowStart;
  const hash = at(field, "consistentHash");
  if (hash) {
    const { leastRequest: _unused, slowStart: _neither, ...hashed } = loadBalancing;
    if (at(hash, "maglev")) {
      const tableSize = number(hash, "maglev", "tableSize") ?? 0;
      return {
        loadBalancing: {
          ...hashed,
          policy: "MAGLEV",
          maglev: { tableSize: tableSize || 65_537, ...(tableSize ? {} : { defaulted: true }) },
        },
        passthrough: false,
      };
    }
    const ring = at(hash, "ringHash");
    const written = ring ? number(ring, "minimumRingSize") || undefined : number(hash, "minimumRingSize") || 1024;
    return {
      loadBalancing: {
        ...hashed,
        policy: "RING_HASH",
        ringHash: {
          minimumRingSize: written ?? 1024,
          maximumRingSize: 8_388_608,
          ...(written === undefined ? { defaulted: true } : {}),
        },
      },
      passthrough: false,
    };
  }
  return { loadBalancing, passthrough: false };
}

function slowStartOf(field: Field | undefined): LoadBalancing["slowStart"] {
  const warmup = at(field, "warmup");
  if (warmup) {
    return {
      windowMs: durationMs(warmup, "duration") ?? 0,
      aggression: number(warmup, "aggression") ?? 1,
      minWeightPercent: number(warmup, "minimumPercent") ?? 10,
    };
  }
  const windowMs = durationMs(field, "warmupDurationSecs");
  return windowMs === undefined ? undefined : { windowMs, aggression: 1, minWeightPercent: 10, defaulted: true };
}

/** consistentHash → the hash policy of a route towards that destination. */
export function hashPolicyOf(loadBalancer: Field | undefined): HashPolicy | undefined {
  const hash = at(loadBalancer, "consistentHash");
  const header = text(hash, "httpHeaderName");
  if (header) return { type: "header", name: header, terminal: false };
  const cookie = at(hash, "httpCookie");
  if (cookie) {
    const ttlMs = durationMs(cookie, "ttl");
    const path = text(cookie, "path");
    const attributes = cookieAttributes(cookie);
    return {
      type: "cookie",
      name: text(cookie, "name") ?? "",
      ...(ttlMs === undefined ? {} : { ttlMs }),
      ...(path ? { path } : {}),
      ...(attributes.length > 0 ? { attributes } : {}),
      terminal: false,
    };
  }
  if (at(hash, "useSourceIp")) return { type: "sourceIp", terminal: false };
  const parameter = text(hash, "httpQueryParameterName");
  return parameter ? { type: "queryParameter", name: parameter, terminal: false } : undefined;
}

function cookieAttributes(cookie: Field): { name: string; value: string }[] {
  const list = at(cookie, "attributes")?.value;
  if (!Array.isArray(list)) return [];
  return list.map((_, index) => ({
    name: text(cookie, "attributes", index, "name") ?? "",
    value: text(cookie, "attributes", index, "value") ?? "",
  }));
}
