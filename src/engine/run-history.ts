/**
 * Travelling in time: checkpoints are copies of the mutable state, and changes made by hand are kept with their moment and made again
 * whenever a run passes it. How many were made is part of the state, so a restored state knows which are still to come.
 */
import { applyChange } from "./control-plane/timeline.ts";
import { copyState } from "./kernel/state-copy.ts";
import { runEvents } from "./run.ts";
import { nowOf, type Sim } from "./sim.ts";
import type { DatedChange } from "./simulation.ts";
import { type RunState, stateOf } from "./state-keys.ts";

export interface Checkpoint {
  events: number;
  nowMs: number;
  rootsStarted: number;
  rootsEnded: number;
  changesMade: number;
  state: RunState;
  bytes: number;
}

export interface RunHistory {
  readonly changes: readonly DatedChange[];
  /** The newest checkpoint that fits; the start where none does. */
  nearest(fits: (checkpoint: Checkpoint) => boolean): Checkpoint;
  /**
   * Runs on, making the changes that were made at these moments before: to the time, the number of events or until `done`, whichever
   * comes first; `done` is asked after every event. Only the run itself (`target` left out) leaves checkpoints behind.
   */
  forward(untilMs: number, untilEvents: number, done?: () => boolean, target?: Sim): void;
  restore(target: Sim, checkpoint: Checkpoint): void;
  /** Keeps the first changes and takes these for the ones after them. The run must not have passed the first that differs. */
  replaceChanges(kept: number, more: readonly DatedChange[]): void;
}

const recentCheckpoints = 8;
const maximumCheckpoints = 40;

/** @param every events between checkpoints; 0 = the start alone */
export function createRunHistory(sim: Sim, every: number): RunHistory {
  const checkpoints: Checkpoint[] = [takeCheckpoint(sim)];
  let changes: DatedChange[] = [];
  let nextCheckpoint = every > 0 ? every : Infinity;

  function keepCheckpoint(): void {
    const checkpoint = takeCheckpoint(sim);
    checkpoints.push(checkpoint);
    // Large states are copied less often: the copying should stay below the running.
    nextCheckpoint = checkpoint.events + Math.max(every, Math.floor(checkpoint.bytes / 100));
    if (checkpoints.length > maximumCheckpoints) {
      const old = checkpoints.slice(1, -recentCheckpoints).filter((_, i) => i % 2 === 1);
      checkpoints.splice(1, checkpoints.length - 1 - recentCheckpoints, ...old);
    }
  }

  function runTo(target: Sim, untilMs: number, untilEvents: number, done?: () => boolean): void {
    const { clock } = target;
    if (target !== sim) {
      while (clock.events < untilEvents && !done?.()) {
        const before = clock.events;
        runEvents(target, untilMs, done ? before + 1 : untilEvents);
        if (clock.events === before) return;
      }
      return;
    }
    for (;;) {
      const goal = done ? clock.events + 1 : Math.min(untilEvents, nextCheckpoint);
      if (goal <= untilEvents) runEvents(sim, untilMs, goal);
      const events = sim.clock.events;
      if (events >= nextCheckpoint) keepCheckpoint();
      if (events < goal || events >= untilEvents || done?.()) return;
    }
  }

  return {
    get changes() {
      return changes;
    },
    nearest: (fits) => checkpoints.findLast(fits) ?? (checkpoints[0] as Checkpoint),
    forward(untilMs, untilEvents, done, target = sim) {
      for (;;) {
        const next = changes[target.clock.changesMade];
        runTo(target, untilMs, next ? Math.min(untilEvents, next.afterEvents) : untilEvents, done);
        const events = target.clock.events;
        if (!next || events < next.afterEvents || next.atMs > untilMs || done?.()) return;
        makeChange(target, next);
      }
    },
    restore(target, checkpoint) {
      Object.assign(target, copyState(checkpoint.state).state);
    },
    replaceChanges(kept, more) {
      const [first] = more;
      changes = [...changes.slice(0, kept), ...more];
      const isTrue = ({ changesMade, events, nowMs }: Checkpoint): boolean =>
        changesMade <= kept && (!first || events < first.afterEvents || (events === first.afterEvents && nowMs <= first.atMs));
      while (checkpoints.length > 1 && !isTrue(checkpoints.at(-1) as Checkpoint)) checkpoints.pop();
      nextCheckpoint = every > 0 ? (checkpoints.at(-1) as Checkpoint).events + every : Infinity;
    },
  };
}

/** As it was made the first time: after the same event, at the same moment. */
function makeChange(sim: Sim, { atMs, change }: DatedChange): void {
  if (atMs > nowOf(sim)) sim.clock.now = atMs;
  sim.clock.changesMade++;
  applyChange(sim, change);
}

function takeCheckpoint(sim: Sim): Checkpoint {
  const { state, bytes } = copyState(stateOf(sim));
  const { now, events, rootsStarted, rootsEnded, changesMade } = sim.clock;
  return { events, nowMs: now, rootsStarted, rootsEnded, changesMade, state, bytes };
}
