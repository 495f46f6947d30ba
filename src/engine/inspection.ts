/** What tests ask of a run beside the Simulation contract. A page does not ask, and so does not carry it. */
import { assert } from "#base";
import { checkInvariants } from "./checkers/index.ts";
import { waitingEvents } from "./kernel/event-queue.ts";
import { hashState } from "./kernel/state-copy.ts";
import type { Sim } from "./sim.ts";
import type { Simulation } from "./simulation.ts";
import { stateOf } from "./state-keys.ts";

const sims = new WeakMap<Simulation, Sim>();

/** Of a run that is being made. */
export function openToInspection(simulation: Simulation, sim: Sim): Simulation {
  sims.set(simulation, sim);
  return simulation;
}

function simOf(simulation: Simulation): Sim {
  const sim = sims.get(simulation);
  assert(sim !== undefined, "a simulation that createSimulation made");
  return sim;
}

/** Messages from the checkers that run inside: empty unless the engine is wrong. */
export function invariantViolations(simulation: Simulation): readonly string[] {
  const sim = simOf(simulation);
  return [...sim.violations, ...checkInvariants(sim)];
}

/** Hash of the mutable state, for comparing seek(k) with a forward run to k. */
export function stateHash(simulation: Simulation): number {
  const sim = simOf(simulation);
  return hashState({ ...stateOf(sim), queue: waitingEvents(sim.queue) }, 17) >>> 0;
}
