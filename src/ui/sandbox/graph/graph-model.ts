/**
 * The graph as data: cards (services and callers), their rows (workloads) and the edges between them, folded from the
 * topology and the newest frame. It never remembers anything: same input, same graph.
 */
import type { EdgeStats, ReplicaStatus } from "#engine";
import type { Frame, Topology } from "#scenario";
import type { RunningFault } from "../faults/running-faults.ts";
import type { RecentRates } from "../run/rate-window.ts";
import type { ControlPart } from "./control-model.ts";
import { edgeKey, edgeKeyOf } from "./edge-key.ts";

export type HealthState = ReplicaStatus["state"];
export type EdgeSecurity = "unknown" | "plaintext" | "mutualTls" | "mixed" | "refused";

export interface GraphRow {
  /** "shop/payments-v2". */
  id: string;
  name: string;
  /** All workloads of a collapsed card in one row: how many it stands for. */
  folded?: { workloads: number; replicas: number };
  namespace: string;
  meshed: boolean;
  /** The worst state among its replicas. */
  state: HealthState;
  replicas: readonly { index: number; state: HealthState; active: number; queued: number }[];
  /** Arrivals here / arrivals at all workloads of the card; null before the first. */
  share: number | null;
  /** The same since the newest configuration took over; null before the first arrival under it. */
  shareNow: number | null;
  /** A configuration was applied while it ran: `shareNow` counts from there, `share` from the start. */
  changed: boolean;
  requests: number;
  denied: number;
  plaintextShare: number | null;
  /** Faults that a reader or the timeline brought here. */
  faults: readonly RunningFault[];
}

export interface GraphCard {
  /** "service shop/payments" or "caller shop/client". */
  id: string;
  kind: "service" | "caller" | "namespace";
  title: string;
  namespace: string;
  external: boolean;
  rows: readonly GraphRow[];
  /** Of a collapsed namespace: the cards it stands for. */
  covers?: readonly string[];
}

export interface GraphEdge {
  id: string;
  /** Of a collapsed namespace: who calls whom on the edges it stands for. */
  covers?: readonly { from: string; to: string }[];
  from: { name: string; namespace: string; card: string; row: string };
  to: { name: string; namespace: string; card: string };
  requests: number;
  errors: number;
  flags: Readonly<Record<string, number>>;
  latency: { p50: number; p95: number; p99: number; upperBound: boolean } | null;
  /** Over the last second of virtual time; null before there was one. */
  perSecond: number | null;
  recentErrorShare: number | null;
  recentDeniedShare: number | null;
  security: EdgeSecurity;
}

export interface GraphModel {
  cards: readonly GraphCard[];
  edges: readonly GraphEdge[];
  /** Where they are shown. */
  control?: ControlPart;
}

const severity: readonly HealthState[] = ["healthy", "draining", "slow", "ejected", "failing", "crashed"];

/**
 * @param rates what happened lately, by edge key; omitted before the first frame.
 * @param faults what is broken now.
 * @param changedAt what was counted when the newest configuration took over; null where it holds from the start.
 */
export function buildGraph(
  topology: Topology,
  frame: Frame | null,
  rates?: ReadonlyMap<string, RecentRates>,
  changedAt: Frame | null = null,
  faults: readonly RunningFault[] = [],
): GraphModel {
  const cards = buildCards(topology, frame, changedAt, faults);
  return { cards, edges: buildEdges(topology, frame, cards, rates) };
}

function buildCards(
  topology: Topology,
  frame: Frame | null,
  changedAt: Frame | null,
  faults: readonly RunningFault[],
): GraphCard[] {
  const cards = new Map<string, GraphCard & { rows: GraphRow[] }>();
  for (const service of topology.services) {
    const id = `service ${service.namespace}/${service.name}`;
    cards.set(id, {
      id,
      kind: "service",
      title: service.name,
      namespace: service.namespace,
      external: service.external,
      rows: [],
    });
  }
  for (const workload of topology.workloads) {
    const row = buildRow(workload, frame, faults);
    const home = cards.get(`service ${workload.namespace}/${workload.service}`);
    if (home) home.rows.push(row);
    else {
      const id = `caller ${workload.namespace}/${workload.name}`;
      cards.set(id, {
        id,
        kind: "caller",
        title: workload.name,
        namespace: workload.namespace,
        external: false,
        rows: [row],
      });
    }
  }
  for (const caller of topology.callers) {
    const known = [...cards.values()].some((card) =>
      card.rows.some((row) => row.name === caller.name && row.namespace === caller.namespace),
    );
    if (known) continue;
    const id = `caller ${caller.namespace}/${caller.name}`;
    cards.set(id, { id, kind: "caller", title: caller.name, namespace: caller.namespace, external: true, rows: [] });
  }
  for (const card of cards.values()) withShares(card.rows, changedAt);
  return [...cards.values()];
}

function buildRow(workload: Topology["workloads"][number], frame: Frame | null, faults: readonly RunningFault[]): GraphRow {
  const own = (item: { workload: string; namespace: string }) =>
    item.workload === workload.name && item.namespace === workload.namespace;
  const seen = (frame?.replicas ?? []).filter(own);
  const replicas =
    seen.length > 0
      ? seen.map((replica) => ({
          index: replica.replica,
          state: replica.state,
          active: replica.active,
          queued: replica.queued,
        }))
      : Array.from({ length: workload.replicas }, (_, index) => ({
          index,
          state: "healthy" as const,
          active: 0,
          queued: 0,
        }));
  const arrivals = (frame?.arrivals ?? []).filter(own);
  const requests = sum(arrivals.map((row) => row.requests));
  const plaintext = sum(arrivals.map((row) => row.plaintext));
  return {
    id: `${workload.namespace}/${workload.name}`,
    name: workload.name,
    namespace: workload.namespace,
    meshed: workload.meshed,
    state: worst(replicas.map((replica) => replica.state)),
    replicas,
    share: null,
    shareNow: null,
    changed: false,
    requests,
    denied: sum(arrivals.map((row) => row.denied)),
    plaintextShare: requests > 0 ? plaintext / requests : null,
    faults: faults.filter(({ place }) => place.split(" → ").includes(workload.name)),
  };
}

function withShares(rows: GraphRow[], changedAt: Frame | null): void {
  const total = sum(rows.map((row) => row.requests));
  const fresh = rows.map((row) => row.requests - arrivalsAt(changedAt, row));
  const freshTotal = sum(fresh);
  for (const [index, row] of rows.entries()) {
    row.changed = changedAt !== null;
    if (total > 0) row.share = row.requests / total;
    if (freshTotal > 0) row.shareNow = (fresh[index] ?? 0) / freshTotal;
  }
}

function arrivalsAt(frame: Frame | null, row: GraphRow): number {
  const own = (frame?.arrivals ?? []).filter((item) => item.workload === row.name && item.namespace === row.namespace);
  return sum(own.map((item) => item.requests));
}

function buildEdges(
  topology: Topology,
  frame: Frame | null,
  cards: readonly GraphCard[],
  rates?: ReadonlyMap<string, RecentRates>,
): GraphEdge[] {
  const edges = new Map<string, { ends: Pick<GraphEdge, "from" | "to">; stats: EdgeStats[] }>();
  for (const edge of topology.edges) {
    const from = findCaller(cards, edge.from);
    const to = findCallee(cards, edge.to);
    if (from && to) edges.set(edgeKey(from.name, from.namespace, to.name, to.namespace), { ends: { from, to }, stats: [] });
  }
  for (const stats of frame?.edges ?? []) {
    const key = edgeKeyOf(stats);
    const known = edges.get(key);
    if (known) known.stats.push(stats);
    else {
      const from = findCaller(cards, stats.from.name, stats.from.namespace);
      const to = findCallee(cards, stats.to.name, stats.to.namespace);
      if (from && to) edges.set(key, { ends: { from, to }, stats: [stats] });
    }
  }
  return [...edges].map(([id, { ends, stats }]) => foldEdge(id, ends, stats, rates?.get(id)));
}

function foldEdge(
  id: string,
  ends: Pick<GraphEdge, "from" | "to">,
  stats: readonly EdgeStats[],
  recent: RecentRates | undefined,
): GraphEdge {
  const requests = sum(stats.map((row) => row.requests));
  const flags: Record<string, number> = {};
  for (const row of stats) {
    for (const [flag, count] of Object.entries(row.flags)) flags[flag] = (flags[flag] ?? 0) + count;
  }
  const measured = stats.filter((row) => row.latency.count > 0).map((row) => row.latency);
  const most = (pick: (latency: EdgeStats["latency"]) => number) => Math.max(...measured.map(pick));
  return {
    id,
    ...ends,
    requests,
    errors: requests - sum(stats.map((row) => row.ok)),
    flags,
    latency:
      measured.length > 0
        ? {
            p50: most((latency) => latency.p50),
            p95: most((latency) => latency.p95),
            p99: most((latency) => latency.p99),
            // Percentiles of several streams do not add up; the largest one bounds that of all together.
            upperBound: measured.length > 1,
          }
        : null,
    perSecond: recent?.perSecond ?? null,
    recentErrorShare: recent?.errorShare ?? null,
    recentDeniedShare: recent?.deniedShare ?? null,
    security: securityOf(stats, recent),
  };
}

/** Of the last second; of the whole run where nothing was asked lately. */
function securityOf(stats: readonly EdgeStats[], recent: RecentRates | undefined): EdgeSecurity {
  const whole = {
    requests: sum(stats.map((row) => row.requests)),
    ok: sum(stats.map((row) => row.ok)),
    answered: sum(stats.map((row) => row.requests - (row.statuses["0"] ?? 0))),
    mutualTls: sum(stats.map((row) => row.security.mutual_tls)),
    plaintext: sum(stats.map((row) => row.security.none)),
  };
  const seen = recent && recent.requests > 0 ? recent : whole;
  // Nobody was let in: no request reached a server, or none got any HTTP answer.
  const nobodyIn = seen.mutualTls + seen.plaintext === 0 || seen.answered === 0;
  if (seen.requests > 0 && seen.ok === 0 && nobodyIn) return "refused";
  if (seen.mutualTls > 0 && seen.plaintext > 0) return "mixed";
  if (seen.mutualTls > 0) return "mutualTls";
  return seen.plaintext > 0 ? "plaintext" : "unknown";
}

function findCaller(cards: readonly GraphCard[], name: string, namespace?: string): GraphEdge["from"] | undefined {
  const bare = name.includes("/") ? name.slice(name.indexOf("/") + 1) : name;
  for (const card of cards) {
    const row = card.rows.find((item) => item.name === bare && (namespace === undefined || item.namespace === namespace));
    if (row) return { name: row.name, namespace: row.namespace, card: card.id, row: row.id };
  }
  const outside = cards.find((card) => card.kind === "caller" && card.title === bare);
  return outside && { name: outside.title, namespace: outside.namespace, card: outside.id, row: "" };
}

function findCallee(cards: readonly GraphCard[], name: string, namespace?: string): GraphEdge["to"] | undefined {
  const bare = name.includes("/") ? name.slice(name.indexOf("/") + 1) : name;
  const card = cards.find(
    (item) => item.kind === "service" && item.title === bare && (namespace === undefined || item.namespace === namespace),
  );
  return card && { name: card.title, namespace: card.namespace, card: card.id };
}

export function worst(states: readonly HealthState[]): HealthState {
  return states.reduce<HealthState>(
    (found, state) => (severity.indexOf(state) > severity.indexOf(found) ? state : found),
    "healthy",
  );
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
