/** The simulator's whole public API. */
export { createSimulation } from "./create-simulation.ts";
export type * from "./model/index.ts";
export type { EngineOptions } from "./sim.ts";
export type * from "./simulation.ts";
export type * from "./telemetry/explanation.ts";
export type * from "./telemetry/flight.ts";
export type * from "./telemetry/telemetry.ts";
