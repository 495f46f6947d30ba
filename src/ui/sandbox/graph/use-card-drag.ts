/** Cards follow a mouse or a pen. A finger scrolls: where there is no keyboard either, nothing has to be dragged. */
import { type PointerEvent, useRef } from "react";
import type { Point } from "./layout.ts";

/** Less than this is a click, px of the screen. */
const shortestPx = 4;

interface Drag {
  card: string;
  pointer: number;
  x: number;
  y: number;
  moving: boolean;
}

/** @param move by px of the drawing; null: cards stay where they are */
export function useCardDrag(scale: number, move: ((card: string, by: Point) => void) | null) {
  const drag = useRef<Drag | null>(null);
  const moved = useRef(false);
  return {
    /** The click that ends a drag chooses nothing. */
    hasJustMoved: () => moved.current,
    handlers(card: string) {
      if (!move) return {};
      return {
        onPointerDown(event: PointerEvent<SVGGElement>) {
          moved.current = false;
          if (event.pointerType === "touch" || event.button !== 0) return;
          drag.current = { card, pointer: event.pointerId, x: event.clientX, y: event.clientY, moving: false };
        },
        onPointerMove(event: PointerEvent<SVGGElement>) {
          const now = drag.current;
          if (now?.pointer !== event.pointerId || now.card !== card) return;
          const [dx, dy] = [event.clientX - now.x, event.clientY - now.y];
          if (!now.moving && Math.hypot(dx, dy) < shortestPx) return;
          if (!now.moving) event.currentTarget.setPointerCapture(event.pointerId);
          drag.current = { ...now, x: event.clientX, y: event.clientY, moving: true };
          moved.current = true;
          move(card, { x: dx / scale, y: dy / scale });
        },
        onPointerUp() {
          drag.current = null;
          setTimeout(() => {
            moved.current = false;
          });
        },
        onPointerCancel() {
          drag.current = null;
        },
      };
    },
  };
}
