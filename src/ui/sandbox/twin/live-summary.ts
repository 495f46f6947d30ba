/** One sentence about the run for a polite live region: clock, then the busiest or sickest edges. Same facts as the graph. */
import type { Frame } from "#scenario";
import type { GraphEdge, GraphModel } from "../graph/graph-model.ts";
import { edgeErrors, edgeRate } from "../graph/graph-words.ts";
import type { SandboxTexts } from "../texts.tsx";

/** Announcements never come closer together than this. */
export const summaryPaceMs = 2000;

const spokenEdges = 3;

export function liveSummary(graph: GraphModel, frame: Frame | null, running: boolean, texts: SandboxTexts): string {
  if (!frame || frame.eventCount === 0) return "";
  const { t } = texts;
  const edges = graph.edges
    .toSorted((a, b) => (b.recentErrorShare ?? 0) - (a.recentErrorShare ?? 0) || b.requests - a.requests)
    .slice(0, spokenEdges)
    .map((edge) => spoken(edge, texts));
  const unwell = graph.cards
    .flatMap((card) => card.rows)
    .filter((row) => row.state !== "healthy")
    .map((row) => `${row.name}: ${t(`sandbox:state.${row.state}`)}`);
  const phase = frame.finished ? t("sandbox:run.ended") : running ? t("sandbox:run.running") : t("sandbox:run.paused");
  return [`${texts.duration(frame.nowMs)}, ${phase}`, ...edges, ...unwell].join(". ");
}

function spoken(edge: GraphEdge, texts: SandboxTexts): string {
  const numbers = [edgeRate(edge, texts), edgeErrors(edge, texts)].filter(Boolean).join(", ");
  return `${texts.t("sandbox:edge.name", { from: edge.from.name, to: edge.to.name })}: ${numbers}`;
}
