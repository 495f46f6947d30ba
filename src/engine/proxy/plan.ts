/**
 * What one proxy configuration does with one kind of request, computed once: a fixed answer or destinations with policies.
 * Everything that needs the run (draws, buckets, hosts) is left to the router.
 */
import type { AccessLogger, ForwardAction, LocalReplyMapper, RetryPolicy, SubsetMetadata } from "../model/index.ts";
import { internText, type Sim } from "../sim.ts";
import type { AnswerRules } from "./answer-headers.ts";
import type { CompiledNode } from "./compiled-mesh.ts";
import type { CompiledFilter } from "./filters/filter.ts";
import type { FormatFacts } from "./header-format.ts";
import type { RequestShape } from "./matching/request-shape.ts";
import * as planAsks from "./plan-asks.ts";
import { retriesAnswer } from "./retry-conditions.ts";
import type { SubsetWishes } from "./subset-names.ts";

export interface Plan {
  readonly index: number;
  readonly routeName: string;
  /** Answer given by the proxy itself; null when the request is forwarded. */
  readonly reply: Reply | null;
  /** Filters before a fixed answer. */
  readonly replyFilters: readonly CompiledFilter[];
  readonly destinations: readonly Destination[];
  readonly totalWeight: number;
  /** header_name of weighted clusters: the draw, or −1. */
  readonly pinned: number;
  readonly timeoutMs: number;
  readonly maxStreamDurationMs: number;
  readonly streamIdleMs: number;
  readonly retry: CompiledRetry | null;
  readonly hedge: boolean;
  /** What a try or the whole request that took too long is answered with: 504, or 204 where the request asks for that. */
  readonly timeoutStatus: number;
  /** runtime_fraction of the route: other requests take the plan `otherwise` (−1 = none do). */
  readonly fractionPercent: number;
  readonly otherwise: number;
  readonly mirrors: readonly Mirror[];
  /** What is done to answers, by destination (of a fixed answer the first); null: nothing. */
  readonly answers: readonly (AnswerRules | null)[] | null;
  /** What is made of answers of the proxy's own; null: nothing. */
  readonly localReplies: readonly LocalReplyMapper[] | null;
  /** Logs of the proxy's own; null: it has none. */
  readonly logging: Logging | null;
  /** suppress_envoy_headers. */
  readonly suppressesHeaders: boolean;
  /** x-envoy-attempt-count goes along with each try. */
  readonly countsTries: boolean;
  readonly priority: 0 | 1;
  /** Request hash for ring hash and Maglev; null: a random one. */
  readonly hash: bigint | null;
  readonly tcp: boolean;
  /** Forwarded by a gateway: the hop to the Service behind it is counted too. */
  readonly behindGateway: boolean;
  /** Bits of `planAsks`; 0: the request goes to the only destination, whose cluster's slot is `slot`, without further questions. */
  readonly asks: number;
  readonly slot: number;
  /** Of a plan with one destination: the request as it leaves; null where that depends on a draw. */
  readonly shape: RequestShape | null;
  /** Caller without a proxy: no flags, no access log. */
  readonly direct: boolean;
  readonly action: ForwardAction | null;
  /** Path and host as the access log tells them, where the proxy normalized them; null: as they came. */
  readonly seen: RequestShape | null;
}

/** Access logs of a connection manager, and what their lines can tell before the request is sent on. */
export interface Logging {
  readonly loggers: readonly AccessLogger[];
  readonly facts: Omit<FormatFacts, "shape">;
  /** The request as it was let in. */
  readonly shape: RequestShape;
  readonly filterChain: string;
}

export interface Reply {
  readonly status: number;
  readonly flags: number;
  readonly details: number;
  /** Refused by an authorization policy. */
  readonly denied: boolean;
  /** The connection is closed instead of an answer. */
  readonly reset: boolean;
  /** location, www-authenticate and the like; null: none. */
  readonly headers: Readonly<Record<string, string>> | null;
  /** Refused by a filter on its way to this cluster, or "". */
  readonly cluster: string;
}

export interface Destination {
  /** −1: the cluster does not exist. */
  readonly slot: number;
  readonly clusterName: string;
  readonly weight: number;
  /** Request as it leaves. */
  readonly shape: RequestShape;
  /** By the address of the host it is sent to, where hosts have names that it takes (auto_host_rewrite); null: the same for all. */
  readonly shapeByHost: ReadonlyMap<string, RequestShape> | null;
  readonly filters: readonly CompiledFilter[];
  readonly notFoundStatus: number;
  /** Where the cluster is divided: the subsets of its hosts that are asked for. */
  readonly wishes: SubsetWishes | undefined;
  /** How long a try may take by the cluster itself, ms; 0 = no limit. */
  readonly tryLimitMs: number;
  /** How many requests the cluster turns away, 0–100. */
  readonly dropPercent: number;
}

export interface Mirror {
  readonly slot: number;
  readonly percent: number;
  readonly plan: number;
}

export interface CompiledRetry {
  readonly policy: RetryPolicy;
  /** Bits of `retryOnBits`. */
  readonly on: number;
  readonly numRetries: number;
  readonly perTryTimeoutMs: number;
  readonly perTryIdleTimeoutMs: number;
  readonly baseMs: number;
  readonly maxMs: number;
  readonly avoidPreviousHosts: boolean;
  /** Hosts with this metadata are no choice for a retry. */
  readonly omittedHosts: readonly SubsetMetadata[] | null;
  readonly hostAttempts: number;
  /** previous_priorities: after how many tries; 0 = priorities are not avoided. */
  readonly priorityEvery: number;
}

/** A destination that is reached as it stands: no filters of its own, nothing asked of its hosts. */
export function plainDestination(
  node: CompiledNode,
  slot: number,
  clusterName: string,
  shape: RequestShape,
  weight = 1,
): Destination {
  const wishes = node.slots[slot]?.config.lb.subsets === undefined ? undefined : [null];
  return {
    slot,
    clusterName,
    weight,
    shape,
    shapeByHost: null,
    filters: [],
    notFoundStatus: 503,
    wishes,
    ...clusterLimits(node, slot),
  };
}

export function clusterLimits({ slots }: CompiledNode, slot: number): Pick<Destination, "tryLimitMs" | "dropPercent"> {
  const { config, assignment } = slots[slot] ?? {};
  return { tryLimitMs: config?.maxStreamDurationMs ?? 0, dropPercent: assignment?.dropPercent ?? 0 };
}

/** A plan without its number. */
export type PlanDraft = Omit<Plan, "index" | "asks" | "slot" | "shape">;

export const emptyPlan: PlanDraft = {
  routeName: "",
  reply: null,
  replyFilters: [],
  destinations: [],
  totalWeight: 0,
  pinned: -1,
  timeoutMs: 0,
  maxStreamDurationMs: 0,
  streamIdleMs: 0,
  retry: null,
  hedge: false,
  timeoutStatus: 504,
  fractionPercent: 100,
  otherwise: -1,
  mirrors: [],
  answers: null,
  localReplies: null,
  logging: null,
  suppressesHeaders: false,
  countsTries: false,
  priority: 0,
  hash: null,
  tcp: false,
  behindGateway: false,
  direct: false,
  action: null,
  seen: null,
};

/** An answer given by the proxy itself. */
export function reply(sim: Sim, status: number, flags: number, details: string, extra?: Partial<Reply>): Reply {
  return { status, flags, details: internText(sim, details), denied: false, reset: false, headers: null, cluster: "", ...extra };
}

/** Gives a draft its number and freezes it. */
export function addPlan(sim: Sim, draft: PlanDraft): Plan {
  const { retry, destinations } = draft;
  const [first] = destinations;
  // Written out, and what every request asks first: fields that come by a spread lie outside of the object.
  const plan: Plan = Object.freeze({
    asks: asksOf(draft),
    slot: first?.slot ?? -1,
    timeoutMs: draft.timeoutMs,
    retry,
    hash: draft.hash,
    shape: destinations.length === 1 && first?.shapeByHost === null && !draft.countsTries ? first.shape : null,
    priority: draft.priority,
    otherwise: draft.otherwise,
    reply: draft.reply,
    replyFilters: draft.replyFilters,
    destinations,
    totalWeight: draft.totalWeight,
    pinned: draft.pinned,
    maxStreamDurationMs: draft.maxStreamDurationMs,
    streamIdleMs: draft.streamIdleMs,
    hedge: draft.hedge,
    timeoutStatus: draft.timeoutStatus,
    fractionPercent: draft.fractionPercent,
    mirrors: draft.mirrors,
    answers: draft.answers,
    localReplies: draft.localReplies,
    logging: draft.logging,
    suppressesHeaders: draft.suppressesHeaders,
    countsTries: draft.countsTries,
    tcp: draft.tcp,
    behindGateway: draft.behindGateway,
    direct: draft.direct,
    action: draft.action,
    seen: draft.seen,
    routeName: draft.routeName,
    index: sim.plans.length,
  });
  sim.plans.push(plan);
  return plan;
}

function asksOf(draft: PlanDraft): number {
  const { hash, action, retry, destinations } = draft;
  const forwards = draft.reply === null && destinations.length === 1 && destinations[0]?.filters.length === 0;
  const choosesPlainly =
    (hash !== null || action === null || action.hashPolicy.length === 0) &&
    (retry === null || (!retry.avoidPreviousHosts && retry.omittedHosts === null && retry.priorityEvery === 0)) &&
    destinations.every(({ wishes }) => wishes === undefined);
  const beginsTries =
    draft.tcp ||
    (retry !== null && (retry.perTryTimeoutMs > 0 || retry.perTryIdleTimeoutMs > 0)) ||
    destinations.some(({ tryLimitMs }) => tryLimitMs > 0);
  const drops = destinations.some(({ dropPercent }) => dropPercent > 0);
  return (
    (draft.otherwise >= 0 ? planAsks.fraction : 0) |
    (destinations.length > 1 ? planAsks.destination : 0) |
    (draft.maxStreamDurationMs > 0 || draft.streamIdleMs > 0 ? planAsks.streamLimits : 0) |
    (forwards ? 0 : planAsks.filters) |
    (draft.mirrors.length > 0 || draft.tcp || drops ? planAsks.startOtherwise : 0) |
    (choosesPlainly ? 0 : planAsks.hostChoice) |
    (beginsTries ? planAsks.tryBegin : 0) |
    (draft.direct || draft.tcp || draft.behindGateway ? planAsks.otherEnd : 0) |
    (retry !== null && retriesAnswer(retry.on, retry.policy, 200) ? planAsks.anotherOk : 0)
  );
}
