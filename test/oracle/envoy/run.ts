/** Runs one scenario of a group through the public path (bootstrap + Experiment document) and keeps what the checks read. */
import { parse } from "yaml";
import { loadEnvoyDialect } from "#mesh";
import { type Plan, planRun, startSession } from "#scenario";
import type { Bootstrap, EnvoyGroup, ScenarioSpec } from "./group.ts";

await loadEnvoyDialect();

export interface Run {
  /** The proxy's access log of one path, in the order the requests came. */
  log(path: string): readonly LogLine[];
  /** Requests that reached a workload's application, by replica. */
  arrivals(workload: string): readonly number[];
  /** Mirrored copies that reached it. */
  shadows(workload: string): number;
  ejections: readonly Ejection[];
  /** When each try of each request of one traffic entry was sent. */
  tries(traffic: string): readonly (readonly number[])[];
}

export interface LogLine {
  atMs: number;
  status: number;
  flags: string;
  attempts: number;
  durationMs: number;
  /** Upstream address, "-" where none. */
  host: string;
  cluster: string;
  /** Host header. */
  authority: string;
}

export interface Ejection {
  cluster: string;
  address: string;
  atMs: number;
  untilMs: number | null;
}

export function planScenario(group: EnvoyGroup, name: string, bootstrapText: string): Plan {
  const spec = group.scenarios[name];
  if (!spec) throw new Error(`${group.name} has no scenario ${name}`);
  const original = parse(bootstrapText) as Bootstrap;
  const document = spec.bootstrap ? spec.bootstrap(original) : original;
  const planned = planRun(
    [
      { name: `${group.name}.envoy.yaml`, text: JSON.stringify(document) },
      { name: `${name}.yaml`, text: JSON.stringify(experimentOf(group, name, spec, document)) },
    ],
    { accessLogLimit: 1_000_000 },
  );
  if (!planned.ok) throw new Error(`${group.name}/${name}: ${JSON.stringify(planned.diagnostics.slice(0, 3))}`);
  return planned.plan;
}

function experimentOf(group: EnvoyGroup, name: string, spec: ScenarioSpec, document: Bootstrap): unknown {
  return {
    apiVersion: "meshwise.dev/v1",
    kind: "Experiment",
    metadata: { name },
    spec: {
      dataPlane: "none",
      duration: spec.duration ?? "3600s",
      workloads: spec.workloads,
      traffic: spec.traffic.map(({ path, name: entry, ...rest }) => ({
        name: entry ?? path,
        from: "client",
        to: `http://${group.listener}${path}`,
        ...rest,
      })),
      ...(spec.timeline
        ? {
            timeline: spec.timeline.map((entry) =>
              "apply" in entry ? { at: entry.at, apply: JSON.stringify(entry.apply(document)) } : entry,
            ),
          }
        : {}),
    },
  };
}

export function runPlan(plan: Plan, seed: number, wantsTries: boolean): Run {
  const session = startSession(plan, seed);
  const tries = new Map<string, Map<number, number[]>>();
  const names = new Map<number, string>();
  if (wantsTries) collectTries(session, tries, names);
  else session.run();
  const report = session.report({ accessLog: 1_000_000 });
  const byPath = new Map<string, LogLine[]>();
  for (const line of report.accessLog) {
    const path = String(line.PATH);
    const lines = byPath.get(path) ?? [];
    byPath.set(path, lines);
    lines.push({
      atMs: Number(line.START_TIME),
      status: Number(line.RESPONSE_CODE),
      flags: String(line.RESPONSE_FLAGS),
      attempts: Number(line.UPSTREAM_REQUEST_ATTEMPT_COUNT),
      durationMs: Number(line.DURATION),
      host: String(line.UPSTREAM_HOST),
      cluster: String(line.UPSTREAM_CLUSTER),
      authority: String(line.AUTHORITY),
    });
  }
  for (const lines of byPath.values()) lines.sort((a, b) => a.atMs - b.atMs);
  const workloads = report.workloads;
  const workload = (name: string) => {
    const found = workloads.find((one) => one.name === name);
    if (!found) throw new Error(`no workload ${name}`);
    return found;
  };
  return {
    log: (path) => byPath.get(path) ?? [],
    arrivals: (name) => workload(name).replicas.map((one) => one.requests),
    shadows: (name) => workload(name).shadow,
    ejections: session.frame({ afterFlightId: 0, maxFlights: 0, maxRequests: 0 }).ejections,
    tries: (traffic) => [...(tries.get(traffic)?.values() ?? [])],
  };
}

/** The message ring is bounded, so it is read out while the run goes on. */
function collectTries(
  session: ReturnType<typeof startSession>,
  tries: Map<string, Map<number, number[]>>,
  names: Map<number, string>,
): void {
  let last = 0;
  const open = new Map<number, number[]>();
  while (!session.finished) {
    session.run(undefined, 1000);
    const { flights, requests } = session.frame({ afterFlightId: last, maxFlights: 4096, maxRequests: 4096 });
    for (const flight of flights) {
      last = flight.id;
      const own = open.get(flight.requestId) ?? [];
      open.set(flight.requestId, own);
      if (flight.kind === "request" || flight.kind === "retry") own.push(flight.atMs);
    }
    for (const one of requests) names.set(one.requestId, one.traffic);
  }
  for (const [id, own] of open) {
    const traffic = names.get(id) ?? "";
    const byRequest = tries.get(traffic) ?? new Map<number, number[]>();
    tries.set(traffic, byRequest.set(id, own));
  }
}
