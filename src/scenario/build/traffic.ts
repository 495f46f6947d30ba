/** Traffic entries and probes → the engine's, with the caller found and the entry proxy of outside requests chosen. */
import { type MeshConfig, mostTraffics, type ProxyNode, type RequestTemplate, type TrafficConfig } from "#engine";
import type { Experiment, ExperimentTraffic, Path, ProbeExpectation } from "../experiment/experiment.ts";
import { withTokens } from "../tokens/request-token.ts";
import type { TokenVerdicts } from "../tokens/verify-tokens.ts";
import { complain, findWorkload, internet, type NameReading } from "./names.ts";
import type { PlannedWorkload } from "./workloads.ts";

/** Of one entry in a run: what an afternoon would not end. */
const mostRequests = 1_000_000_000;

/** Room after the run in which the probes without a time are sent, one a millisecond. */
const probeRoomMs = 1000;

export interface PlannedTraffic {
  /** The experiment's entries, those that join later, then one per probe. */
  traffic: TrafficConfig[];
  /** Index into `traffic` of each probe, in the order of `expect`. */
  probes: ReadonlyMap<ProbeExpectation, number>;
  /** What the engine is told: the experiment's, and the room for probes after it. */
  durationMs: number;
}

/** @param later entries that the timeline brings */
export function planTraffic(experiment: Experiment, callers: Callers, later: readonly ExperimentTraffic[] = []): PlannedTraffic {
  const planned = (entry: ExperimentTraffic) => planEntry(entry, callers) ?? [];
  const entries = [
    ...experiment.traffic.flatMap(planned),
    ...later.flatMap(planned).map((entry): TrafficConfig => ({ ...entry, isLater: true })),
  ];
  const probes = experiment.expect.filter((one): one is ProbeExpectation => one.type === "probe");
  const late = probes.filter((probe) => probe.atMs === null || probe.atMs >= experiment.durationMs);
  const indexes = new Map<ProbeExpectation, number>();
  const traffic = [...entries];
  probes.forEach((probe, order) => {
    const caller = findCaller(probe.from, [...probe.path, "probe", "from"], probe.request, callers);
    if (!caller) return;
    indexes.set(probe, traffic.length);
    traffic.push({
      name: `probe ${order}`,
      ...caller,
      variants: [{ weight: 1, request: withTokens(probe.request, callers.tokens) }],
      load: { type: "burst", size: 1 },
      timeoutMs: null,
      startMs: probe.atMs ?? experiment.durationMs + Math.max(0, late.indexOf(probe)),
      durationMs: null,
      requests: 1,
    });
  });
  // Probes are entries of their own to the engine.
  if (traffic.length > mostTraffics) {
    const longer = entries.length < probes.length ? "expect" : "traffic";
    complain(callers.reading, ["spec", longer], "MESH1511", { expected: `≤ ${mostTraffics}` });
  }
  const lastMs = Math.max(experiment.durationMs, ...late.map((probe) => probe.atMs ?? experiment.durationMs));
  return { traffic, probes: indexes, durationMs: late.length === 0 ? experiment.durationMs : lastMs + probeRoomMs };
}

/** What it takes to find who calls, and to judge what they carry. */
export interface Callers {
  workloads: readonly PlannedWorkload[];
  mesh: MeshConfig;
  tokens: TokenVerdicts;
  /** Of the experiment. */
  durationMs: number;
  reading: NameReading;
}

export function planEntry(entry: ExperimentTraffic, callers: Callers): TrafficConfig | undefined {
  const request = entry.variants[0]?.request;
  const caller = request && findCaller(entry.from, [...(entry.told?.from ?? entry.path), "from"], request, callers);
  if (!caller) return undefined;
  const { name, load, timeoutMs, startMs, requests } = entry;
  if (load.type === "rate") {
    const planned = requests ?? (load.perSecond * (sendingMs(entry, callers.durationMs) ?? 0)) / 1000;
    if (planned > mostRequests)
      complain(callers.reading, [...(entry.told?.load ?? entry.path), requests === null ? "rate" : "requests"], "MESH1511", {
        expected: `≤ ${mostRequests} requests`,
      });
  }
  const variants = entry.variants.map((variant) => ({ ...variant, request: withTokens(variant.request, callers.tokens) }));
  return { name, ...caller, variants, load, timeoutMs, startMs, durationMs: sendingMs(entry, callers.durationMs), requests };
}

/** How long an entry sends: a number of requests is sent to its end, also where that is later than the run's. */
function sendingMs(entry: ExperimentTraffic, durationMs: number): number | null {
  if (entry.requests !== null) return entry.durationMs;
  const restMs = Math.max(0, durationMs - entry.startMs);
  return entry.durationMs === null ? restMs : Math.min(entry.durationMs, restMs);
}

/** A bootstrap's clients and the internet are no workloads: they enter at a proxy. */
function findCaller(
  from: string,
  path: Path,
  request: RequestTemplate,
  { workloads, mesh, reading }: Callers,
): Pick<TrafficConfig, "from" | "fromLabel" | "entryNodeId"> | undefined {
  const bootstrap = mesh.nodes.find((node) => node.type === "bootstrap");
  if (bootstrap) return { from: null, fromLabel: from, entryNodeId: bootstrap.id };
  if (from === internet) {
    const gateway = entryGateway(mesh, request);
    if (!gateway) complain(reading, path, "MESH1518", {});
    return gateway && { from: null, fromLabel: internet, entryNodeId: gateway.id };
  }
  const workload = findWorkload(reading, path, from, workloads);
  if (!workload) return undefined;
  return { from: { workload: workload.name, namespace: workload.namespace }, fromLabel: workload.name, entryNodeId: null };
}

/** The gateway that listens on the port and knows the host; else one that listens; else any, which will refuse. */
function entryGateway(mesh: MeshConfig, request: RequestTemplate): ProxyNode | undefined {
  const gateways = mesh.nodes.filter((node) => node.type === "gateway");
  const listening = gateways.filter((node) =>
    node.listeners.some((listener) => listener.port === request.port || listener.servicePorts?.includes(request.port)),
  );
  return listening.find((node) => knowsHost(node, request)) ?? listening[0] ?? gateways[0];
}

function knowsHost(node: ProxyNode, request: RequestTemplate): boolean {
  const domains = node.routes.flatMap((route) => route.virtualHosts.flatMap((host) => host.domains));
  return domains.some((domain) => {
    const name = domain.replace(/:\d+$/, "");
    return name === request.host || (name.startsWith("*.") && request.host.endsWith(name.slice(1)));
  });
}
