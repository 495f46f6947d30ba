/** x-request-id of a request that brought none. */
import type { Sim } from "../sim.ts";

/** A UUID from seed and number, as stable as the run. */
export function requestIdOf(sim: Sim, root: number): string {
  const hex = (value: number, digits: number) => (value >>> 0).toString(16).padStart(8, "0").slice(-digits);
  const a = Math.imul(root + 1, 0x9e3779b1) ^ sim.options.seed;
  const b = Math.imul(a ^ (a >>> 15), 0x85ebca77);
  return `${hex(a, 8)}-${hex(b, 4)}-9${hex(b >>> 16, 3)}-a${hex(a >>> 7, 3)}-${hex(b >>> 3, 4)}${hex(root, 8)}`;
}
