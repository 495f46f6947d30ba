/** The list of who calls: entries that join, change and leave while a run goes on. */
import { addKey, createIntMap, entriesOf, type IntMap } from "../kernel/int-map.ts";
import { createStream } from "../kernel/random.ts";
import type { RequestTemplate, TrafficChange, TrafficConfig } from "../model/index.ts";
import { addInstance } from "../proxy/add-instance.ts";
import type { InstanceState, Sim } from "../sim.ts";
import { compileTraffic, type TrafficState } from "./compiled-workload.ts";
import { closeTraffic, openTraffic } from "./traffic.ts";

/** Those of a run's configuration: callers are looked up, not searched, since there may be one for each of many entries. */
export function addEntries(sim: Sim): void {
  const callers = findCallers(sim);
  for (const config of sim.config.traffic) addEntry(sim, config, callers);
}

/** Silent until it is opened. */
function addEntry(sim: Sim, config: TrafficConfig, callers: Callers): void {
  const index = sim.traffic.length;
  if (index >= sim.traffics.count) widenTraffic(sim);
  const perEntry = sim.config.windows.length + 1;
  if (sim.traces.length < (index + 1) * perEntry) {
    const traces = new Float64Array(sim.traffics.count * perEntry);
    traces.set(sim.traces);
    sim.traces = traces;
  }
  const compiled = compileTraffic(sim, config);
  sim.traffic.push({
    compiled,
    load: Object.freeze({ ...config.load }),
    arrivalStream: createStream(sim.random, `traffic/${config.name}|arrivals`),
    variantStream: createStream(sim.random, `traffic/${config.name}|variants`),
    started: 0,
    originMs: 0,
    sinceOrigin: 0,
    epoch: 0,
    open: false,
    users: 0,
    turn: 0,
    burstLeft: 0,
    clientInstance: clientInstanceOf(sim, config, index, callers),
    clientWorkload: workloadOf(config, callers),
  });
}

/** A new client, or one that left and is back. */
export function bringEntry(sim: Sim, config: TrafficConfig): void {
  const known = indexOf(sim, config.name);
  if (known < 0) addEntry(sim, config, findCallers(sim));
  else replaceEntry(sim, known, config);
  const index = known < 0 ? sim.traffic.length - 1 : known;
  beginLoad(sim, index, config.load);
}

export function changeEntry(sim: Sim, name: string, change: TrafficChange): void {
  const index = indexOf(sim, name);
  const state = sim.traffic[index];
  if (state === undefined) return;
  const { load, caller, target, headers, timeoutMs } = change;
  if (caller !== undefined || target !== undefined || headers !== undefined || timeoutMs !== undefined)
    replaceEntry(sim, index, changed(state.compiled.config, change));
  if (load !== undefined) beginLoad(sim, index, load);
}

export function removeEntry(sim: Sim, name: string): void {
  const state = sim.traffic[indexOf(sim, name)];
  if (state === undefined) return;
  state.epoch++;
  closeTraffic(sim, state);
}

function indexOf(sim: Sim, name: string): number {
  return sim.traffic.findIndex(({ compiled }) => compiled.config.name === name);
}

/** Events of the load before are void. */
function beginLoad(sim: Sim, index: number, load: TrafficConfig["load"]): void {
  const state = sim.traffic[index] as TrafficState;
  state.epoch++;
  state.load = Object.freeze({ ...load });
  openTraffic(sim, index);
}

/** From its next request on; its load goes on as it is. */
function replaceEntry(sim: Sim, index: number, config: TrafficConfig): void {
  const state = sim.traffic[index] as TrafficState;
  const before = state.compiled.config;
  const callers = findCallers(sim);
  state.compiled = compileTraffic(sim, config);
  state.clientWorkload = workloadOf(config, callers);
  if (before.entryNodeId !== config.entryNodeId || before.fromLabel !== config.fromLabel)
    state.clientInstance = clientInstanceOf(sim, config, index, callers);
}

function changed(config: TrafficConfig, { caller, target, headers, timeoutMs }: TrafficChange): TrafficConfig {
  const { request: first } = config.variants[0] as { request: RequestTemplate };
  const { tokens: _tokens, ...plain } = first;
  const variants =
    headers === undefined
      ? config.variants.map(({ weight, request }) => ({
          weight,
          request: { ...request, ...target, ...tokensOf(request.tokens, target?.tokens) },
        }))
      : headers.map(({ weight, ...own }) => ({ weight, request: { ...plain, ...target, ...own } }));
  return { ...config, ...caller, variants, timeoutMs: timeoutMs === undefined ? config.timeoutMs : timeoutMs };
}

function tokensOf(before: RequestTemplate["tokens"], more: RequestTemplate["tokens"]): Pick<RequestTemplate, "tokens"> {
  return before === undefined && more === undefined ? {} : { tokens: { ...before, ...more } };
}

/** The first of each name. */
interface Callers {
  instances: ReadonlyMap<string, InstanceState>;
  /** By "namespace/name". */
  workloads: ReadonlyMap<string, number>;
  workloadsByNode: ReadonlyMap<string, number>;
}

function findCallers({ instances, workloads }: Sim): Callers {
  const found = { instances: new Map<string, InstanceState>(), workloads: new Map<string, number>() };
  const workloadsByNode = new Map<string, number>();
  for (const instance of instances) if (!found.instances.has(instance.name)) found.instances.set(instance.name, instance);
  workloads.forEach(({ name, namespace, nodeId }, index) => {
    const key = `${namespace}/${name}`;
    if (!found.workloads.has(key)) found.workloads.set(key, index);
    if (nodeId !== null && !workloadsByNode.has(nodeId)) workloadsByNode.set(nodeId, index);
  });
  return { ...found, workloadsByNode };
}

function workloadOf({ from, entryNodeId }: TrafficConfig, { workloads, workloadsByNode }: Callers): number {
  const index = from === null ? workloadsByNode.get(entryNodeId ?? "") : workloads.get(`${from.namespace}/${from.workload}`);
  return index ?? -1;
}

/** The proxy at which it enters, or a client of its own. */
function clientInstanceOf(sim: Sim, config: TrafficConfig, index: number, { instances }: Callers): InstanceState {
  const entry = config.entryNodeId === null ? undefined : instances.get(config.entryNodeId);
  return entry ?? addInstance(sim, sim.mesh.directNode, -1, config.fromLabel, "", "", index);
}

/**
 * Edges and arrivals are numbered by traffic entry: key · count + entry. Room for twice as many means other numbers for all of them, in
 * the counters and in the requests that are under way.
 */
function widenTraffic(sim: Sim): void {
  const { calls, traffics } = sim;
  const before = traffics.count;
  const after = before * 2;
  const renumbered = (index: number): number => Math.floor(index / before) * after + (index % before);
  traffics.count = after;
  sim.edges.places = renumber(sim.edges.places, renumbered);
  sim.arrivals.places = renumber(sim.arrivals.places, renumbered);
  for (const call of calls.rows) if (call.alive === 1 && call.edge >= 0) call.edge = renumbered(call.edge);
}

function renumber(map: IntMap, renumbered: (key: number) => number): IntMap {
  const result = createIntMap();
  for (const [key, value] of entriesOf(map)) addKey(result, renumbered(key), value);
  return result;
}
