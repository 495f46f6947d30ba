/** A canary that moves by itself: what it is judged by, and what came of it. */
import type { MeshConfig } from "./mesh-config.ts";

export interface RolloutConfig {
  /** The workload whose numbers count. */
  canary: { workload: string; namespace: string };
  startMs: number;
  intervalMs: number;
  /** Its share by stage, percent: 0 first, then rising to the largest that is tried, 100 (promoted) last. */
  weights: readonly number[];
  /** Failed checks until it is rolled back. */
  threshold: number;
  /** 0–1; null: not looked at. */
  minSuccessRate: number | null;
  maxP99Ms: number | null;
  /** For each configuration the run may push: the same with the canary's weight, by stage. */
  meshes: readonly { base: MeshConfig; byStage: readonly MeshConfig[] }[];
}

export interface RolloutStatus {
  phase: "waiting" | "progressing" | "promoted" | "rolledBack";
  /** Percent. */
  weight: number;
  failedChecks: number;
  threshold: number;
  checks: readonly RolloutCheck[];
}

/** One look at the numbers of an interval, at the canary itself. */
export interface RolloutCheck {
  atMs: number;
  /** Weight under which they were measured, and the one that follows, percent. */
  weight: number;
  nextWeight: number;
  requests: number;
  /** Neither 5xx nor closed; null without a request. */
  successRate: number | null;
  p99Ms: number | null;
  verdict: "start" | "advance" | "halt" | "promote" | "rollback";
  /** Why it did not advance. */
  reason: "" | "noRequests" | "successRate" | "p99" | "threshold";
  failedChecks: number;
}
