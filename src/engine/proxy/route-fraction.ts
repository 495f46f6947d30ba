/** runtime_fraction of routes: a share of the requests a route matches takes it, the others go on to the routes after it. */
import { nextBits } from "../kernel/random.ts";
import type { InstanceState, Sim } from "../sim.ts";
import type { Plan } from "./plan.ts";

/** The request's random number; fractions and weights of this request all look at it. */
export function drawRequest(sim: Sim, instance: InstanceState): number {
  return nextBits(sim.random, instance.routeStream) >>> 0;
}

export function planFor(sim: Sim, plan: Plan, draw: number): Plan {
  while (plan.otherwise >= 0 && !isInside(plan.fractionPercent, draw)) plan = sim.plans[plan.otherwise] as Plan;
  return plan;
}

/** In hundredths, or the finer denominator that makes the percentage whole, as Envoy's FractionalPercent. */
function isInside(percent: number, draw: number): boolean {
  const denominator = Number.isInteger(percent) ? 100 : Number.isInteger(percent * 100) ? 10_000 : 1_000_000;
  return draw % denominator < (percent * denominator) / 100;
}
