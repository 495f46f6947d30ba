/** Everything the sandbox shows, as one immutable value; only the run controller makes new ones. */
import type { RequestExplanation } from "#engine";
import type { Diagnostic, MeshFile } from "#mesh";
import type { ControlMark, Frame, Topology } from "#scenario";
import type { RecentRates } from "./rate-window.ts";
import { emptyRequestLog, type RequestLog } from "./request-log.ts";
import { type AppliedChange, type EditLabel, type Position, start } from "./world.ts";

export type RunPhase =
  /** No simulation yet. */
  | "closed"
  | "opening"
  | "ready"
  /** The very first configuration was refused: there is nothing to run. */
  | "refused"
  /** The simulation did not answer in time; it may be stopped. */
  | "stuck"
  | "crashed";

export interface CrashReport {
  message: string;
  stack: string;
  seed: number;
  files: readonly MeshFile[];
}

export interface RunState {
  phase: RunPhase;
  running: boolean;
  speed: number;
  seed: number;
  /** The configuration that runs (the last good one). */
  applied: readonly MeshFile[];
  /** What was last asked for; differs from `applied` where it was refused. */
  attempted: readonly MeshFile[];
  /** True when the last apply was refused and `applied` is older than what was sent. */
  refusedLast: boolean;
  diagnostics: readonly Diagnostic[];
  /** The text they are about: their places and fixes hold for this one only. */
  diagnosed: readonly MeshFile[];
  /** What was counted when the newest configuration was applied to the running mesh; null while one holds from the start. */
  changedAt: Frame | null;
  topology: Topology | null;
  frame: Frame | null;
  /** Made by hand, in order; those after the moment shown are still to come. */
  changes: readonly AppliedChange[];
  /** What the experiment's own timeline does. */
  planned: readonly { atMs: number; label: EditLabel }[];
  /** What control plane and CA did so far, also after the moment shown where it was run before. */
  meshMarks: readonly ControlMark[];
  /** How far the run has come; the moment shown may be earlier. */
  reached: Position;
  /** A change in the past began another future: from where, and how far the dropped one had come. */
  branched: { atMs: number; untilMs: number } | null;
  rates: ReadonlyMap<string, RecentRates>;
  traceHash: string;
  log: RequestLog;
  /** What happened in the last step, for readers without animation. */
  steps: readonly StepLine[];
  chosen: number | null;
  explanation: RequestExplanation | null;
  explaining: boolean;
  /** "next failing one" found none before the run ended. */
  noneFailing: boolean;
  crash: CrashReport | null;
  /** How the worker that reads the text is; the run does not depend on it. */
  reading: "ready" | "late" | "crashed";
  readingCrash: CrashReport | null;
}

export interface StepLine {
  flightId: number;
  atMs: number;
  kind: string;
  from: string;
  to: string;
  workload: string;
  replica: number;
  status: number;
  flags: string;
}

export const initialRunState: RunState = {
  phase: "closed",
  running: false,
  speed: 1,
  seed: 1,
  applied: [],
  attempted: [],
  refusedLast: false,
  diagnostics: [],
  diagnosed: [],
  changedAt: null,
  topology: null,
  frame: null,
  changes: [],
  planned: [],
  meshMarks: [],
  reached: start,
  branched: null,
  rates: new Map(),
  traceHash: "",
  log: emptyRequestLog,
  steps: [],
  chosen: null,
  explanation: null,
  explaining: false,
  noneFailing: false,
  crash: null,
  reading: "ready",
  readingCrash: null,
};

export const speeds = [0.1, 0.25, 0.5, 1, 2, 5, 10, 25, 50, 100] as const;

/** Characters of all files together that are judged and run; more is refused with a message. */
export const largestTextLength = 1_000_000;
