/** Paints the dots of one moment on a canvas: by shape first (dot, hollow, tail with number, twin, stopped), colour second. */
import type { PlacedDot } from "./dots.ts";
import { type GraphLayout, messagePath, type Point, pointAlong } from "./layout.ts";

export interface DotPalette {
  request: string;
  response: string;
  failed: string;
  mirror: string;
}

export interface DotPlaces {
  layout: GraphLayout;
  /** Edge id, card and row a flight belongs to; null where the graph does not show it. */
  find(dot: PlacedDot["dot"]): { edge: string; card: string; row: string } | null;
}

export function drawDots(
  paper: CanvasRenderingContext2D,
  dots: readonly PlacedDot[],
  places: DotPlaces,
  palette: DotPalette,
): void {
  for (const { dot, position } of dots) {
    const place = places.find(dot);
    if (!place) continue;
    const path = messagePath(places.layout, place.edge, place.card, place.row);
    if (path.length < 2) continue;
    const { x, y } = onLane(path, position, dot.kind === "response" ? -laneOffset : laneOffset);
    const colour =
      dot.failed || dot.kind === "refused"
        ? palette.failed
        : dot.kind === "mirror"
          ? palette.mirror
          : palette[dot.kind === "response" ? "response" : "request"];
    paper.fillStyle = colour;
    paper.strokeStyle = colour;
    paper.lineWidth = 1.5;
    switch (dot.kind) {
      case "request":
        disc(paper, x, y, 3.2, true);
        break;
      case "response":
        if (dot.failed) cross(paper, x, y);
        else disc(paper, x, y, 2.8, false);
        break;
      case "retry": {
        disc(paper, x, y, 3.2, true);
        const tail = pointAlong(path, Math.max(0, position - 0.06));
        line(paper, tail.x, tail.y, x, y);
        paper.font = "10px system-ui, sans-serif";
        paper.fillText(String(dot.tryNumber), x + 5, y - 5);
        break;
      }
      case "mirror":
        disc(paper, x, y - 2.5, 2.2, true);
        disc(paper, x, y + 2.5, 2.2, false);
        break;
      case "refused":
        disc(paper, x, y, 3.2, true);
        line(paper, x + 5, y - 6, x + 5, y + 6);
        break;
    }
  }
}

const laneOffset = 2.6;

/** Requests keep to one side of the line, responses to the other. */
function onLane(path: readonly Point[], position: number, offset: number): Point {
  const at = pointAlong(path, position);
  const ahead = pointAlong(path, Math.min(1, position + 0.01));
  const behind = pointAlong(path, Math.max(0, position - 0.01));
  const angle = Math.atan2(ahead.y - behind.y, ahead.x - behind.x);
  return { x: at.x - Math.sin(angle) * offset, y: at.y + Math.cos(angle) * offset };
}

function disc(paper: CanvasRenderingContext2D, x: number, y: number, radius: number, filled: boolean): void {
  paper.beginPath();
  paper.arc(x, y, radius, 0, Math.PI * 2);
  if (filled) paper.fill();
  else paper.stroke();
}

function cross(paper: CanvasRenderingContext2D, x: number, y: number): void {
  line(paper, x - 3, y - 3, x + 3, y + 3);
  line(paper, x - 3, y + 3, x + 3, y - 3);
}

function line(paper: CanvasRenderingContext2D, x1: number, y1: number, x2: number, y2: number): void {
  paper.beginPath();
  paper.moveTo(x1, y1);
  paper.lineTo(x2, y2);
  paper.stroke();
}
