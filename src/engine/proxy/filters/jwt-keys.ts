/**
 * jwt_authn where the keys are somewhere else (remote_jwks): the first request that needs them, and each one after they have become old,
 * asks a cluster for them and waits; what fails is asked for again by the next (jwks_cache.cc, JwksFetcherImpl). An answer of 200 is
 * believed to be a key set that signed the token.
 */
import type { JwtAuthnConfig, JwtRequirement, RemoteKeys } from "../../model/index.ts";
import type { Call } from "../../rows/call.ts";
import { internText, nowOf, type Sim } from "../../sim.ts";
import { noteCall } from "../../telemetry/recorder.ts";
import { localReply } from "../attempt-end.ts";
import { fetchKeys } from "../filter-call.ts";
import type { PlanContext } from "../http-plan.ts";
import { judge } from "../jwt/judge-tokens.ts";
import { detailsOf, statusOf } from "../jwt/refusal.ts";
import { beginJudging, type Judging, passOn } from "../jwt/token-traces.ts";
import { type CompiledFilter, type FilterVerdict, filterVerdicts } from "./filter.ts";
import { idOf } from "./filter-id.ts";
import type { FilterState } from "./index.ts";

/** What becomes of a request: an answer, or a question by which that is decided. */
type KeyStep = { status: number; details: string } | KeyQuestion;

interface KeyQuestion {
  /** Under which the proxy keeps until when the keys are fresh. */
  readonly id: number;
  readonly keys: RemoteKeys;
  /** The steps that follow, by their place in the list; −1: the request passes. */
  readonly arrived: number;
  readonly failed: number;
}

interface Asking {
  config: JwtAuthnConfig;
  requirement: JwtRequirement;
  /** What comes of it where all keys arrive. */
  first: Judging;
  status: string;
}

/**
 * Every outcome by which keys arrive and which do not. Filters behind see the request as it is where all arrive, also where it passes
 * without.
 */
export function compileAsking(
  context: PlanContext,
  { config, requirement, first, status }: Asking,
  state: FilterState,
): CompiledFilter {
  const { sim, shape } = context;
  const steps: KeyStep[] = [];
  const stepFor = (judging: Judging, said: string): number => {
    const { asks } = judging;
    if (asks === null && said === "") return -1;
    const at = steps.push({ status: statusOf(said), details: detailsOf(said) }) - 1;
    if (asks?.remoteKeys === undefined) return at;
    const next = (arrives: boolean) => {
      const branch = beginJudging(config, shape, new Map([...judging.keys, [asks, arrives]]));
      return stepFor(branch, judge(branch, requirement));
    };
    const id = idOf(sim.caches, asks, "");
    steps[at] = { id, keys: asks.remoteKeys, arrived: next(true), failed: next(false) };
    return at;
  };
  stepFor(first, status);
  if (status === "") passOn(sim, shape, first, state);
  const id = sim.caches.nextFilterId.value++;
  return { name: "jwtAuthn", id, source: first.asks?.source, onRequest, onAnswer, data: steps };
}

function onRequest(sim: Sim, call: Call, filter: CompiledFilter): FilterVerdict {
  return goOn(sim, call, filter, 0);
}

function onAnswer(sim: Sim, call: Call, filter: CompiledFilter, status: number): FilterVerdict {
  const { buckets } = call.instance;
  const [at = 0] = buckets?.get(waitingAt(call)) ?? [];
  buckets?.delete(waitingAt(call));
  const { id, keys, arrived, failed } = (filter.data as readonly KeyStep[])[at] as KeyQuestion;
  const code = status === 200 ? "authentication.keysArrived" : "authentication.keysMissing";
  if (sim.recordRoot !== 0) noteCall(sim, call, "authentication", code, { cluster: keys.cluster }, filter.source);
  if (status === 200) buckets?.set(id, [nowOf(sim) + keys.freshMs]);
  return goOn(sim, call, filter, status === 200 ? arrived : failed);
}

function goOn(sim: Sim, call: Call, filter: CompiledFilter, from: number): FilterVerdict {
  const { instance } = call;
  let at = from;
  while (at >= 0) {
    const step = (filter.data as readonly KeyStep[])[at] as KeyStep;
    if ("status" in step) {
      localReply(sim, call, step.status, 0, internText(sim, step.details));
      return filterVerdicts.replied;
    }
    instance.buckets ??= new Map();
    const [freshUntilMs = 0] = instance.buckets.get(step.id) ?? [];
    if (freshUntilMs <= nowOf(sim)) {
      instance.buckets.set(waitingAt(call), [at]);
      fetchKeys(sim, call, step.keys);
      return filterVerdicts.waiting;
    }
    at = step.arrived;
  }
  return filterVerdicts.continue;
}

/** Where a call stands that waits for keys; numbers of filters are above 0. */
function waitingAt({ id }: Call): number {
  return -1 - id;
}
