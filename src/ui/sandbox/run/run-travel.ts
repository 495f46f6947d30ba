/** Time of a run as the reader moves through it: back, to a moment, to another world altogether. */
import type { Destination } from "#protocol";
import type { RunCore } from "./run-core.ts";
import { type AppliedChange, firstDifferenceMs, keptChange, type OpenedPlan, type World } from "./world.ts";

export interface RunTravel {
  /** Follows a slider: while one journey is under way, the newest wish replaces those before it. */
  seek(to: Destination): Promise<void>;
  goTo(world: World): Promise<void>;
}

/** What a journey to another world needs of the run. */
interface Vehicle {
  openPlan(opened: OpenedPlan, seed: number): Promise<boolean>;
  runTo(untilMs: number): Promise<void>;
}

/** Virtual time that is replayed in one piece. */
const longestJumpMs = 1000;

export function createRunTravel(core: RunCore, { openPlan, runTo }: Vehicle): RunTravel {
  const { simulation, current, change } = core;
  /** Where the slider was let go last. */
  let wished: Destination | null = null;
  let journey: Promise<void> | null = null;

  /** @param changes as if these had been made by hand, and no others */
  async function travel(to: Destination, changes?: readonly AppliedChange[]): Promise<boolean> {
    const question = { type: "travel", to, frame: { ...core.frameOptions(), maxFlights: 0 } } as const;
    const response = await simulation.ask(changes ? { ...question, changes: changes.map(keptChange) } : question);
    if (!response) return false;
    core.restartRates(response.before);
    if (changes) change({ changes });
    core.takeFrame(response.frame, response.traceHash, "now");
    core.tellPassing({ flights: response.passing, nowMs: response.frame.nowMs, speed: current().speed });
    return true;
  }

  async function seek(to: Destination): Promise<void> {
    change({ running: false, noneFailing: false });
    wished = to;
    journey ??= follow().finally(() => {
      journey = null;
    });
    await journey;
  }

  async function follow(): Promise<void> {
    while (wished && current().phase === "ready") {
      const to = wished;
      wished = null;
      await travel(to);
    }
  }

  async function goTo(world: World): Promise<void> {
    change({ running: false, noneFailing: false });
    const { opened: target, seed, changes, at } = world;
    if (core.opened?.plan !== target.plan || current().seed !== seed || current().phase !== "ready") {
      if (!(await openPlan(target, seed))) return;
    }
    // A long way is gone in slices, so that it can be seen and stopped.
    const near = Math.min(at.nowMs, current().frame?.nowMs ?? 0, firstDifferenceMs(current().changes, changes));
    if (near < at.nowMs && !(await travel({ atMs: near }, changes))) return;
    await runTo(at.nowMs - longestJumpMs);
    const to = { eventIndex: at.eventCount, atMs: at.nowMs };
    if (!(await travel(to, changes))) return;
    change({ reached: world.reached, chosen: null, explanation: null, branched: null, refusedLast: false, changedAt: null });
  }

  return { seek, goTo };
}
