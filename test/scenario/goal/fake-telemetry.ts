/** Telemetry with the rows a test gives, so that each metric is checked against numbers worked out by hand. */
import type { ArrivalRecord, ArrivalStats, EdgeStats, EjectionRecord, LatencySummary, Milestone, Telemetry } from "#engine";

export interface FakeRows {
  edges?: readonly Partial<EdgeStats>[];
  arrivals?: readonly Partial<ArrivalStats>[];
  ejections?: readonly EjectionRecord[];
  milestones?: readonly Milestone[];
  order?: readonly ArrivalRecord[];
  /** Rows of window 1. */
  windowEdges?: readonly Partial<EdgeStats>[];
}

export function fakeTelemetry(rows: FakeRows): Telemetry {
  return {
    totals: () => ({ requests: 0, errors: 0, flags: {}, retries: 0, ejections: 0, arrivals: {}, latency: new Map() }),
    trafficNames: () => [],
    edges: (window = 0) => (window === 0 ? (rows.edges ?? []) : (rows.windowEdges ?? [])).map(edge),
    arrivals: () => (rows.arrivals ?? []).map(arrival),
    ejections: () => rows.ejections ?? [],
    outlierLog: () => [],
    ownLines: () => [],
    accessLog: () => [],
    served: () => [],
    milestones: () => rows.milestones ?? [],
    arrivalOrder: () => rows.order ?? [],
    mergeLatency: (merged) =>
      latency(
        merged.reduce((count, row) => count + row.latency.count, 0),
        42,
      ),
  };
}

export function latency(count: number, ms: number): LatencySummary {
  return { count, mean: ms, min: ms, max: ms, p50: ms, p90: ms + 1, p95: ms + 2, p99: ms + 3 };
}

function edge(row: Partial<EdgeStats>): EdgeStats {
  const requests = row.requests ?? 0;
  return {
    traffic: 0,
    firstHop: true,
    from: { name: "client", namespace: "shop" },
    to: { name: "payments", namespace: "shop" },
    requests,
    ok: requests,
    attempts: requests,
    statuses: {},
    flags: {},
    latency: latency(requests, 10),
    security: { mutual_tls: requests, none: 0 },
    ...row,
  };
}

function arrival(row: Partial<ArrivalStats>): ArrivalStats {
  return {
    workload: "payments-v1",
    namespace: "shop",
    replica: 0,
    traffic: 0,
    requests: 0,
    shadows: 0,
    denied: 0,
    plaintext: 0,
    ...row,
  };
}
