/**
 * A diagram of the lessons with one part hidden: what stands there? Text twin and Anki form are the diagram's arrows as a
 * table, with the same part hidden.
 */
import { ankiSafeText } from "../model/anki-safe-text.ts";
import type { CardTypeDefinition, DiagramSource } from "./card-type.ts";

export interface DiagramPartContent {
  type: "diagram-part";
  /** Our own drawing, made at build time. */
  svg: string;
  /** The label of the hidden part. */
  part: string;
  edges: DiagramSource["edges"];
  promptHtml: string;
  whyHtml: string;
}

const hiddenSign = "?";

export const diagramPart: CardTypeDefinition = {
  ankiForm: "basic",
  fields: ["diagram", "part"],
  read(card, { render, report, words, diagrams }) {
    for (const field of ["diagram", "part"] as const) {
      if (card[field] === undefined) report("MissingField", field, { field });
    }
    const part = card.part ?? "";
    const diagram = card.diagram === undefined ? undefined : diagrams.get(card.diagram);
    const isThere = diagram !== undefined && hidePart(diagram.svg, part) !== diagram.svg;
    if (card.diagram !== undefined && card.part !== undefined && !isThere) {
      report("UnknownPart", diagram ? "part" : "diagram", { diagram: card.diagram, part });
    }
    const promptHtml = render(card.front, "front");
    const whyHtml = card.back.trim() === "" ? "" : render(card.back, "back");
    const edges = diagram?.edges ?? [];
    const head = `<tr><th>${words("from")}</th><th>${words("to")}</th><th>${words("label")}</th></tr>`;
    const rows = hideInEdges(edges, part).map(
      (edge) => `<tr>${[edge.from, edge.to, edge.label].map((cell) => `<td>${ankiSafeText(cell)}</td>`).join("")}</tr>`,
    );
    return {
      frontHtml: `${promptHtml}\n<table><thead>${head}</thead><tbody>${rows.join("")}</tbody></table>`,
      backHtml: [`<p><strong>${ankiSafeText(part)}</strong></p>`, whyHtml].filter(Boolean).join("\n"),
      content: { type: "diagram-part", svg: diagram?.svg ?? "", part, edges, promptHtml, whyHtml },
    };
  },
};

/** The drawing with the part's label replaced by a question mark, wherever it stands; unchanged when it stands nowhere. */
export function hidePart(svg: string, part: string): string {
  const wanted = squeezed(part);
  return svg.replace(/(<text\b[^>]*>)((?:<tspan\b[^>]*>[^<]*<\/tspan>)+)(<\/text>)/g, (whole, open, spans, close) => {
    const label = squeezed(spans.replace(/<\/tspan>/g, " ").replace(/<[^>]*>/g, ""));
    if (label !== wanted) return whole;
    const first = /^<tspan\b[^>]*>/.exec(spans)?.[0] ?? "<tspan>";
    return `${open}${first}${hiddenSign}</tspan>${close}`;
  });
}

export function hideInEdges(edges: DiagramSource["edges"], part: string): DiagramSource["edges"] {
  const hide = (text: string) => (squeezed(text) === squeezed(part) ? hiddenSign : text);
  return edges.map(({ from, to, label }) => ({ from: hide(from), to: hide(to), label: hide(label) }));
}

function squeezed(text: string): string {
  return text
    .replaceAll("&lt;", "<")
    .replaceAll("&gt;", ">")
    .replaceAll("&quot;", '"')
    .replaceAll("&amp;", "&")
    .replace(/\s+/g, " ")
    .trim();
}
