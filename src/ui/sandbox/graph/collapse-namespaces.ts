/**
 * A namespace as one card: its services and callers folded to one row, calls within it left out, calls across its border one edge for
 * each neighbour. Percentiles of several edges do not add up: the largest bounds them all, and says so.
 */
import { foldRows } from "./fold-rows.ts";
import type { EdgeSecurity, GraphCard, GraphEdge, GraphModel } from "./graph-model.ts";

export function namespaceId(name: string): string {
  return `namespace ${name}`;
}

/** With one card alone there is nothing to fold. */
export function canFoldNamespace({ cards }: GraphModel, name: string): boolean {
  return name !== "" && cards.filter(({ namespace }) => namespace === name).length > 1;
}

export function collapseNamespaces(graph: GraphModel, collapsed: ReadonlySet<string>): GraphModel {
  const names = [...new Set(graph.cards.map(({ namespace }) => namespace))].filter(
    (name) => collapsed.has(namespaceId(name)) && canFoldNamespace(graph, name),
  );
  if (names.length === 0) return graph;
  const isFolded = ({ namespace }: { namespace: string }) => names.includes(namespace);
  const cards = [
    ...names.map((name) =>
      foldNamespace(
        name,
        graph.cards.filter(({ namespace }) => namespace === name),
      ),
    ),
    ...graph.cards.filter((card) => !isFolded(card)),
  ];
  const home = new Map(cards.flatMap((card) => (card.covers ?? []).map((id) => [id, card] as const)));
  const edges = new Map<string, GraphEdge[]>();
  for (const edge of graph.edges) {
    const [from, to] = [home.get(edge.from.card), home.get(edge.to.card)];
    if (from && from === to) continue;
    const id = from || to ? `${from?.id ?? edge.from.row} → ${to?.id ?? edge.to.card}` : edge.id;
    const moved: GraphEdge = {
      ...edge,
      id,
      from: from ? { name: from.title, namespace: "", card: from.id, row: from.rows[0]?.id ?? "" } : edge.from,
      to: to ? { name: to.title, namespace: "", card: to.id } : edge.to,
      ...(from || to ? { covers: [{ from: edge.from.name, to: edge.to.name }] } : {}),
    };
    edges.set(id, [...(edges.get(id) ?? []), moved]);
  }
  return { ...graph, cards, edges: [...edges.values()].flatMap((same) => mergeEdges(same)) };
}

function foldNamespace(name: string, members: readonly GraphCard[]): GraphCard {
  const id = namespaceId(name);
  const rows = members.flatMap((card) => card.rows);
  return {
    id,
    kind: "namespace",
    title: name,
    namespace: "",
    external: false,
    // "No sidecar" is said of a namespace only where nobody has one.
    rows: rows.length > 0 ? [{ ...foldRows(rows, `all of ${id}`, name), meshed: rows.some(({ meshed }) => meshed) }] : [],
    covers: members.map((card) => card.id),
  };
}

function mergeEdges(edges: readonly GraphEdge[]): GraphEdge[] {
  const [first] = edges;
  if (!first || edges.length === 1) return first ? [first] : [];
  const sum = (pick: (edge: GraphEdge) => number) => edges.reduce((total, edge) => total + pick(edge), 0);
  const perSecond = edges.some((edge) => edge.perSecond !== null) ? sum((edge) => edge.perSecond ?? 0) : null;
  const share = (pick: (edge: GraphEdge) => number | null) =>
    edges.every((edge) => pick(edge) === null) || !perSecond
      ? null
      : sum((edge) => (pick(edge) ?? 0) * (edge.perSecond ?? 0)) / perSecond;
  const flags: Record<string, number> = {};
  for (const edge of edges) for (const [flag, count] of Object.entries(edge.flags)) flags[flag] = (flags[flag] ?? 0) + count;
  const measured = edges.flatMap(({ latency }) => latency ?? []);
  const most = (which: "p50" | "p95" | "p99") => Math.max(...measured.map((latency) => latency[which]));
  return [
    {
      ...first,
      covers: edges.flatMap(({ covers = [] }) => covers),
      requests: sum(({ requests }) => requests),
      errors: sum(({ errors }) => errors),
      flags,
      latency: measured.length === 0 ? null : { p50: most("p50"), p95: most("p95"), p99: most("p99"), upperBound: true },
      perSecond,
      recentErrorShare: share((edge) => edge.recentErrorShare),
      recentDeniedShare: share((edge) => edge.recentDeniedShare),
      security: mergedSecurity(edges.map(({ security }) => security)),
    },
  ];
}

/** Edges that nothing was asked on say nothing. */
function mergedSecurity(all: readonly EdgeSecurity[]): EdgeSecurity {
  const kinds = new Set(all.filter((one) => one !== "unknown"));
  const [only = "unknown"] = kinds;
  return kinds.size < 2 ? only : "mixed";
}
