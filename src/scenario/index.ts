/** An experiment: mesh documents plus what a cluster would not say, run to a goal. */

export { completeText, describeField } from "./assist.ts";
export { knownWorkloads } from "./build/known-workloads.ts";
export { isBlocking, lintFiles, type Plan, type PlanOptions, type PlanResult, planRun } from "./build/plan.ts";
export type { ActionText, DatedAction } from "./build/plan-action.ts";
export { planAction } from "./build/plan-action.ts";
export { type ChangeQuestion, type PlannedChange, planChange } from "./build/plan-change.ts";
export { type RunPlan, runPlanOf } from "./build/run-plan.ts";
export { type ComparedRuns, compareRuns, type Divergence, type RunEvent } from "./compare/compare-runs.ts";
export type { ControlFrame, ControlMark } from "./control-frame.ts";
export type { TimelineEntry } from "./experiment/experiment.ts";
export { parseRequestLine } from "./experiment/read-request.ts";
export type { Setting } from "./experiment/settings.ts";
export { type ExportedFile, type ExportFormat, exportFormats, loadExport, madeOfAccessLog } from "./export/export-format.ts";
export { sidecarCost } from "./goal/cost-model.ts";
export { countEdits, parOf } from "./level/count-edits.ts";
export { type MeasuredRun, measureScenario } from "./measure-scenario.ts";
export { openSession, type SessionOptions } from "./open-session.ts";
export type { SeriesPoint } from "./series/series-recorder.ts";
export type * from "./session.ts";
export { startSession } from "./start-session.ts";
export { tokensIn } from "./tokens/request-token.ts";
export { type TokenVerdicts, verifyTokens } from "./tokens/verify-tokens.ts";
