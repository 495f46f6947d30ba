/**
 * The one canvas over the graph. Draws only while running, stops with the page hidden, is absent under reduced motion.
 * Flights come in from the controller; numbers never come from here.
 */
import { useEffect, useRef } from "react";
import type { RunController } from "../run/run-controller.ts";
import { createDotPool } from "./dots.ts";
import { type DotPalette, drawDots, type FindTrack } from "./draw-dots.ts";

interface DotsCanvasProps {
  controller: RunController;
  running: boolean;
  /** Another function for another layout. */
  findTrack: FindTrack;
  /** Of the drawn graph, px. */
  width: number;
  height: number;
  scale: number;
  /** Changes when the run starts again: what flew then is gone. */
  runKey: string;
}

export function DotsCanvas({ controller, running, findTrack, width, height, scale, runKey }: DotsCanvasProps) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const pool = useRef(createDotPool());
  const clock = useRef(0);

  useEffect(() => controller.onFlights((flights) => pool.current.add(flights, clock.current)), [controller]);

  // biome-ignore lint/correctness/useExhaustiveDependencies: runKey is the reason to clear
  useEffect(() => {
    pool.current.clear();
    const element = canvas.current;
    element?.getContext("2d")?.clearRect(0, 0, element.width, element.height);
  }, [runKey, findTrack]);

  useEffect(() => {
    const element = canvas.current;
    const paper = element?.getContext("2d");
    if (!element || !paper || !running) return;
    const density = Math.min(window.devicePixelRatio || 1, 2);
    element.width = width * density;
    element.height = height * density;
    const palette = readPalette(element);
    let last = performance.now();
    let empty = true;
    let request = requestAnimationFrame(function draw(now: number) {
      clock.current += Math.min(now - last, 100);
      last = now;
      const dots = pool.current.at(clock.current);
      if (dots.length > 0 || !empty) {
        paper.setTransform(1, 0, 0, 1, 0, 0);
        paper.clearRect(0, 0, element.width, element.height);
        paper.setTransform(density * scale, 0, 0, density * scale, 0, 0);
        drawDots(paper, dots, clock.current, findTrack, palette);
        element.dataset.dots = String(dots.length);
        empty = dots.length === 0;
      }
      request = requestAnimationFrame(draw);
    });
    return () => cancelAnimationFrame(request);
  }, [running, findTrack, scale, width, height]);

  // biome-ignore lint/a11y/noAriaHiddenOnFocusable: a canvas takes no focus; graph and tables say the same in words
  return <canvas ref={canvas} className="graph-dots" aria-hidden="true" style={{ width, height }} />;
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
