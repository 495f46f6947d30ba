/** One group of checks: the experiments it needs beside the Envoy bootstrap, and how each check's figure is read from their runs. */
import type { Run } from "./run.ts";

export interface EnvoyGroup {
  /** As in the check ids, and the name of the bootstrap file. */
  name: string;
  /** The listener requests are sent to. */
  listener: string;
  scenarios: Readonly<Record<string, ScenarioSpec>>;
  /** Figures by check name (the id after " :: "); a name that stands for several checks comes once for each, in their order. */
  measure(run: (scenario: string) => Run): readonly (readonly [string, unknown])[];
  /** Checks the experiment format cannot say, with the reason. */
  inexpressible?: Readonly<Record<string, string>>;
}

/** The `spec` of an Experiment document, with paths in place of URLs. */
export interface ScenarioSpec {
  duration?: string;
  workloads: readonly WorkloadSpec[];
  traffic: readonly TrafficSpec[];
  timeline?: readonly TimelineSpec[];
  /** What a bootstrap file would refer to outside itself, put in. */
  bootstrap?: (document: Bootstrap) => Bootstrap;
}

export interface WorkloadSpec {
  name: string;
  service?: string;
  addresses: readonly string[];
  behaviour?: Readonly<Record<string, unknown>>;
}

export interface TrafficSpec {
  path: string;
  name?: string;
  headers?: Readonly<Record<string, string>>;
  rate?: string;
  arrivals?: "constant";
  users?: number;
  burst?: number;
  requests?: number;
  start?: string;
  duration?: string;
}

export type TimelineSpec = { at: string } & (
  | { fault: Readonly<Record<string, unknown>> }
  /** The bootstrap that replaces the first one. */
  | { apply: (document: Bootstrap) => Bootstrap }
);

/** An Envoy bootstrap as parsed YAML. */
export interface Bootstrap {
  static_resources: { clusters: Readonly<Record<string, unknown>>[]; listeners: Readonly<Record<string, unknown>>[] };
  [field: string]: unknown;
}
