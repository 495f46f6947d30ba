/** Where a reader moved cards to: kept in this browser per set of cards, so that editing routes, versions or numbers leaves them there. */
import { useEffect, useState } from "react";
import { type GraphLayout, type Point, sheetMargin } from "./layout.ts";

export interface MovedCards {
  offsets: ReadonlyMap<string, Point>;
  /** By px of the drawing. */
  move(card: string, by: Point): void;
  /** Back to where the layout puts them. */
  reset(): void;
}

const nothing: ReadonlyMap<string, Point> = new Map();
const storageKey = (place: string) => `meshwise.graph.${place}`;

/** @param layout as it is made, before anything is moved */
export function useMovedCards({ direction, cards }: GraphLayout): MovedCards {
  const place = `${direction} ${[...cards.keys()].sort()}`;
  const [moved, setMoved] = useState({ place: "", offsets: nothing });
  const offsets = moved.place === place ? moved.offsets : nothing;
  useEffect(() => setMoved({ place, offsets: readOffsets(place) }), [place]);
  const put = (next: ReadonlyMap<string, Point>) => {
    setMoved({ place, offsets: next });
    keepOffsets(place, next);
  };
  return {
    offsets,
    move(card, by) {
      const before = offsets.get(card) ?? { x: 0, y: 0 };
      const box = cards.get(card) ?? { x: 0, y: 0 };
      const within = (axis: "x" | "y") => Math.max(sheetMargin - box[axis], before[axis] + by[axis]);
      put(new Map(offsets).set(card, { x: within("x"), y: within("y") }));
    },
    reset: () => put(nothing),
  };
}

function readOffsets(place: string): ReadonlyMap<string, Point> {
  try {
    const kept: unknown = JSON.parse(localStorage.getItem(storageKey(place)) ?? "[]");
    return Array.isArray(kept) ? new Map(kept.filter(isOffset).map(([id, x, y]) => [id, { x, y }])) : nothing;
  } catch {
    // A browser that keeps nothing: the layout stands as it is made.
    return nothing;
  }
}

function keepOffsets(place: string, offsets: ReadonlyMap<string, Point>): void {
  try {
    if (offsets.size === 0) localStorage.removeItem(storageKey(place));
    else localStorage.setItem(storageKey(place), JSON.stringify([...offsets].map(([id, { x, y }]) => [id, x, y])));
  } catch {
    // Until the page is closed they stay where they are.
  }
}

function isOffset(value: unknown): value is [string, number, number] {
  return Array.isArray(value) && typeof value[0] === "string" && Number.isFinite(value[1]) && Number.isFinite(value[2]);
}
