/**
 * One chart on a canvas: lines told apart by dash and by place in the legend, marks of events, the moment looked at. Draws what it is
 * given; needs of a canvas only what is listed here, so that a bench can count its work.
 */
export interface ChartPaper {
  strokeStyle: string | CanvasGradient | CanvasPattern;
  fillStyle: string | CanvasGradient | CanvasPattern;
  lineWidth: number;
  font: string;
  beginPath(): void;
  moveTo(x: number, y: number): void;
  lineTo(x: number, y: number): void;
  stroke(): void;
  setLineDash(segments: number[]): void;
  clearRect(x: number, y: number, width: number, height: number): void;
  fillText(text: string, x: number, y: number): void;
}

export interface ChartPicture {
  width: number;
  height: number;
  fromMs: number;
  toMs: number;
  /** Middle of each point, ms. */
  times: readonly number[];
  lines: readonly (readonly (number | null)[])[];
  /** Upper end of the scale; the lower one is 0. */
  top: number;
  topLabel: string;
  marks: readonly number[];
  /** Written at the foot of their marks. */
  signs?: readonly { atMs: number; sign: string }[];
  /** The moment of the run that is shown, and the one looked at. */
  nowMs: number;
  cursorMs: number | null;
}

export interface ChartColours {
  line: readonly string[];
  grid: string;
  text: string;
  mark: string;
}

/** Solid first; each line has its own dash, colour repeats it. */
export const dashes: readonly (readonly number[])[] = [[], [6, 3], [2, 2], [8, 2, 2, 2], [1, 3], [10, 4]];

export function drawChart(paper: ChartPaper, picture: ChartPicture, colours: ChartColours): void {
  const { width, height, fromMs, toMs, times, lines, top, marks, nowMs, cursorMs } = picture;
  const perMs = toMs > fromMs ? width / (toMs - fromMs) : 0;
  const perUnit = top > 0 ? (height - 2) / top : 0;
  const x = (ms: number): number => (ms - fromMs) * perMs;
  paper.clearRect(0, 0, width, height);
  paper.lineWidth = 1;
  paper.setLineDash([]);
  vertical(paper, [0.5], height, colours.grid);
  paper.beginPath();
  paper.moveTo(0, height - 0.5);
  paper.lineTo(width, height - 0.5);
  paper.stroke();
  paper.setLineDash([1, 2]);
  vertical(paper, marks.map(x), height, colours.mark);
  paper.lineWidth = 1.5;
  for (const [n, values] of lines.entries()) {
    paper.setLineDash(dashes[n % dashes.length] as number[]);
    paper.strokeStyle = colours.line[n % colours.line.length] as string;
    paper.beginPath();
    let down = false;
    for (const i of pointsThatShow(values, width)) {
      const value = values[i];
      if (value === null || value === undefined) {
        down = false;
        continue;
      }
      const px = ((times[i] as number) - fromMs) * perMs;
      const py = height - 1 - Math.min(value, top) * perUnit;
      if (down) paper.lineTo(px, py);
      else paper.moveTo(px, py);
      down = true;
    }
    paper.stroke();
  }
  paper.lineWidth = 1;
  paper.setLineDash([]);
  vertical(paper, [x(nowMs)], height, colours.text);
  if (cursorMs !== null) {
    paper.setLineDash([4, 2]);
    vertical(paper, [x(cursorMs)], height, colours.text);
  }
  paper.fillStyle = colours.text;
  paper.font = "11px system-ui, sans-serif";
  paper.fillText(picture.topLabel, 4, 11);
  paper.fillStyle = colours.mark;
  for (const { atMs, sign } of picture.signs ?? []) paper.fillText(sign, x(atMs) + 2, height - 4);
}

/**
 * Of many points on few pixels, per pixel the lowest, the highest and the last: no line could show the others, and a canvas takes its time
 * for each. A gap is kept.
 */
function* pointsThatShow(values: readonly (number | null)[], width: number): Generator<number> {
  const perPixel = Math.max(1, Math.floor(values.length / Math.max(1, width)));
  for (let from = 0; from < values.length; from += perPixel) {
    const to = Math.min(from + perPixel, values.length);
    let low = from;
    let high = from;
    let gap = -1;
    for (let i = from; i < to; i++) {
      const value = values[i];
      if (value === null || value === undefined) gap = i;
      else if (value < (values[low] ?? Number.POSITIVE_INFINITY)) low = i;
      else if (value > (values[high] ?? Number.NEGATIVE_INFINITY)) high = i;
    }
    let last = -1;
    for (const i of [low, high, gap, to - 1].sort((a, b) => a - b)) {
      if (i > last) yield i;
      last = i;
    }
  }
}

function vertical(paper: ChartPaper, xs: readonly number[], height: number, colour: string): void {
  paper.strokeStyle = colour;
  paper.beginPath();
  for (const x of xs) {
    paper.moveTo(x, 0);
    paper.lineTo(x, height);
  }
  paper.stroke();
}
