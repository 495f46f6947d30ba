/**
 * Headers of answers: what the upstream sent, what Envoy says of itself (x-envoy-overloaded, x-envoy-ratelimited, x-envoy-attempt-count,
 * Location), and what routes add and take away, of answers of the proxy's own too (Router::Filter::modify_headers_). They are made only for
 * who looks: the access log, an explanation, a proxy that asked this one. Measured on Envoy 1.40.
 */
import type { HeaderChanges } from "../model/index.ts";
import type { Call } from "../rows/call.ts";
import type { Sim } from "../sim.ts";
import type { CompiledFilter } from "./filters/filter.ts";
import { changeHeaders } from "./header-changes.ts";
import { type FormatFacts, formatValue } from "./header-format.ts";
import { challengeOf, deniedDetails } from "./jwt/refusal.ts";
import type { RequestShape } from "./matching/request-shape.ts";
import type { Reply } from "./plan.ts";
import { formatFlags, responseFlags } from "./response-flags.ts";
import { isSpecial, outcomeOf, responseOf, statusOf } from "./response-table.ts";

/** The filter writes this answer by itself: neither routes nor mappers of local replies see it, and its code is set at last. */
export const preflightAnswered = "cors_response";

/** What a route's configuration does to the answers of one destination. */
export interface AnswerRules {
  /** In the order they are applied. */
  readonly changes: readonly HeaderChanges[];
  /** include_attempt_count_in_response. */
  readonly countsAttempts: boolean;
  readonly facts: Omit<FormatFacts, "shape">;
  /** The request as it was let in; nobody asks where it was sent on. */
  readonly shape: RequestShape;
  /** As the route's redirect leaves it. */
  readonly redirected?: RequestShape;
  /** Of a redirect or fixed answer: what a filter answers before is not changed. */
  readonly ofRouteAlone?: true;
}

type Headers = Record<string, string>;

/** A request is changed once its host is chosen; whoever is asked about it afterwards sees it so. */
function sentShape({ plan, destination, cluster, upstreamHost }: Call): RequestShape | undefined {
  const chosen = plan.destinations[destination];
  const host = upstreamHost < 0 ? undefined : cluster?.hosts[upstreamHost];
  if (chosen === undefined || host === undefined) return undefined;
  return chosen.shapeByHost?.get(host.address) ?? chosen.shape;
}

/** Whether an answer has headers that are worth a look. */
export function hasAnswerHeaders({ plan, details }: Call, outcome: number): boolean {
  return plan.answers !== null || isSpecial(outcome) || (details !== 0 && outcome !== 0);
}

/** The plan's answer, where no filter gave another one before. */
function ownReply({ plan, details }: Call): Reply | null {
  return plan.reply !== null && details === plan.reply.details ? plan.reply : null;
}

/** Lower-case names; several lines of one header with `betweenValues` between them. */
export function answerHeaders(sim: Sim, call: Call, outcome: number): Headers {
  const { plan } = call;
  const details = sim.texts.list[call.details] ?? "";
  const headers: Headers = { ...(isSpecial(outcome) ? responseOf(sim.responses, outcome).headers : undefined) };
  if (outcome === 0) return headers;
  const own = ownReply(call);
  Object.assign(headers, own?.headers);
  if (plan.reply === null && details.startsWith(deniedDetails)) headers["www-authenticate"] = challengeOf(call.shape, details);
  if (details === "upstream_reset_before_response_started{overflow}" && !plan.suppressesHeaders)
    headers["x-envoy-overloaded"] = "true";
  if (details === "request_rate_limited") headers["x-envoy-ratelimited"] = "true";
  if (details === "drop_overload") headers["x-envoy-drop-overload"] = "true";
  if (details === "unconditional_drop_overload") headers["x-envoy-unconditional-drop-overload"] = "true";
  const rules = plan.answers?.[call.destination] ?? null;
  if (rules === null) return headers;
  const replying = sim.replying?.call === call ? sim.replying : null;
  const sent = statusOf(outcome);
  // Of an answer of its own Envoy knows the code only when it is sent.
  const first = { status: call.details === 0 ? sent : 0, statusHeader: replying?.status ?? sent, flags: firstFlags(sim, call) };
  // A preflight is answered without the route.
  if (details !== preflightAnswered && !(rules.ofRouteAlone && own === null)) {
    if (rules.countsAttempts && call.attempts > 0 && !isUncounted(sim, details, outcome))
      headers["x-envoy-attempt-count"] = String(call.attempts);
    for (const changes of rules.changes) changeHeaders(headers, changes, formatter(sim, call, first, rules, headers));
  }
  const refusing = filtersOf(call)[call.filter];
  refusing?.changeRefusal?.(sim, call, refusing, headers, formatter(sim, call, first, rules, headers));
  if (replying?.mapper?.headers !== undefined)
    changeHeaders(headers, replying.mapper.headers, formatter(sim, call, { ...first, status: replying.status }, rules, headers));
  const code = details === preflightAnswered ? 0 : (replying?.mapper?.status ?? replying?.status ?? sent);
  const last = { status: code, statusHeader: sent, flags: call.flags };
  for (const filter of tellingFilters(call))
    filter.changeAnswer?.(sim, call, filter, headers, (value) => formatter(sim, call, last, rules, headers)(value));
  return headers;
}

const ofManager: ReadonlySet<string> = new Set(["max_duration_timeout", "stream_idle_timeout"]);

/** What the connection manager answers in the router's place; where its headers are sent already it only ends them. */
function isUncounted(sim: Sim, details: string, outcome: number): boolean {
  return ofManager.has(details) && responseOf(sim.responses, outcome).body === undefined;
}

/** What is known of an answer at the moment at which its headers are changed. */
interface KnownOf {
  /** %RESPONSE_CODE%. */
  status: number;
  /** %RESP(:status)%. */
  statusHeader: number;
  flags: number;
}

/** Values by the facts as they were before a change. */
function formatter(sim: Sim, call: Call, known: KnownOf, rules: AnswerRules, headers: Headers): (value: string) => string {
  let facts: FormatFacts | null = null;
  return (value) => {
    facts ??= factsOf(sim, call, known, rules, { ...headers });
    return formatValue(value, facts);
  };
}

function filtersOf({ plan, destination }: Call): readonly CompiledFilter[] {
  return (plan.reply === null ? plan.destinations[destination]?.filters : plan.replyFilters) ?? [];
}

/** The last comes first; those that were asked (of a refusal the one that refused as well), and those that are never left out. */
function tellingFilters(call: Call): readonly CompiledFilter[] {
  return filtersOf(call)
    .filter((one, at) => at <= call.filter || one.requests !== undefined)
    .reverse();
}

/** The request as it was when it was answered: as its route sent it on, or as far as filters had changed it. */
export function askedShape(call: Call): RequestShape {
  const sent = sentShape(call);
  if (sent !== undefined) return sent;
  const filters = filtersOf(call);
  const next = filters.find((one, at) => at > call.filter && one.requests !== undefined)?.requests?.before;
  const changed = next ?? filters.findLast((one) => one.requests !== undefined)?.requests?.after;
  const rules = call.plan.answers?.[call.destination];
  const admitted = rules?.shape ?? call.plan.logging?.shape ?? call.shape;
  const redirected = ownReply(call) === null || rules?.redirected === rules?.shape ? undefined : rules?.redirected;
  const shape = redirected ?? admitted;
  if (changed === undefined) return shape;
  if (redirected === undefined) return { ...shape, headers: changed.headers };
  const { "x-envoy-original-path": original = "" } = redirected.headers;
  return { ...shape, headers: { ...changed.headers, "x-envoy-original-path": original } };
}

/** It asked the health_check filter, whatever came of that. */
export function isHealthCheck(call: Call): boolean {
  return filtersOf(call).some(({ name }, at) => name === "healthCheck" && at <= call.filter);
}

/** As the answer is made: a local rate limit says so after it answered. */
export function firstFlags(sim: Sim, { details, flags }: Call): number {
  return sim.texts.list[details] === "local_rate_limited" ? flags & ~responseFlags.RL : flags;
}

/** The outcome as the proxy that asked sees it. */
export function carriedOutcome(sim: Sim, call: Call, outcome: number): number {
  const headers = answerHeaders(sim, call, outcome);
  if (Object.keys(headers).length === 0) return outcome;
  const { body } = responseOf(sim.responses, outcome);
  return outcomeOf(sim.responses, statusOf(outcome), { headers, ...(body === undefined ? {} : { body }) });
}

function factsOf(sim: Sim, call: Call, known: KnownOf, { facts }: AnswerRules, headers: Headers): FormatFacts {
  const { cluster } = call;
  const details = call.details === 0 ? "via_upstream" : (sim.texts.list[call.details] ?? "");
  return {
    ...facts,
    shape: askedShape(call),
    answer: {
      status: known.status,
      flags: formatFlags(known.flags),
      details,
      host: cluster?.hosts[call.upstreamHost]?.address ?? "",
      headers: { ...headers, ":status": String(known.statusHeader) },
    },
  };
}
