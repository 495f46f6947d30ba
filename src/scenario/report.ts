/** The JSON of `simulate --format json` (contracts.md 3). A pure projection of telemetry; it computes no verdict. */
import type { EdgeStats, Simulation } from "#engine";
import { podsOf } from "./build/pods.ts";
import type { RunPlan } from "./build/run-plan.ts";
import { countedTraffic } from "./goal/goal.ts";
import { mergedLatency } from "./goal/metrics/latency.ts";
import type { EdgeReport, GoalResult, SimulationReport, WorkloadReport } from "./session.ts";

interface ReportInput {
  simulation: Simulation;
  plan: RunPlan;
  seed: number;
  goal: GoalResult;
  /** Lines to include, the first ones. */
  accessLog: number;
}

export function simulationReport({ simulation, plan, seed, goal, accessLog }: ReportInput): SimulationReport {
  return {
    experiment: plan.experiment.name,
    seed,
    durationMs: plan.experiment.durationMs,
    traceHash: simulation.traceHash(),
    events: simulation.eventCount,
    goal,
    edges: edgeRows(simulation, plan),
    workloads: workloadRows(simulation, plan),
    accessLog: simulation.telemetry.accessLog().slice(0, accessLog),
    dropped: simulation.keptLists().filter((list) => list.dropped > 0 && list.limit > 0),
    ...(plan.config.controlPlane ? { proxies: simulation.proxies() } : {}),
    ...rolloutPart(simulation),
    diagnostics: plan.diagnostics,
  };
}

function rolloutPart(simulation: Simulation): Pick<SimulationReport, "rollout"> {
  const rollout = simulation.rollout();
  return rollout ? { rollout } : {};
}

/** A row per first hop and traffic entry; later hops between the same two are one row. */
function edgeRows(simulation: Simulation, plan: RunPlan): EdgeReport[] {
  const groups = new Map<string, EdgeStats[]>();
  const counts = countedTraffic(plan.goal);
  const names = simulation.telemetry.trafficNames();
  for (const row of simulation.telemetry.edges()) {
    if (!counts(row.traffic)) continue;
    const key = JSON.stringify([row.firstHop ? row.traffic : -1, row.from, row.to]);
    groups.set(key, [...(groups.get(key) ?? []), row]);
  }
  return [...groups.values()].flatMap((rows) => {
    const [first] = rows;
    if (!first) return [];
    const latency = mergedLatency(simulation.telemetry, rows, 0);
    return [
      {
        from: first.from.name,
        to: first.to.name,
        namespace: first.to.namespace,
        ...(first.firstHop ? { traffic: names[first.traffic] ?? "" } : {}),
        requests: total(rows, (row) => row.requests),
        ok: total(rows, (row) => row.ok),
        attempts: total(rows, (row) => row.attempts),
        statuses: mergedCounts(rows.map((row) => row.statuses)),
        ...(rows.some((row) => row.grpcStatuses)
          ? { grpcStatuses: mergedCounts(rows.map((row) => row.grpcStatuses ?? {})) }
          : {}),
        flags: mergedCounts(rows.map((row) => row.flags)),
        latencyMs: latency && {
          mean: rounded(latency.mean),
          p50: rounded(latency.p50),
          p90: rounded(latency.p90),
          p95: rounded(latency.p95),
          p99: rounded(latency.p99),
          max: rounded(latency.max),
        },
        security: {
          mutual_tls: total(rows, (row) => row.security.mutual_tls),
          none: total(rows, (row) => row.security.none),
        },
      },
    ];
  });
}

function workloadRows(simulation: Simulation, plan: RunPlan): WorkloadReport[] {
  const counts = countedTraffic(plan.goal);
  const arrivals = simulation.telemetry.arrivals().filter((row) => counts(row.traffic));
  const ejections = simulation.telemetry.ejections();
  const byService = new Map<string, number>();
  const serviceOf = (name: string, namespace: string): string =>
    `${namespace}/${plan.workloads.find((one) => one.name === name && one.namespace === namespace)?.service}`;
  for (const row of arrivals) {
    const service = serviceOf(row.workload, row.namespace);
    byService.set(service, (byService.get(service) ?? 0) + row.requests);
  }
  return plan.workloads.map((workload) => {
    const { name, namespace, service } = workload;
    const own = arrivals.filter((row) => row.workload === name && row.namespace === namespace);
    const requests = total(own, (row) => row.requests);
    const all = byService.get(`${namespace}/${service}`) ?? 0;
    const configured = plan.config.workloads.find((one) => one.name === name && one.namespace === namespace);
    const count = Math.max(workload.replicas, ...own.map((row) => row.replica + 1));
    const replicas = podsOf(workload, count).map((pod) => ({
      index: pod.index,
      address: configured?.replicas[pod.index]?.addresses[0] ?? pod.ip,
      requests: total(
        own.filter((row) => row.replica === pod.index),
        (row) => row.requests,
      ),
      ejections: ejections
        .filter((one) => one.workload === name && one.namespace === namespace && one.replica === pod.index)
        .map(({ atMs, untilMs }) => ({ atMs, untilMs })),
    }));
    return {
      name,
      namespace,
      service,
      requests,
      share: all === 0 ? 0 : requests / all,
      shadow: total(own, (row) => row.shadows),
      denied: total(own, (row) => row.denied),
      replicas,
    };
  });
}

/** To a nanosecond: sums of floating-point times carry noise beyond it. */
function rounded(ms: number): number {
  return Number(ms.toFixed(6));
}

function total<Row>(rows: readonly Row[], count: (row: Row) => number): number {
  return rows.reduce((sum, row) => sum + count(row), 0);
}

function mergedCounts(counts: readonly Readonly<Record<string, number>>[]): Record<string, number> {
  const merged: Record<string, number> = {};
  for (const one of counts) for (const [key, count] of Object.entries(one)) merged[key] = (merged[key] ?? 0) + count;
  return merged;
}
