/**
 * A rate that changes with time: straight pieces of requests per second. Arrivals are found by the area under the curve, which between
 * two corners is a quadratic; only + − × ÷ and the square root, which every machine rounds alike.
 */
import type { RatePiece } from "../model/index.ts";

/**
 * When the area under the curve since `fromMs` reaches `requests`.
 * @param fromMs counted from the start of the profile, as the pieces are
 * @returns Infinity when it never does
 */
export function timeOfArea(profile: readonly RatePiece[], fromMs: number, requests: number): number {
  let left = requests;
  for (const piece of profile) {
    if (piece.toMs <= fromMs) continue;
    const start = Math.max(fromMs, piece.fromMs);
    // Requests per ms, and how that changes within the piece.
    const slope = piece.toMs === Infinity ? 0 : (piece.toPerSecond - piece.fromPerSecond) / 1000 / (piece.toMs - piece.fromMs);
    const rate = piece.fromPerSecond / 1000 + slope * (start - piece.fromMs);
    const length = piece.toMs - start;
    const area = length === Infinity ? (rate > 0 ? Infinity : 0) : rate * length + (slope * length * length) / 2;
    if (area < left) {
      left -= area;
      continue;
    }
    return start + waitFor(left, rate, slope);
  }
  return Infinity;
}

/** Solves rate · t + slope · t² / 2 = area for the smallest t ≥ 0, in the form that does not cancel. */
function waitFor(area: number, rate: number, slope: number): number {
  if (slope === 0) return area / rate;
  return (2 * area) / (rate + Math.sqrt(Math.max(0, rate * rate + 2 * slope * area)));
}
