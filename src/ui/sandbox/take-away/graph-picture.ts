/**
 * The graph as a picture that stands alone: the drawn SVG with every colour and font written into it, a background, a title and a
 * description. The dots are not in it: they are a moment's, drawn on a canvas.
 */

export type Theme = "light" | "dark";

export interface PictureWords {
  title: string;
  description: string;
}

const svgNamespace = "http://www.w3.org/2000/svg";
/** What any viewer has; Cyrillic included. */
const fonts = "system-ui, -apple-system, 'Segoe UI', Roboto, 'Noto Sans', 'Helvetica Neue', Arial, sans-serif";
const painted = ["fill", "stroke", "stroke-width", "stroke-dasharray", "opacity"] as const;
const written = ["font-size", "font-weight", "text-anchor"] as const;
const marginPx = 16;
/** Of PNG against the picture's own size. */
const pngScale = 2;

/** The picture on the page; null where the graph is shown as tables. */
export function findGraph(within: ParentNode): SVGSVGElement | null {
  return within.querySelector<SVGSVGElement>(".graph-sheet svg");
}

export function graphPicture(svg: SVGSVGElement, theme: Theme, words: PictureWords): string {
  return inTheme(theme, () => {
    const { width, height } = svg.viewBox.baseVal;
    const copy = svg.cloneNode(false) as SVGSVGElement;
    for (const { name } of [...copy.attributes]) copy.removeAttribute(name);
    const size = { width: width + 2 * marginPx, height: height + 2 * marginPx };
    const viewBox = `${-marginPx} ${-marginPx} ${size.width} ${size.height}`;
    setAll(copy, { xmlns: svgNamespace, ...size, viewBox, role: "img", "aria-labelledby": "title description" });
    copy.append(textElement("title", words.title), textElement("desc", words.description, "description"));
    const ground = document.createElementNS(svgNamespace, "rect");
    const fill = getComputedStyle(svg.closest(".graph-frame") ?? svg).backgroundColor;
    setAll(ground, { x: -marginPx, y: -marginPx, ...size, fill });
    copy.append(ground, ...[...svg.children].flatMap((child) => resolved(child) ?? []));
    return `<?xml version="1.0" encoding="UTF-8"?>\n${new XMLSerializer().serializeToString(copy)}\n`;
  });
}

/** @returns null where the browser cannot */
export async function pngOf(picture: string): Promise<Blob | null> {
  const url = URL.createObjectURL(new Blob([picture], { type: "image/svg+xml" }));
  try {
    const image = new Image();
    image.src = url;
    await image.decode();
    const canvas = document.createElement("canvas");
    canvas.width = image.naturalWidth * pngScale;
    canvas.height = image.naturalHeight * pngScale;
    canvas.getContext("2d")?.drawImage(image, 0, 0, canvas.width, canvas.height);
    return await new Promise((resolve) => canvas.toBlob(resolve, "image/png"));
  } catch {
    return null;
  } finally {
    URL.revokeObjectURL(url);
  }
}

/** A copy that needs no style sheet; null for what nobody sees. */
function resolved(element: Element): Element | null {
  if (element.nodeName === "title") return element.cloneNode(true) as Element;
  const style = getComputedStyle(element);
  if (style.display === "none" || style.visibility === "hidden") return null;
  const isGroup = element.nodeName === "g";
  if (!isGroup && isClear(style.fill) && isClear(style.stroke)) return null;
  const copy = element.cloneNode(false) as Element;
  for (const { name } of [...copy.attributes])
    if (/^(class|style|role|tabindex|aria-.*|data-.*)$/.test(name)) copy.removeAttribute(name);
  if (!isGroup) for (const property of painted) copy.setAttribute(property, style.getPropertyValue(property));
  if (element.nodeName === "text" || element.nodeName === "tspan") {
    for (const property of written) copy.setAttribute(property, style.getPropertyValue(property));
    copy.setAttribute("font-family", fonts);
  }
  for (const child of element.childNodes) {
    const kept = child instanceof Element ? resolved(child) : child.cloneNode();
    if (kept) copy.append(kept);
  }
  return copy;
}

function isClear(paint: string): boolean {
  return paint === "none" || paint === "transparent" || /^rgba\(.*, 0\)$/.test(paint);
}

/** Styles of another theme than the page's: put on and taken off before anything is painted. */
function inTheme<Result>(theme: Theme, read: () => Result): Result {
  const { dataset } = document.documentElement;
  const own = dataset.theme;
  dataset.theme = theme;
  try {
    return read();
  } finally {
    if (own === undefined) delete dataset.theme;
    else dataset.theme = own;
  }
}

function textElement(name: "title" | "desc", text: string, id: string = name): Element {
  const element = document.createElementNS(svgNamespace, name);
  element.id = id;
  element.textContent = text;
  return element;
}

function setAll(element: Element, attributes: Readonly<Record<string, string | number>>): void {
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, String(value));
}
