/**
 * Messages between the page and its two workers: plain data, versioned. Every answer carries the id of the question.
 * The mesh worker reads YAML and answers with plans; the simulation worker runs them and knows no YAML. The page drives the pace: it asks
 * for `advance` once a frame, so a stopped page or a stopped worker freezes every number.
 */
import type { Flight, RequestExplanation, SimulationChange } from "#engine";
import type { CompletionAnswer, Diagnostic, FieldDescription, MeshFile, YamlEdit, YamlPart } from "#mesh";
import type {
  ActionText,
  ComparedRuns,
  DatedAction,
  DocumentChange,
  ExportedFile,
  ExportFormat,
  Frame,
  FrameOptions,
  KeptChange,
  Movement,
  MovementOptions,
  RunChange,
  RunPlan,
  SeriesPoint,
  SimulationReport,
  TimelineEntry,
  Topology,
} from "#scenario";

export const protocolVersion = 2;

export type MeshRequest =
  | { type: "lint"; files: MeshFile[] }
  | { type: "plan"; files: MeshFile[] }
  /** How far one text is from another, in edits. */
  | { type: "countEdits"; from: string; to: string }
  /** The documents of a text as forms see them, and one edit of it that leaves every other byte as it was. */
  | { type: "readParts"; text: string }
  | { type: "editText"; text: string; edit: YamlEdit }
  /** What may be written at a place, and what the field there is. Offsets in UTF-16 units. */
  | { type: "complete"; files: MeshFile[]; file: string; offset: number }
  | { type: "describe"; files: MeshFile[]; file: string; offset: number }
  /** Other documents for a run that was opened with `opened`; `since`: what was applied to it and still holds, oldest first. */
  | { type: "planChange"; opened: MeshFile[]; since: MeshFile[][]; actions: DatedAction[]; files: MeshFile[]; nowMs: number }
  /** A fault, another load: an entry of spec.timeline without its time, for a run under way. */
  | { type: "planAction"; opened: MeshFile[]; since: MeshFile[][]; actions: DatedAction[]; action: ActionText; nowMs: number };

/** What each question to the mesh worker is answered with. */
export interface MeshAnswers {
  lint: { type: "linted"; diagnostics: Diagnostic[] };
  countEdits: { type: "editsCounted"; edits: number };
  readParts: { type: "partsRead"; parts: YamlPart[] };
  /** null: the text must be edited by hand. */
  editText: { type: "textEdited"; text: string | null };
  complete: { type: "completed"; completion: CompletionAnswer | null };
  describe: { type: "described"; field: FieldDescription | null };
  plan: { type: "planned"; plan: RunPlan | null; diagnostics: Diagnostic[] };
  planAction: {
    type: "actionPlanned";
    planned: { change: SimulationChange; entry: TimelineEntry; topology?: Topology } | null;
    diagnostics: Diagnostic[];
  };
  planChange: { type: "changePlanned"; change: DocumentChange | null; diagnostics: Diagnostic[] };
}

export type SimulationRequest =
  | { type: "open"; plan: RunPlan; seed: number }
  /** Runs to `untilMs` of virtual time, at most `budgetMs` of real time, then answers with a frame. */
  | { type: "advance"; untilMs: number; budgetMs: number; frame: FrameOptions }
  /** The same for an animation frame: with the numbers only where `frame` asks for them. */
  | { type: "move"; untilMs: number; budgetMs: number; movement: MovementOptions; frame: FrameOptions | null }
  | { type: "step"; unit: "event" | "request"; frame: FrameOptions }
  /** To another moment, of the run as it was changed so far or (`changes`) as if it had been changed otherwise. */
  | { type: "travel"; to: Destination; changes?: KeptChange[]; frame: FrameOptions }
  | { type: "change"; change: RunChange; frame: FrameOptions }
  | { type: "explain"; requestId: number }
  /** The run's numbers over time. */
  | { type: "series"; maxPoints: number }
  /** Two plans under one seed, each to its end; the open session is left alone. */
  | { type: "compare"; a: RunPlan; b: RunPlan; seed: number }
  | { type: "report" }
  /** The run so far as a file. */
  | { type: "export"; format: ExportFormat };

export type Destination = { eventIndex: number; atMs?: number } | { atMs: number } | "previousRequest";

interface FrameAnswer {
  type: "frame";
  frame: Frame;
  traceHash: string;
}

export interface SimulationAnswers {
  open: FrameAnswer;
  advance: FrameAnswer;
  /** At the end of a run the numbers come unasked. */
  move: { type: "moved"; movement: Movement; shown: FrameAnswer | null };
  step: FrameAnswer;
  /** `before`: a second of virtual time earlier, for rates; `passing`: the newest messages since then, oldest first. */
  travel: FrameAnswer & { before: Frame; passing: readonly Flight[] };
  change: FrameAnswer;
  explain: { type: "explained"; explanation: RequestExplanation | null };
  series: { type: "series"; points: SeriesPoint[] };
  compare: { type: "compared"; runs: ComparedRuns };
  report: { type: "reported"; report: SimulationReport };
  /** null: what writes it could not be loaded. `dropped`: the oldest lines that were too many. */
  export: { type: "exported"; file: ExportedFile | null; dropped: number };
}

/** Our bug: an invariant broke. Seed and files make it reproducible. */
export interface Crashed {
  type: "crashed";
  message: string;
  stack: string;
}

export type WorkerRequest = MeshRequest | SimulationRequest;

export type WorkerResponse = MeshAnswers[keyof MeshAnswers] | SimulationAnswers[keyof SimulationAnswers] | Crashed;

export interface Envelope<Message> {
  version: typeof protocolVersion;
  id: number;
  message: Message;
}
