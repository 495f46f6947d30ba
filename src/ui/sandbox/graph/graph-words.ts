/** What a node or an edge says about itself in words: labels in the picture and for screen readers, from the same model. */
import { faultWords } from "../faults/fault-words.ts";
import type { SandboxTexts } from "../texts.tsx";
import type { GraphCard, GraphEdge, GraphRow } from "./graph-model.ts";

export function edgeRate(edge: GraphEdge, texts: SandboxTexts): string {
  return edge.perSecond === null
    ? "–"
    : texts.t("sandbox:unit.perSecond", { value: texts.number(edge.perSecond, edge.perSecond < 10 ? 1 : 0) });
}

/** Shares of failures and refusals in the last second; empty when nothing was asked in it. */
export function edgeErrors(edge: GraphEdge, texts: SandboxTexts): string {
  const { recentErrorShare: errors, recentDeniedShare: denied } = edge;
  if (errors === null) return "";
  if (!denied) return texts.t("sandbox:edge.errors", { share: texts.percent(errors) });
  const refused = texts.t("sandbox:edge.denied", { share: texts.percent(denied) });
  return errors > 0 ? `${texts.t("sandbox:edge.errors", { share: texts.percent(errors) })}, ${refused}` : refused;
}

export function edgeLatency(edge: GraphEdge, texts: SandboxTexts, which: "p50" | "p95" | "p99"): string {
  if (!edge.latency) return "–";
  return `${edge.latency.upperBound ? "≤ " : ""}${texts.duration(edge.latency[which])}`;
}

export function edgeSentence(edge: GraphEdge, texts: SandboxTexts): string {
  const { t } = texts;
  const parts = [
    t("sandbox:edge.name", { from: edge.from.name, to: edge.to.name }),
    t("sandbox:edge.requests", { count: edge.requests, value: texts.number(edge.requests, 0) }),
    edge.perSecond === null ? "" : edgeRate(edge, texts),
    edgeErrors(edge, texts),
    `p50 ${edgeLatency(edge, texts, "p50")}, p95 ${edgeLatency(edge, texts, "p95")}, p99 ${edgeLatency(edge, texts, "p99")}`,
    t(`sandbox:security.${edge.security}`),
  ];
  return parts.filter(Boolean).join(", ");
}

/** A workload's name; of a collapsed card, how many there are. */
export function rowName({ name, folded }: GraphRow, { t }: SandboxTexts): string {
  return folded ? t("sandbox:node.folded", { count: folded.workloads }) : name;
}

export function rowSentence(row: GraphRow, texts: SandboxTexts): string {
  const { t } = texts;
  const parts = [
    row.folded ? rowName(row, texts) : t("sandbox:node.workload", { name: row.name }),
    t(`sandbox:state.${row.state}`),
    t("sandbox:node.replicas", { count: row.folded?.replicas ?? row.replicas.length }),
    row.meshed ? t("sandbox:node.sidecar") : t("sandbox:node.noSidecar"),
  ];
  if (row.shareNow !== null) {
    parts.push(t(row.changed ? "sandbox:node.shareSince" : "sandbox:node.share", { share: texts.percent(row.shareNow) }));
  }
  if (row.denied > 0) parts.push(t("sandbox:node.denied", { count: row.denied }));
  for (const fault of row.faults) parts.push(faultWords(fault, texts));
  return parts.join(", ");
}

export function cardSentence(card: GraphCard, texts: SandboxTexts): string {
  const { t } = texts;
  const name = card.namespace ? `${card.title}.${card.namespace}` : card.title;
  const kind = card.external && card.kind === "service" ? "external" : card.kind;
  return t(`sandbox:node.${kind}`, { name });
}

/** Cut to what fits; the whole name stays in the element's title. */
export function shorten(text: string, longest: number): string {
  return text.length <= longest ? text : `${text.slice(0, longest - 1)}…`;
}
