/**
 * Runs inside a browser page that has loaded Mermaid: draws one diagram, reads its edges from Mermaid's own parse, and
 * rewrites the SVG so that it carries no style sheet and no colour, only shapes and the names of colour roles.
 * Playwright sends this function as text, so it uses nothing from outside its body.
 */
import type { DiagramEdge } from "./diagram-store.ts";

export interface DrawRequest {
  source: string;
  /** Class definitions are appended for the kinds that know `classDef`. */
  classDefinitions: string;
  id: string;
  config: unknown;
  /** "rgb(r, g, b)" → role. */
  roles: Record<string, string>;
}

export interface DrawAnswer {
  svg: string;
  kind: string;
  edges: DiagramEdge[];
  widthPx: number;
  heightPx: number;
}

/** The parts of Mermaid that are used; its own types do not cover the parsed databases. */
interface MermaidInPage {
  initialize(config: unknown): void;
  render(id: string, text: string): Promise<{ svg: string }>;
  mermaidAPI: { getDiagramFromText(text: string): Promise<{ type: string; db: MermaidDatabase }> };
}
interface MermaidDatabase {
  getEdges?(): { start: string; end: string; text: string }[];
  getVertices?(): Map<string, { id: string; text?: string }>;
  getSubGraphs?(): { id: string; title: string }[];
  getMessages?(): { from?: string; to?: string; message?: unknown; type: number }[];
  getActors?(): Map<string, { description: string }>;
  getRelations?(): { id1: string; id2: string; relationTitle?: string; title?: string }[];
  getStates?(): Map<string, { descriptions: string[] }>;
  getData?(): { nodes: { id: string; label?: string }[]; edges: { start: string; end: string; label?: string }[] };
  getTasks?(): { section: string; task: string; events?: string[]; startTime?: Date; endTime?: Date }[];
  LINETYPE?: Record<string, number>;
}

export async function drawInPage(request: DrawRequest): Promise<DrawAnswer> {
  const mermaid = (globalThis as unknown as { mermaid: MermaidInPage }).mermaid;
  mermaid.initialize(request.config);

  const plain = (text: unknown): string =>
    String(text ?? "")
      .replace(/<br\s*\/?>/gi, " ")
      .replace(/#quot;/g, '"')
      .replace(/^"|"$/g, "")
      .replace(/\s+/g, " ")
      .trim();

  function readEdges(kind: string, db: MermaidDatabase): DiagramEdge[] {
    if (kind.startsWith("flowchart") || kind === "graph") {
      const names = new Map<string, string>();
      for (const [id, vertex] of db.getVertices?.() ?? []) names.set(id, plain(vertex.text ?? id));
      for (const group of db.getSubGraphs?.() ?? []) names.set(group.id, plain(group.title));
      return (db.getEdges?.() ?? []).map((edge) => ({
        from: names.get(edge.start) ?? edge.start,
        to: names.get(edge.end) ?? edge.end,
        label: plain(edge.text),
      }));
    }
    if (kind === "sequence") {
      const actors = db.getActors?.() ?? new Map<string, { description: string }>();
      const name = (id: string): string => plain(actors.get(id)?.description ?? id);
      const note = db.LINETYPE?.NOTE ?? 2;
      return (db.getMessages?.() ?? [])
        .filter((message) => message.from && message.to && message.type !== note && typeof message.message === "string")
        .map((message) => ({ from: name(message.from ?? ""), to: name(message.to ?? ""), label: plain(message.message) }));
    }
    if (kind.startsWith("stateDiagram")) {
      const states = db.getStates?.() ?? new Map<string, { descriptions: string[] }>();
      const name = (id: string): string =>
        /_(start|end)$/.test(id) && !states.get(id)?.descriptions.length
          ? "[*]"
          : plain(states.get(id)?.descriptions.join(" ") || id);
      return (db.getRelations?.() ?? []).map((relation) => ({
        from: name(relation.id1),
        to: name(relation.id2),
        label: plain(relation.relationTitle),
      }));
    }
    if (kind.startsWith("class")) {
      return (db.getRelations?.() ?? []).map((relation) => ({
        from: relation.id1,
        to: relation.id2,
        label: plain(relation.title),
      }));
    }
    if (kind === "mindmap") {
      const data = db.getData?.() ?? { nodes: [], edges: [] };
      const names = new Map(data.nodes.map((node) => [node.id, plain(node.label ?? node.id)]));
      return data.edges.map((edge) => ({
        from: names.get(edge.start) ?? "",
        to: names.get(edge.end) ?? "",
        label: plain(edge.label),
      }));
    }
    if (kind === "timeline") {
      return (db.getTasks?.() ?? []).flatMap((task) =>
        (task.events ?? []).map((event) => ({ from: plain(task.task), to: plain(event), label: plain(task.section) })),
      );
    }
    if (kind === "gantt") {
      const day = (date?: Date): string => date?.toISOString().replace("T00:00:00.000Z", "") ?? "";
      return (db.getTasks?.() ?? []).map((task) => ({
        from: plain(task.section),
        to: plain(task.task),
        label: `${day(task.startTime)} – ${day(task.endTime)}`,
      }));
    }
    throw new Error(
      `diagrams of the kind "${kind}" cannot be put into words yet: add it to src/lessons/diagrams/draw-in-page.ts`,
    );
  }

  const parsed = await mermaid.mermaidAPI.getDiagramFromText(request.source);
  const edges = readEdges(parsed.type, parsed.db);
  const knowsClasses = /^(flowchart|graph|stateDiagram|class)/.test(parsed.type);
  const text = knowsClasses ? `${request.source}\n${request.classDefinitions}` : request.source;
  const { svg } = await mermaid.render(request.id, text);

  const host = document.createElement("div");
  host.innerHTML = svg;
  document.body.replaceChildren(host);
  const root = host.querySelector("svg");
  if (!root) throw new Error("Mermaid drew nothing");
  const box = root.viewBox.baseVal;

  const shapes = [...root.querySelectorAll<SVGElement>("path, rect, circle, ellipse, polygon, polyline, line, text, tspan")];
  const computed = shapes.map((shape) => {
    const style = getComputedStyle(shape);
    const isText = shape.tagName === "text" || shape.tagName === "tspan";
    return {
      shape,
      isText,
      hidden: style.display === "none" || style.visibility === "hidden",
      fill: style.fill,
      stroke: isText ? "none" : style.stroke,
      strokeWidth: Number.parseFloat(style.strokeWidth),
      dash: style.strokeDasharray,
      fontSize: Number.parseFloat(style.fontSize),
      fontWeight: style.fontWeight,
      fontStyle: style.fontStyle,
      anchor: style.textAnchor,
      baseline: style.dominantBaseline,
      opacity: style.opacity,
      markerStart: style.markerStart,
      markerEnd: style.markerEnd,
    };
  });

  /** A colour Mermaid derived by itself (a darker shade, its black) gets the role of the part it is on. */
  const roleOf = (colour: string, part: "fill" | "line" | "text"): string | undefined => {
    if (colour === "none" || colour === "transparent") return undefined;
    const channels = /rgba?\((\d+), (\d+), (\d+)(?:, ([\d.]+))?\)/.exec(colour);
    if (!channels || channels[4] === "0") return undefined;
    const solid = `rgb(${channels[1]}, ${channels[2]}, ${channels[3]})`;
    return request.roles[solid] ?? (part === "fill" ? (solid === "rgb(0, 0, 0)" ? "line" : "node") : part);
  };
  const round = (value: number): string => String(Math.round(value * 100) / 100);

  for (const style of root.querySelectorAll("style, title, desc, script, foreignObject")) style.remove();
  for (const element of root.querySelectorAll("*")) {
    for (const name of ["class", "style", "fill", "stroke", "role", "aria-roledescription", "aria-label"])
      element.removeAttribute(name);
    for (const { name } of [...element.attributes])
      if (name.startsWith("data-") || name === "name") element.removeAttribute(name);
  }
  for (const facts of computed) {
    const { shape } = facts;
    if (facts.hidden) {
      shape.remove();
      continue;
    }
    const fill = roleOf(facts.fill, facts.isText ? "text" : "fill");
    const stroke = roleOf(facts.stroke, "line");
    const classes = [fill ? `dg-f-${fill}` : "dg-f-none", ...(facts.isText ? [] : [stroke ? `dg-s-${stroke}` : "dg-s-none"])];
    shape.setAttribute("class", classes.join(" "));
    if (stroke && facts.strokeWidth !== 1) shape.setAttribute("stroke-width", round(facts.strokeWidth));
    if (stroke && facts.dash !== "none" && !/^0px(, 0px)*$/.test(facts.dash))
      shape.setAttribute("stroke-dasharray", facts.dash.replaceAll("px", ""));
    // A label stands on the line it names: its background hides the line altogether.
    shape.removeAttribute("opacity");
    if (facts.opacity !== "1" && fill !== "surface") shape.setAttribute("opacity", facts.opacity);
    if (facts.isText) {
      shape.setAttribute("font-size", round(facts.fontSize));
      if (facts.fontWeight !== "400") shape.setAttribute("font-weight", facts.fontWeight);
      if (facts.fontStyle !== "normal") shape.setAttribute("font-style", facts.fontStyle);
      if (facts.anchor !== "start") shape.setAttribute("text-anchor", facts.anchor);
      if (facts.baseline !== "auto") shape.setAttribute("dominant-baseline", facts.baseline);
    }
  }

  // Mermaid writes one tspan a word; a line is enough. What a child repeats of its parent goes too.
  for (const shape of shapes) if (shape.tagName === "rect" && !shape.getAttribute("width")) shape.remove();
  for (const line of root.querySelectorAll("tspan")) {
    const words = [...line.children];
    const plainWords = words.every(
      (word) => !word.hasAttribute("x") && word.getAttribute("class") === line.getAttribute("class"),
    );
    const sameFace = words.every((word) => /^(null|normal|400)$/.test(String(word.getAttribute("font-weight"))));
    if (words.length > 0 && plainWords && sameFace) line.replaceChildren(line.textContent ?? "");
  }
  for (const part of root.querySelectorAll("tspan")) {
    for (const name of ["class", "font-size", "font-weight", "font-style", "text-anchor", "dominant-baseline"]) {
      const value = part.getAttribute(name);
      const inherited = part.parentElement?.closest(`[${name}]`)?.getAttribute(name) ?? "normal";
      if (value !== null && value === inherited) part.removeAttribute(name);
    }
  }

  // Ids are needed by arrow heads only; the rest would be repeated when two diagrams stand on one page.
  const used = new Set([...root.outerHTML.matchAll(/url\((?:&quot;|")?#([^)"&]+)/g)].map((match) => match[1] ?? ""));
  for (const marker of root.querySelectorAll("marker")) if (!used.has(marker.id)) marker.remove();
  for (const element of root.querySelectorAll("[id]")) if (!used.has(element.id)) element.removeAttribute("id");
  for (const symbol of root.querySelectorAll("symbol")) symbol.remove();
  for (const empty of [...root.querySelectorAll("g, defs, filter")].reverse())
    if (empty.tagName === "filter" || !empty.childElementCount) empty.remove();

  const widthPx = Math.ceil(box.width);
  const heightPx = Math.ceil(box.height);
  for (const { name } of [...root.attributes]) if (name !== "viewBox" && name !== "xmlns") root.removeAttribute(name);
  root.setAttribute("viewBox", [box.x, box.y, box.width, box.height].map(round).join(" "));
  root.setAttribute("width", String(widthPx));
  root.setAttribute("height", String(heightPx));
  // Long fractions are shortened where numbers stand apart; in "1.5.25" the second dot starts a new one.
  for (const element of root.querySelectorAll("*")) {
    for (const attribute of element.attributes) {
      if (attribute.name === "class" || /\.\d+\./.test(attribute.value)) continue;
      attribute.value = attribute.value.replaceAll(/-?\d+\.\d{3,}(?![\de])/g, (number) => round(Number(number)));
    }
  }
  const shortened = root.outerHTML.replaceAll(/>\s+</g, "><");
  return { svg: shortened, kind: parsed.type, edges, widthPx, heightPx };
}
