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
import { formatFlags, responseFlags } from "./response-flags.ts";
import { isSpecial, outcomeOf, responseOf, statusOf } from "./response-table.ts";

/** What a route's configuration does to the answers of one destination. */
export interface AnswerRules {
  /** In the order they are applied. */
  readonly changes: readonly HeaderChanges[];
  /** include_attempt_count_in_response. */
  readonly countsAttempts: boolean;
  readonly facts: Omit<FormatFacts, "shape">;
  /** The request as it was let in, or as a redirect left it; nobody asks where it was sent on. */
  readonly shape: RequestShape;
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

/** Lower-case names; several lines of one header with `betweenValues` between them. */
export function answerHeaders(sim: Sim, call: Call, outcome: number): Headers {
  const { plan } = call;
  const details = sim.texts.list[call.details] ?? "";
  const headers: Headers = { ...(isSpecial(outcome) ? responseOf(sim.responses, outcome).headers : undefined) };
  if (outcome === 0) return headers;
  const own = plan.reply !== null && call.details === plan.reply.details ? plan.reply : null;
  Object.assign(headers, own?.headers);
  if (plan.reply === null && details.startsWith(deniedDetails)) headers["www-authenticate"] = challengeOf(call.shape, details);
  if (details === "upstream_reset_before_response_started{overflow}" && !plan.suppressesHeaders)
    headers["x-envoy-overloaded"] = "true";
  if (details === "request_rate_limited") headers["x-envoy-ratelimited"] = "true";
  const rules = plan.answers?.[call.destination] ?? null;
  if (rules === null) return headers;
  // A preflight is answered without the route.
  if (details !== "cors_response" && !(rules.ofRouteAlone && own === null)) {
    if (rules.countsAttempts && call.attempts > 0 && !isUncounted(sim, details, outcome))
      headers["x-envoy-attempt-count"] = String(call.attempts);
    for (const changes of rules.changes) changeHeaders(headers, changes, formatter(sim, call, outcome, rules, headers));
  }
  for (const filter of passedFilters(call))
    filter.changeAnswer?.(sim, call, filter, headers, formatter(sim, call, outcome, rules, headers));
  return headers;
}

const ofManager: ReadonlySet<string> = new Set(["max_duration_timeout", "stream_idle_timeout"]);

/** What the connection manager answers in the router's place; where its headers are sent already it only ends them. */
function isUncounted(sim: Sim, details: string, outcome: number): boolean {
  return ofManager.has(details) && responseOf(sim.responses, outcome).body === undefined;
}

/** Values by the facts as they were before a change. */
function formatter(sim: Sim, call: Call, outcome: number, rules: AnswerRules, headers: Headers): (value: string) => string {
  let facts: FormatFacts | null = null;
  return (value) => {
    facts ??= factsOf(sim, call, outcome, rules, { ...headers });
    return formatValue(value, facts);
  };
}

/** Those that were asked, of a refusal the one that refused as well. */
function passedFilters({ plan, destination, filter }: Call): readonly CompiledFilter[] {
  const filters = plan.reply === null ? plan.destinations[destination]?.filters : plan.replyFilters;
  return filters?.slice(0, filter + 1) ?? [];
}

/** The outcome as the proxy that asked sees it. */
export function carriedOutcome(sim: Sim, call: Call, outcome: number): number {
  const headers = answerHeaders(sim, call, outcome);
  if (Object.keys(headers).length === 0) return outcome;
  const { body } = responseOf(sim.responses, outcome);
  return outcomeOf(sim.responses, statusOf(outcome), { headers, ...(body === undefined ? {} : { body }) });
}

function factsOf(sim: Sim, call: Call, outcome: number, { facts, shape }: AnswerRules, headers: Headers): FormatFacts {
  const { cluster } = call;
  const details = call.details === 0 ? "via_upstream" : (sim.texts.list[call.details] ?? "");
  return {
    ...facts,
    shape: sentShape(call) ?? shape,
    answer: {
      // Of an answer of its own Envoy knows the status only when it is sent.
      status: call.details === 0 ? statusOf(outcome) : 0,
      // A local rate limit says so after it answered.
      flags: formatFlags(details === "local_rate_limited" ? call.flags & ~responseFlags.RL : call.flags),
      details,
      host: cluster?.hosts[call.upstreamHost]?.address ?? "",
      headers,
    },
  };
}
