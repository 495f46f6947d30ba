/**
 * Messages between the page and the worker: plain data, versioned. Every answer carries the id of the question.
 * The page drives the pace: it asks for `advance` once a frame, so a stopped page or a stopped worker freezes every number.
 */
import type { RequestExplanation, SimulationChange } from "#engine";
import type { Diagnostic, MeshFile } from "#mesh";
import type { Frame, FrameOptions, SimulationReport, Topology } from "#scenario";

export const protocolVersion = 1;

export type WorkerRequest =
  | { type: "open"; files: MeshFile[]; seed: number }
  | { type: "lint"; files: MeshFile[] }
  /** Runs to `untilMs` of virtual time, at most `budgetMs` of real time, then answers with a frame. */
  | { type: "advance"; untilMs: number; budgetMs: number; frame: FrameOptions }
  | { type: "step"; unit: "event" | "request"; frame: FrameOptions }
  | { type: "seek"; eventIndex: number; frame: FrameOptions }
  | { type: "applyFiles"; files: MeshFile[]; frame: FrameOptions }
  | { type: "applyChange"; change: SimulationChange; frame: FrameOptions }
  | { type: "explain"; requestId: number }
  | { type: "report" };

export type WorkerResponse =
  | { type: "opened"; topology: Topology; diagnostics: Diagnostic[]; frame: Frame }
  | { type: "refused"; diagnostics: Diagnostic[] }
  | { type: "linted"; diagnostics: Diagnostic[] }
  | { type: "frame"; frame: Frame; traceHash: string }
  | { type: "applied"; applied: boolean; topology: Topology; diagnostics: Diagnostic[]; frame: Frame }
  | { type: "explained"; explanation: RequestExplanation | null }
  | { type: "reported"; report: SimulationReport }
  /** Our bug: an invariant broke. Seed and files make it reproducible. */
  | { type: "crashed"; message: string; stack: string };

export interface Envelope<Message> {
  version: typeof protocolVersion;
  id: number;
  message: Message;
}
