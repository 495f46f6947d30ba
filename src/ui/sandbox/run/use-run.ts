/** Ties a run controller to React: its state, the animation frames that drive it, its end with the component. */
import { startTransition, useEffect, useState, useSyncExternalStore } from "react";
import { createRunController, type RunController } from "./run-controller.ts";
import type { RunState } from "./run-state.ts";
import type { ConnectWorkers } from "./worker-link.ts";

export function useRun(connect: ConnectWorkers): { controller: RunController; state: RunState } {
  const [controller] = useState(() => createRunController({ connect }));
  const [state, setState] = useState(controller.getState);
  const { running } = state;

  useEffect(() => {
    const take = () => {
      const next = controller.getState();
      // While it runs, drawing numbers gives way to frames and to what the reader does.
      if (next.running) startTransition(() => setState(next));
      else setState(next);
    };
    take();
    return controller.subscribe(take);
  }, [controller]);

  useEffect(() => {
    if (!running) return;
    let last = performance.now();
    // The browser calls no animation frame while the page is hidden, so a hidden sandbox stands still.
    let request = requestAnimationFrame(function tick(now: number) {
      controller.tick(now - last);
      last = now;
      request = requestAnimationFrame(tick);
    });
    return () => cancelAnimationFrame(request);
  }, [controller, running]);

  useEffect(() => () => controller.close(), [controller]);
  return { controller, state };
}

/** Follows the reader's wish for less motion, also when it changes. */
export function useReducedMotion(): boolean {
  return useSyncExternalStore(subscribeMotion, isMotionReduced, () => false);
}

const motionQuery = "(prefers-reduced-motion: reduce)";

function subscribeMotion(listener: () => void): () => void {
  const query = window.matchMedia(motionQuery);
  query.addEventListener("change", listener);
  return () => query.removeEventListener("change", listener);
}

function isMotionReduced(): boolean {
  return window.matchMedia(motionQuery).matches;
}
