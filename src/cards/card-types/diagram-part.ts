/**
 * A diagram of the lessons with one part hidden: what stands there? The drawing is the picture of both sides, hidden and whole;
 * its text twin is the diagram's arrows as a table, with the same part hidden.
 */
import { ankiSafeText } from "../model/anki-safe-text.ts";
import type { CardTypeDefinition, DiagramSource } from "./card-type.ts";

export interface DiagramPartContent {
  type: "diagram-part";
  /** The label of the hidden part. */
  part: string;
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
    const hidden = diagram && hidePart(diagram, part);
    const isThere = diagram !== undefined && hidden?.svg !== diagram.svg;
    if (card.diagram !== undefined && card.part !== undefined && !isThere) {
      report("UnknownPart", diagram ? "part" : "diagram", { diagram: card.diagram, part });
    }
    const promptHtml = render(card.front, "front");
    const whyHtml = card.back.trim() === "" ? "" : render(card.back, "back");
    const head = `<tr><th>${words("from")}</th><th>${words("to")}</th><th>${words("label")}</th></tr>`;
    const rows = (hidden?.edges ?? []).map(
      (edge) => `<tr>${[edge.from, edge.to, edge.label].map((cell) => `<td>${ankiSafeText(cell)}</td>`).join("")}</tr>`,
    );
    return {
      frontHtml: `${promptHtml}\n<table><thead>${head}</thead><tbody>${rows.join("")}</tbody></table>`,
      backHtml: [`<p><strong>${ankiSafeText(part)}</strong></p>`, whyHtml].filter(Boolean).join("\n"),
      pictures: { front: hidden, back: diagram },
      content: { type: "diagram-part", part, promptHtml, whyHtml },
    };
  },
};

/** The drawing and its arrows with a question mark wherever the part's label stands; the same drawing when it stands nowhere. */
export function hidePart({ svg, edges }: DiagramSource, part: string): DiagramSource {
  const wanted = squeezed(part);
  const hide = (text: string) => (squeezed(text) === wanted ? hiddenSign : text);
  return {
    svg: hideInDrawing(svg, wanted),
    description: "",
    edges: edges.map(({ from, to, label }) => ({ from: hide(from), to: hide(to), label: hide(label) })),
  };
}

function hideInDrawing(svg: string, wanted: string): string {
  return svg.replace(/(<text\b[^>]*>)((?:<tspan\b[^>]*>[^<]*<\/tspan>)+)(<\/text>)/g, (whole, open, spans, close) => {
    const label = squeezed(spans.replace(/<\/tspan>/g, " ").replace(/<[^>]*>/g, ""));
    if (label !== wanted) return whole;
    const first = /^<tspan\b[^>]*>/.exec(spans)?.[0] ?? "<tspan>";
    return `${open}${first}${hiddenSign}</tspan>${close}`;
  });
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
