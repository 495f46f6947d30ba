/** Whatever is compiled from equal configuration is one object: services that are configured alike meet it in the processor's cache. */
import type { Sim } from "./sim.ts";

/** @param source plain data: all that `compile` goes by */
export function internCompiled<Compiled extends object>(
  sim: Sim,
  kind: string,
  source: unknown,
  compile: () => Compiled,
): Compiled {
  const key = JSON.stringify([kind, source]);
  let compiled = sim.compiled.get(key) as Compiled | undefined;
  if (compiled === undefined) {
    compiled = compile();
    sim.compiled.set(key, compiled);
  }
  return compiled;
}
