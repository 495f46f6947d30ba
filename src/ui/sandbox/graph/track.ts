/** A way of messages, measured once: where a dot stands after a share of it. Made for hundreds of questions a frame. */
import type { Point } from "./layout.ts";

export interface Track {
  xs: Float64Array;
  ys: Float64Array;
  /** Length of the way up to each corner. */
  ends: Float64Array;
}

/** Where something stands, with the unit vector across the way (to its right, as it goes). */
export interface Place {
  x: number;
  y: number;
  acrossX: number;
  acrossY: number;
}

/** @returns null for a way of no length: nothing can go there. */
export function measureTrack(points: readonly Point[]): Track | null {
  const count = points.length;
  const track: Track = { xs: new Float64Array(count), ys: new Float64Array(count), ends: new Float64Array(count) };
  for (const [i, { x, y }] of points.entries()) {
    track.xs[i] = x;
    track.ys[i] = y;
    track.ends[i] = i === 0 ? 0 : track.ends[i - 1]! + Math.hypot(x - track.xs[i - 1]!, y - track.ys[i - 1]!);
  }
  return count < 2 || track.ends[count - 1] === 0 ? null : track;
}

/** @param fraction 0 at the start, 1 at the end; clamped. @param place is written to, so that a frame makes no garbage */
export function placeOn({ xs, ys, ends }: Track, fraction: number, place: Place): Place {
  const whole = ends[ends.length - 1]!;
  const at = Math.min(1, Math.max(0, fraction)) * whole;
  let low = 1;
  let high = ends.length - 1;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (ends[middle]! < at) low = middle + 1;
    else high = middle;
  }
  const from = low - 1;
  const length = ends[low]! - ends[from]!;
  const dx = xs[low]! - xs[from]!;
  const dy = ys[low]! - ys[from]!;
  const part = length === 0 ? 0 : (at - ends[from]!) / length;
  place.x = xs[from]! + dx * part;
  place.y = ys[from]! + dy * part;
  place.acrossX = length === 0 ? 0 : -dy / length;
  place.acrossY = length === 0 ? 0 : dx / length;
  return place;
}
