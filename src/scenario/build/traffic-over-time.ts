/** Who calls, followed through the timeline: what an entry is after each change of it. */
import type { TrafficChange as EngineChange, SimulationChange, TrafficConfig } from "#engine";
import type { Experiment, ExperimentTraffic, Path, TrafficEdit } from "../experiment/experiment.ts";
import type { ResolvedTimelineEntry, ResolvedTraffic } from "./cluster-state.ts";
import { complain, type NameReading } from "./names.ts";
import { type Callers, planEntry } from "./traffic.ts";

/** Finds the entry that each change of traffic means; one that is not there and is not told whole is a Diagnostic, and left out. */
export function followTraffic(
  timeline: readonly ResolvedTimelineEntry[],
  traffic: readonly ExperimentTraffic[],
  reading: NameReading,
): ResolvedTimelineEntry[] {
  const calling = new Map(traffic.map((entry) => [entry.name, entry]));
  return timeline.flatMap((change): ResolvedTimelineEntry[] => {
    if (change.type !== "traffic") return [change];
    const { name, path, atMs, from, to, load } = change;
    const before = calling.get(name);
    if (!before && (change.removed || (from === undefined && to === undefined))) {
      complain(reading, [...path, "traffic", "name"], "MESH1507", { name, known: [...calling.keys()].join(", ") || "—" });
      return [];
    }
    const missing = before ? [] : Object.entries({ from, to, rate: load }).filter(([, told]) => told === undefined);
    for (const [field] of missing) complain(reading, [...path, "traffic"], "MESH1503", { field });
    if (missing.length > 0) return [];
    const entry = before ? edited(before, [...path, "traffic"], change) : joined(name, path, atMs, change);
    if (change.removed) calling.delete(name);
    else calling.set(name, entry);
    return [{ ...change, traffic: { entry, isNew: !before } }];
  });
}

/** Every traffic entry there ever is, in each of its states. */
export function trafficOverTime(
  { traffic }: Pick<Experiment, "traffic">,
  timeline: readonly ResolvedTimelineEntry[],
): ExperimentTraffic[] {
  return [...traffic, ...timeline.flatMap((change) => change.traffic?.entry ?? [])];
}

/** Those that join later, each once, as they first are. */
export function laterTraffic(
  { traffic }: Pick<Experiment, "traffic">,
  timeline: readonly ResolvedTimelineEntry[],
): ExperimentTraffic[] {
  const names = new Set(traffic.map(({ name }) => name));
  return timeline.flatMap((change) => {
    if (!change.traffic?.isNew || names.has(change.traffic.entry.name)) return [];
    names.add(change.traffic.entry.name);
    return [change.traffic.entry];
  });
}

/** @returns undefined where the caller is not found, which has its Diagnostic */
export function trafficChange(
  edit: { name: string } & TrafficEdit,
  { entry, isNew }: ResolvedTraffic,
  callers: Callers,
): SimulationChange | undefined {
  const { name } = edit;
  if (edit.removed) return { type: "trafficRemoved", name };
  const config = planEntry(entry, callers);
  if (!config) return undefined;
  return isNew ? { type: "trafficAdded", entry: config } : { type: "traffic", name, ...changeOf(edit, config) };
}

function changeOf({ load, from, to, method, headers, timeoutMs }: TrafficEdit, config: TrafficConfig): EngineChange {
  const { from: caller, fromLabel, entryNodeId, variants } = config;
  const { path = "", tokens = {} } = variants[0]?.request ?? {};
  const carried = Object.entries(tokens).filter(([token]) => path.includes(token));
  const inPath = to && carried.length > 0 ? { tokens: Object.fromEntries(carried) } : {};
  return {
    ...(load === undefined ? {} : { load }),
    // Which gateway requests from outside enter at depends on where they go.
    ...(from === undefined && to === undefined ? {} : { caller: { from: caller, fromLabel, entryNodeId } }),
    ...(to === undefined && method === undefined
      ? {}
      : { target: { ...to, ...(method === undefined ? {} : { method }), ...inPath } }),
    ...(headers === undefined
      ? {}
      : {
          headers: variants.map(({ weight, request: { headers: own, tokens: found } }) => ({
            weight,
            headers: own,
            ...(found ? { tokens: found } : {}),
          })),
        }),
    ...(timeoutMs === undefined ? {} : { timeoutMs }),
  };
}

function edited(entry: ExperimentTraffic, path: Path, edit: TrafficEdit): ExperimentTraffic {
  const { load, from, to, method, headers, timeoutMs } = edit;
  const told = { ...to, ...(method === undefined ? {} : { method }) };
  const first = entry.variants[0] as ExperimentTraffic["variants"][number];
  const before = headers ?? entry.variants.map(({ weight, request }) => ({ weight, headers: request.headers }));
  return {
    ...entry,
    from: from ?? entry.from,
    load: load ?? entry.load,
    timeoutMs: timeoutMs ?? entry.timeoutMs,
    told: { ...entry.told, ...(from && { from: path }), ...(to && { to: path }), ...(load && { load: path }) },
    variants: before.map((one) => ({ weight: one.weight, request: { ...first.request, ...told, headers: one.headers } })),
  };
}

function joined(name: string, path: Path, atMs: number, edit: TrafficEdit): ExperimentTraffic {
  const { load, from = "", to, method = "GET", headers = [{ weight: 1, headers: {} }], timeoutMs = null } = edit;
  const place = to as NonNullable<TrafficEdit["to"]>;
  return {
    name,
    from,
    variants: headers.map((one) => ({ weight: one.weight, request: { method, ...place, headers: one.headers } })),
    load: load as NonNullable<TrafficEdit["load"]>,
    timeoutMs,
    startMs: atMs,
    durationMs: null,
    requests: null,
    path: [...path, "traffic"],
  };
}
