/**
 * The one canvas over the graph, as large as what is seen of it. Draws only while running and only when there is something to move, stops
 * with the page hidden, is absent under reduced motion. Flights come in from the controller; numbers never come from here.
 */
import { useEffect, useRef } from "react";
import type { RunController } from "../run/run-controller.ts";
import { createDotPool } from "./dots.ts";
import { type DotPalette, drawDots, type FindTrack } from "./draw-dots.ts";
import { onVisiblePartChange, visiblePart } from "./visible-part.ts";

interface DotsCanvasProps {
  controller: RunController;
  running: boolean;
  /** Another function for another layout. */
  findTrack: FindTrack;
  scale: number;
  /** Changes when the run starts again: what flew then is gone. */
  runKey: string;
}

export function DotsCanvas({ controller, running, findTrack, scale, runKey }: DotsCanvasProps) {
  const sheet = useRef<HTMLDivElement>(null);
  const canvas = useRef<HTMLCanvasElement>(null);
  const pool = useRef(createDotPool());
  const clock = useRef(0);
  const redraw = useRef<(() => void) | null>(null);

  useEffect(() => controller.onFlights((flights) => pool.current.add(flights, clock.current)), [controller]);

  useEffect(
    () =>
      controller.onPassing(({ flights, nowMs, speed }) => {
        pool.current.clear();
        pool.current.add(flights, clock.current, ({ atMs }) => (nowMs - atMs) / speed);
        redraw.current?.();
      }),
    [controller],
  );

  // biome-ignore lint/correctness/useExhaustiveDependencies: runKey is the reason to clear
  useEffect(() => {
    pool.current.clear();
    const element = canvas.current;
    element?.getContext("2d")?.clearRect(0, 0, element.width, element.height);
  }, [runKey, findTrack]);

  useEffect(() => {
    const [element, around] = [canvas.current, sheet.current];
    const paper = element?.getContext("2d");
    if (!element || !around || !paper) return;
    const density = Math.min(window.devicePixelRatio || 1, 2);
    const palette = readPalette(element);
    let moved = true;
    let empty = true;
    let part = { x: 0, y: 0 };
    /** The canvas where it is seen now; a canvas that changes its size is empty. */
    const cover = () => {
      const { x, y, width, height } = visiblePart(around);
      part = { x, y };
      element.style.transform = `translate(${x}px, ${y}px)`;
      element.style.width = `${width}px`;
      element.style.height = `${height}px`;
      element.width = width * density;
      element.height = height * density;
      moved = false;
    };
    const draw = () => {
      if (moved) cover();
      const dots = pool.current.at(clock.current);
      if (dots.length === 0 && empty) return;
      paper.setTransform(1, 0, 0, 1, 0, 0);
      paper.clearRect(0, 0, element.width, element.height);
      paper.setTransform(density * scale, 0, 0, density * scale, -part.x * density, -part.y * density);
      drawDots(paper, dots, clock.current, findTrack, palette);
      element.dataset.dots = String(dots.length);
      empty = dots.length === 0;
    };
    redraw.current = draw;
    let request = 0;
    const stopWatching = onVisiblePartChange(around, () => {
      moved = true;
      if (!running && request === 0) {
        request = requestAnimationFrame(() => {
          request = 0;
          draw();
        });
      }
    });
    if (running) {
      let last = performance.now();
      request = requestAnimationFrame(function next(now: number) {
        clock.current += Math.min(now - last, 100);
        last = now;
        draw();
        request = requestAnimationFrame(next);
      });
    }
    return () => {
      redraw.current = null;
      cancelAnimationFrame(request);
      stopWatching();
    };
  }, [running, findTrack, scale]);

  return (
    <div ref={sheet} className="graph-dots-sheet">
      {/* biome-ignore lint/a11y/noAriaHiddenOnFocusable: a canvas takes no focus; graph and tables say the same in words */}
      <canvas ref={canvas} className="graph-dots" aria-hidden="true" />
    </div>
  );
}

function readPalette(element: HTMLElement): DotPalette {
  const style = getComputedStyle(element);
  const colour = (name: string) => style.getPropertyValue(name).trim() || style.color;
  return {
    request: colour("--dot-request"),
    response: colour("--dot-response"),
    failed: colour("--dot-failed"),
    mirror: colour("--dot-mirror"),
  };
}
