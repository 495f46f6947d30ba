/**
 * Paints the dots of one moment on a canvas: by shape first (dot, hollow, tail with number, twin, stopped), colour second. Dots that look
 * alike are one path, so that five hundred cost little more than their arcs. Needs of a canvas only what is listed here.
 */
import { type Dot, positionOf } from "./dots.ts";
import { type Place, placeOn, type Track } from "./track.ts";

export type DotPaper = Pick<
  CanvasRenderingContext2D,
  "fillStyle" | "strokeStyle" | "lineWidth" | "font" | "beginPath" | "moveTo" | "lineTo" | "arc" | "fill" | "stroke" | "fillText"
>;

export interface DotPalette {
  request: string;
  response: string;
  failed: string;
  mirror: string;
}

/** Where a dot goes; null where the graph does not show it. */
export type FindTrack = (dot: Dot) => Track | null;

const laneOffset = 2.6;
const tailLength = 0.06;

interface Brush {
  colour: keyof DotPalette;
  /** Filled shapes; the others are lines. */
  filled: boolean;
  draw(paper: DotPaper, place: Place): void;
}

const disc =
  (radius: number, dy = 0) =>
  (paper: DotPaper, { x, y }: Place) => {
    paper.moveTo(x + radius, y + dy);
    paper.arc(x, y + dy, radius, 0, Math.PI * 2);
  };
const line =
  (x1: number, y1: number, x2: number, y2: number) =>
  (paper: DotPaper, { x, y }: Place) => {
    paper.moveTo(x + x1, y + y1);
    paper.lineTo(x + x2, y + y2);
  };
const cross = (paper: DotPaper, place: Place) => {
  line(-3, -3, 3, 3)(paper, place);
  line(-3, 3, 3, -3)(paper, place);
};

/** What each look is made of. */
const brushes = {
  request: [{ colour: "request", filled: true, draw: disc(3.2) }],
  requestFailed: [{ colour: "failed", filled: true, draw: disc(3.2) }],
  response: [{ colour: "response", filled: false, draw: disc(2.8) }],
  responseFailed: [{ colour: "failed", filled: false, draw: cross }],
  mirror: [
    { colour: "mirror", filled: true, draw: disc(2.2, -2.5) },
    { colour: "mirror", filled: false, draw: disc(2.2, 2.5) },
  ],
  refused: [
    { colour: "failed", filled: true, draw: disc(3.2) },
    { colour: "failed", filled: false, draw: line(5, -6, 5, 6) },
  ],
} as const satisfies Record<string, readonly Brush[]>;

type Look = keyof typeof brushes;

export function drawDots(
  paper: DotPaper,
  dots: readonly Dot[],
  clockMs: number,
  findTrack: FindTrack,
  palette: DotPalette,
): void {
  const byLook = new Map<Look, Place[]>();
  const retries: { place: Place; tail: Place; dot: Dot }[] = [];
  for (const dot of dots) {
    const track = findTrack(dot);
    if (!track) continue;
    const position = positionOf(dot, clockMs);
    const place = besideTrack(track, position, dot);
    const look = lookOf(dot);
    const alike = byLook.get(look);
    if (alike) alike.push(place);
    else byLook.set(look, [place]);
    if (dot.flight.kind === "retry") retries.push({ place, tail: besideTrack(track, position - tailLength, dot), dot });
  }
  paper.lineWidth = 1.5;
  for (const [look, places] of byLook) {
    for (const { colour, filled, draw } of brushes[look]) {
      paper.fillStyle = palette[colour];
      paper.strokeStyle = palette[colour];
      paper.beginPath();
      for (const place of places) draw(paper, place);
      if (filled) paper.fill();
      else paper.stroke();
    }
  }
  drawTails(paper, retries, palette);
}

/** A retry is a request with a tail and the number of the try. */
function drawTails(paper: DotPaper, retries: readonly { place: Place; tail: Place; dot: Dot }[], palette: DotPalette): void {
  if (retries.length === 0) return;
  paper.font = "10px system-ui, sans-serif";
  for (const { place, tail, dot } of retries) {
    const colour = palette[dot.failed ? "failed" : "request"];
    paper.strokeStyle = colour;
    paper.fillStyle = colour;
    paper.beginPath();
    paper.moveTo(tail.x, tail.y);
    paper.lineTo(place.x, place.y);
    paper.stroke();
    paper.fillText(String(dot.flight.attempt), place.x + 5, place.y - 5);
  }
}

function lookOf({ flight, failed }: Dot): Look {
  if (flight.kind === "refused" || flight.kind === "mirror") return flight.kind;
  if (flight.kind === "response") return failed ? "responseFailed" : "response";
  return failed ? "requestFailed" : "request";
}

/** Requests keep to one side of the line, responses to the other. */
function besideTrack(track: Track, position: number, dot: Dot): Place {
  const place = placeOn(track, position, { x: 0, y: 0, acrossX: 0, acrossY: 0 });
  const offset = dot.flight.kind === "response" ? -laneOffset : laneOffset;
  place.x += place.acrossX * offset;
  place.y += place.acrossY * offset;
  return place;
}
