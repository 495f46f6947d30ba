/**
 * How many traces a request becomes. A proxy starts a trace where a request carries none; an application that does not copy the
 * headers of the request it serves to those it makes breaks the trace there. Counted by traffic entry and window.
 */
import type { MeshConfig } from "../model/index.ts";
import { nowOf, type Sim } from "../sim.ts";

/** Without a proxy anywhere nobody writes spans. */
export function hasTracing(mesh: MeshConfig): boolean {
  return mesh.nodes.length > 0;
}

/** A request set off without the headers of a trace. */
export function countTrace(sim: Sim, traffic: number): void {
  const { traces } = sim;
  const windows = sim.config.windows.length + 1;
  const at = traffic * windows;
  traces[at] = (traces[at] as number) + 1;
  const now = nowOf(sim);
  for (let i = 1; i < windows; i++) {
    const { fromMs, toMs } = sim.config.windows[i - 1] as { fromMs: number; toMs: number };
    if (now >= fromMs && now < toMs) traces[at + i] = (traces[at + i] as number) + 1;
  }
}

/** Traces started where an application did not hand headers on; the one each root request starts with is not among them. */
export function brokenTraces(sim: Sim, traffic: number, window: number): number {
  return sim.traces[traffic * (sim.config.windows.length + 1) + window] ?? 0;
}
