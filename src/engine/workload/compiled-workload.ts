/** Behaviours, call sites and traffic entries as compiled tables, and the run state of a traffic entry. */
import { internCompiled } from "../intern-compiled.ts";
import type { Stream } from "../kernel/random.ts";
import type { BehaviourConfig, Distribution, ErrorBehaviour, TrafficConfig } from "../model/index.ts";
import { internTemplate, type RequestShape } from "../proxy/matching/request-shape.ts";
import { outcomeOf } from "../proxy/response-table.ts";
import type { InstanceState, Sim } from "../sim.ts";
import { edgeKeyOf } from "../telemetry/store.ts";

export interface CompiledBehaviour {
  /** How many steps there are, and the call of the only one that makes a single call: what most behaviours are, without two lists to go through. */
  readonly stepCount: number;
  readonly onlyCall: CallSite | null;
  readonly serviceTime: Distribution;
  /** Outcome of a good answer. */
  readonly ok: number;
  readonly cpuCores: number;
  readonly concurrency: number;
  readonly queue: number;
  /** 0 = the connection is closed. */
  readonly whenFull: number;
  readonly errors: CompiledErrors | null;
  readonly steps: readonly (readonly CallSite[])[];
}

export interface CompiledErrors {
  readonly rate: number;
  /** Statuses in turn, 0 = reset; null: by rate. */
  readonly pattern: readonly number[] | null;
  readonly outcome: number;
  readonly serviceTime: Distribution | null;
}

/** One place in an application that makes a call. */
export interface CallSite {
  readonly shape: RequestShape;
  /** 0 = the caller waits for ever. */
  readonly timeoutMs: number;
  readonly forwardHeaders: boolean;
  readonly ignoreErrors: boolean;
  readonly edgeKey: number;
}

/** Frozen: checkpoints share it. */
export interface CompiledTraffic {
  readonly config: TrafficConfig;
  readonly shapes: readonly RequestShape[];
  readonly weights: readonly number[];
  readonly totalWeight: number;
  readonly edgeKey: number;
}

export interface TrafficState {
  compiled: CompiledTraffic;
  load: TrafficConfig["load"];
  arrivalStream: Stream;
  variantStream: Stream;
  /** Requests started. */
  started: number;
  /** Constant arrivals count from here. */
  originMs: number;
  sinceOrigin: number;
  /** Rises when the load changes: events of the old load are void. */
  epoch: number;
  open: boolean;
  users: number;
  turn: number;
  burstLeft: number;
  clientInstance: InstanceState;
  /** Workload whose replicas take turns as the client, or −1. */
  clientWorkload: number;
}

/** Replicas that behave alike share what is compiled: one place in memory instead of many. */
export function compileBehaviour(
  sim: Sim,
  behaviour: BehaviourConfig,
  workload: { name: string; namespace: string },
): CompiledBehaviour {
  // What calls nobody is the same for all workloads.
  const owner = behaviour.calls.length === 0 ? [] : [workload.namespace, workload.name];
  return internCompiled(sim, "behaviour", [...owner, behaviour], () => compileOne(sim, behaviour, workload));
}

/** Where nothing is said: more than any queue or place holds, and a whole number, which lies in its field and not beside it. */
export const unlimited = 1_000_000_000;

function compileOne(sim: Sim, behaviour: BehaviourConfig, workload: { name: string; namespace: string }): CompiledBehaviour {
  const steps = compileCalls(sim, behaviour, workload);
  const ok = outcomeOf(sim.responses, 200, behaviour.response);
  return Object.freeze({
    stepCount: steps.length,
    onlyCall: steps.length === 1 && steps[0]?.length === 1 ? (steps[0][0] as CallSite) : null,
    serviceTime: internCompiled(sim, "serviceTime", behaviour.serviceTime, () => Object.freeze({ ...behaviour.serviceTime })),
    ok,
    concurrency: behaviour.concurrency ?? unlimited,
    queue: behaviour.queue ?? unlimited,
    errors: behaviour.errors === null ? null : compileErrors(sim, behaviour.errors, ok),
    whenFull: behaviour.whenFull === "refuse" ? 0 : behaviour.whenFull,
    cpuCores: behaviour.cpuCores ?? Infinity,
    steps,
  });
}

function compileCalls(sim: Sim, behaviour: BehaviourConfig, workload: { name: string; namespace: string }): CallSite[][] {
  return behaviour.calls.map((step) =>
    step.map((call) => {
      const shape = internTemplate(sim.shapes, call.request);
      return Object.freeze({
        shape,
        timeoutMs: call.timeoutMs ?? 0,
        forwardHeaders: call.forwardHeaders,
        ignoreErrors: call.onError === "ignore",
        edgeKey: edgeKeyOf(sim, workload, calleeOf(sim, shape), false),
      });
    }),
  );
}

/** @param ok the good answer: a pattern may hold some */
export function compileErrors(sim: Sim, errors: ErrorBehaviour | null, ok: number): CompiledErrors | null {
  if (errors === null || (errors.type === "rate" && errors.rate <= 0)) return null;
  return internCompiled(sim, "errors", [errors, ok], () => compileKnown(sim, errors, ok));
}

function compileKnown(sim: Sim, errors: ErrorBehaviour, ok: number): CompiledErrors {
  const failure = (outcome: number | "reset") => (outcome === "reset" ? 0 : outcomeOf(sim.responses, outcome, errors.response));
  const { serviceTime } = errors;
  if (errors.type === "pattern")
    return Object.freeze({
      rate: 1,
      pattern: errors.outcomes.map((one) => (one === 200 ? ok : failure(one))),
      outcome: 0,
      serviceTime,
    });
  return Object.freeze({ rate: errors.rate, pattern: null, outcome: failure(errors.outcome), serviceTime });
}

/** The Service a request asks for, or the host itself. */
function calleeOf(sim: Sim, shape: RequestShape): { name: string; namespace: string } {
  const { byHost, byAddress } = sim.mesh.services;
  const service = byHost.get(shape.host) ?? byAddress.get(shape.host);
  return service === undefined ? { name: shape.host, namespace: "" } : { name: service.name, namespace: service.namespace };
}

export function compileTraffic(sim: Sim, config: TrafficConfig): CompiledTraffic {
  const shapes = config.variants.map((variant) => internTemplate(sim.shapes, variant.request));
  const from = { name: config.from?.workload ?? config.fromLabel, namespace: config.from?.namespace ?? "" };
  let totalWeight = 0;
  for (const variant of config.variants) totalWeight += variant.weight;
  return Object.freeze({
    config,
    shapes,
    weights: config.variants.map((variant) => variant.weight),
    totalWeight,
    edgeKey: edgeKeyOf(sim, from, calleeOf(sim, shapes[0] as RequestShape), true),
  });
}
