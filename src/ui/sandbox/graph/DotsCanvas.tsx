/**
 * The one canvas over the graph. Draws only while running, stops with the page hidden, is absent under reduced motion.
 * Flights come in from the controller; numbers never come from here.
 */
import { useEffect, useRef } from "react";
import type { RunController } from "../run/run-controller.ts";
import { createDotPool } from "./dots.ts";
import { type DotPalette, type DotPlaces, drawDots } from "./draw-dots.ts";

interface DotsCanvasProps {
  controller: RunController;
  running: boolean;
  places: DotPlaces;
  scale: number;
  /** Changes when the run starts again: what flew then is gone. */
  runKey: string;
}

export function DotsCanvas({ controller, running, places, scale, runKey }: DotsCanvasProps) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const pool = useRef(createDotPool());
  const clock = useRef(0);
  const width = Math.ceil(places.layout.width * scale);
  const height = Math.ceil(places.layout.height * scale);

  useEffect(() => controller.onFlights((flights) => pool.current.add(flights, clock.current)), [controller]);

  // biome-ignore lint/correctness/useExhaustiveDependencies: runKey is the reason to clear
  useEffect(() => {
    pool.current.clear();
    const element = canvas.current;
    element?.getContext("2d")?.clearRect(0, 0, element.width, element.height);
  }, [runKey, places]);

  useEffect(() => {
    const element = canvas.current;
    const paper = element?.getContext("2d");
    if (!element || !paper || !running) return;
    const density = Math.min(window.devicePixelRatio || 1, 2);
    element.width = width * density;
    element.height = height * density;
    const palette = readPalette(element);
    let last = performance.now();
    let request = requestAnimationFrame(function draw(now: number) {
      clock.current += Math.min(now - last, 100);
      last = now;
      paper.setTransform(1, 0, 0, 1, 0, 0);
      paper.clearRect(0, 0, element.width, element.height);
      paper.setTransform(density * scale, 0, 0, density * scale, 0, 0);
      const dots = pool.current.at(clock.current);
      drawDots(paper, dots, places, palette);
      element.dataset.dots = String(dots.length);
      request = requestAnimationFrame(draw);
    });
    return () => cancelAnimationFrame(request);
  }, [running, places, scale, width, height]);

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
