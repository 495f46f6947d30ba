/**
 * Control plane and CA as nodes of the graph: how they stand, and for each card which configuration its proxies have and whether their
 * certificates hold. Folded from the frame and the running faults; remembers nothing.
 */
import type { ProxyStatus } from "#engine";
import type { ControlFrame } from "#scenario";
import type { RunningFault } from "../faults/running-faults.ts";
import type { GraphModel, GraphRow } from "./graph-model.ts";

export type ControlNodeId = "controlPlane" | "authority";
export type ControlState = "healthy" | "late" | "out";

export interface ControlNode {
  id: ControlNodeId;
  state: ControlState;
}

export interface ControlLink {
  card: string;
  /** The oldest that one of its proxies has; 0 = that of the start. */
  version: number;
  config: "current" | "behind" | "refused";
  certificates: "valid" | "expired";
}

export interface ControlPart {
  nodes: readonly ControlNode[];
  links: readonly ControlLink[];
  /** The newest that was pushed; 0 = none was. */
  version: number;
  proxies: readonly ProxyStatus[];
  /** Workloads whose certificates have run out. */
  expired: readonly string[];
}

/** Faults that only these two nodes can show. */
const kinds: readonly RunningFault["kind"][] = ["controlPlaneDown", "caDown", "pushDelay", "expireCertificates"];

export function concernsControl(faults: readonly RunningFault[]): boolean {
  return faults.some(({ kind }) => kinds.includes(kind));
}

/** @param graph with every workload: links go to its cards */
export function buildControl(graph: GraphModel, frame: ControlFrame, faults: readonly RunningFault[]): ControlPart {
  const { controlPlaneUp, authorityUp, version, proxies } = frame;
  const rows = graph.cards.flatMap((card) => card.rows.filter(({ meshed }) => meshed).map((row) => ({ card, row })));
  const isExpired = (row: GraphRow) => frame.expired.some((name) => name === "" || name === row.id);
  const cards = new Map<string, ControlLink>();
  for (const { card, row } of rows) {
    const own = proxies.filter(({ node }) => node === `${row.name}.${row.namespace}`);
    const link: ControlLink = {
      card: card.id,
      version: Math.min(version, ...own.map(({ acked }) => acked)),
      config: own.some(({ state }) => state === "NACK")
        ? "refused"
        : own.some(({ state }) => state === "STALE")
          ? "behind"
          : "current",
      certificates: isExpired(row) ? "expired" : "valid",
    };
    const before = cards.get(card.id);
    cards.set(card.id, before ? worse(before, link) : link);
  }
  const expired = rows.filter(({ row }) => isExpired(row)).map(({ row }) => row.name);
  const isLate = faults.some(({ kind }) => kind === "pushDelay") || proxies.some(({ state }) => state !== "SYNCED");
  const nodes: ControlNode[] = [
    { id: "controlPlane", state: !controlPlaneUp ? "out" : isLate ? "late" : "healthy" },
    { id: "authority", state: !authorityUp ? "out" : expired.length > 0 ? "late" : "healthy" },
  ];
  return { nodes, links: [...cards.values()], version, proxies, expired };
}

/** The links as they are drawn: to the cards that stand for collapsed ones. */
export function linksTo(drawn: GraphModel, links: readonly ControlLink[]): ControlLink[] {
  const found = new Map<string, ControlLink>();
  for (const link of links) {
    const home = drawn.cards.find(({ id, covers }) => id === link.card || covers?.includes(link.card) === true);
    const known = home && found.get(home.id);
    if (home) found.set(home.id, known ? worse(known, { ...link, card: home.id }) : { ...link, card: home.id });
  }
  return [...found.values()];
}

const order = ["current", "behind", "refused"] as const;

function worse(a: ControlLink, b: ControlLink): ControlLink {
  return {
    card: a.card,
    version: Math.min(a.version, b.version),
    config: order.indexOf(a.config) < order.indexOf(b.config) ? b.config : a.config,
    certificates: a.certificates === "expired" ? "expired" : b.certificates,
  };
}
