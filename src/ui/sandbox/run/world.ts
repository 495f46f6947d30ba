/**
 * A run as a value: what it was opened with, the seed, the changes made by hand, and where it stands. The same value is the same run
 * again, in a fresh worker too: that is what undo, redo and a restart after a crash go by.
 */
import type { SimulationChange } from "#engine";
import type { MeshFile } from "#mesh";
import type { ActionText, DatedAction, KeptChange, RunPlan, TimelineEntry, Topology } from "#scenario";

export interface World {
  opened: OpenedPlan;
  seed: number;
  changes: readonly AppliedChange[];
  at: Position;
  /** How far it has run; later than `at` after a step back. */
  reached: Position;
}

export interface OpenedPlan {
  files: readonly MeshFile[];
  plan: RunPlan;
}

export interface Position {
  nowMs: number;
  eventCount: number;
}

/** A change made by hand, with what the page needs to tell of it. */
export interface AppliedChange extends KeptChange {
  label: EditLabel;
  /** Where something was done that a timeline may say too: how it is written there, and as it was read. */
  action?: ActionText;
  entry?: TimelineEntry;
  /** Where documents were applied: which. */
  files?: readonly MeshFile[];
  /** Who may call whom from then on, where that changes. */
  topology?: Topology;
}

/** What was done, for the names of undo and redo and the marks on the time line: `sandbox:edit.<code>`. */
export interface EditLabel {
  code: string;
  params: Readonly<Record<string, string | number>>;
}

export const start: Position = { nowMs: 0, eventCount: 0 };

/** What holds after the first `made` changes. */
export function configurationOf(opened: OpenedPlan, changes: readonly AppliedChange[], made: number) {
  const hold = changes.slice(0, made);
  return {
    applied: hold.findLast((one) => one.files !== undefined)?.files ?? opened.files,
    topology: hold.findLast((one) => one.topology !== undefined)?.topology ?? opened.plan.topology,
  };
}

/** Documents applied so far, oldest first: what the mesh worker has to know to plan the next ones. */
export function appliedSince(changes: readonly AppliedChange[], made: number): MeshFile[][] {
  return changes.slice(0, made).flatMap(({ files }) => (files ? [[...files]] : []));
}

/** What else was done so far, for the same purpose. */
export function actionsSince(changes: readonly AppliedChange[], made: number): DatedAction[] {
  return changes.slice(0, made).flatMap(({ action, atMs }) => (action ? [{ action, atMs }] : []));
}

/** The moment from which two lists of changes make different runs; Infinity where they are the same. */
export function firstDifferenceMs(some: readonly AppliedChange[], others: readonly AppliedChange[]): number {
  const at = some.findIndex((one, i) => one.id !== others[i]?.id);
  const first = at < 0 ? some.length : at;
  return Math.min(some[first]?.atMs ?? Infinity, others[first]?.atMs ?? Infinity);
}

/** As the worker needs it: without the page's own words. */
export function keptChange({ label: _label, files: _files, topology: _topology, ...change }: AppliedChange): KeptChange {
  return change;
}

/** "crash payments-v1 #0", by what the change says of itself. */
export function labelOf(change: SimulationChange): EditLabel {
  const of = "workload" in change ? change.workload : "";
  const replica = "replica" in change && change.replica !== null ? change.replica : "";
  switch (change.type) {
    case "partition":
      return { code: change.active ? "partition" : "partitionEnd", params: { from: change.from, to: change.to } };
    case "controlPlane":
    case "certificateAuthority":
      return { code: change.up ? `${change.type}Up` : `${change.type}Down`, params: {} };
    case "traffic":
      return { code: "traffic", params: { name: change.name } };
    case "trafficAdded":
      return { code: "trafficAdded", params: { name: change.entry.name } };
    case "trafficRemoved":
      return { code: "trafficRemoved", params: { name: change.name } };
    case "scale":
      return { code: "scale", params: { of, count: change.replicas.length } };
    case "errors":
      return { code: change.errors === null ? "errorsEnd" : "errors", params: { of, replica } };
    case "slow":
    case "cpu":
      return { code: change.factor === 1 ? `${change.type}End` : change.type, params: { of, replica, factor: change.factor } };
    case "pushDelay":
      return { code: change.delay === null ? "pushDelayEnd" : "pushDelay", params: {} };
    case "together":
      return change.changes.at(-1) ? labelOf(change.changes.at(-1) as SimulationChange) : { code: "apply", params: {} };
    case "config":
      return { code: "apply", params: {} };
    default:
      return { code: change.type, params: { of, replica } };
  }
}
