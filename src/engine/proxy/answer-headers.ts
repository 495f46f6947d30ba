/**
 * Headers of answers: what the upstream sent, what Envoy says of itself (x-envoy-overloaded, x-envoy-ratelimited, x-envoy-attempt-count,
 * Location), and what routes add and take away, of answers of the proxy's own too (Router::Filter::modify_headers_). They are made only for
 * who looks: the access log, an explanation, a proxy that asked this one. Measured on Envoy 1.40.
 */
import type { HeaderChanges } from "../model/index.ts";
import type { Call } from "../rows/call.ts";
import type { Sim } from "../sim.ts";
import { type FormatFacts, formatValue } from "./header-format.ts";
import { challengeOf, deniedDetails } from "./jwt/refusal.ts";
import { betweenValues } from "./matching/request-shape.ts";
import { formatFlags } from "./response-flags.ts";
import { isSpecial, outcomeOf, responseOf, statusOf } from "./response-table.ts";

/** What a route's configuration does to the answers of one destination. */
export interface AnswerRules {
  /** In the order they are applied. */
  readonly changes: readonly HeaderChanges[];
  /** include_attempt_count_in_response. */
  readonly countsAttempts: boolean;
  readonly facts: Omit<FormatFacts, "shape">;
}

type Headers = Record<string, string>;

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
  if (plan.reply !== null && plan.reply.location !== "" && call.details === plan.reply.details)
    headers.location = plan.reply.location;
  if (plan.reply !== null && plan.reply.challenge !== "" && call.details === plan.reply.details)
    headers["www-authenticate"] = plan.reply.challenge;
  if (plan.reply === null && details.startsWith(deniedDetails)) headers["www-authenticate"] = challengeOf(call.shape, details);
  if (details === "upstream_reset_before_response_started{overflow}") headers["x-envoy-overloaded"] = "true";
  if (details === "request_rate_limited") headers["x-envoy-ratelimited"] = "true";
  const rules = plan.answers?.[call.destination] ?? null;
  if (rules === null) return headers;
  if (rules.countsAttempts && call.attempts > 0) headers["x-envoy-attempt-count"] = String(call.attempts);
  if (rules.changes.length > 0) changeHeaders(headers, rules, factsOf(sim, call, outcome, rules));
  return headers;
}

/** The outcome as the proxy that asked sees it. */
export function carriedOutcome(sim: Sim, call: Call, outcome: number): number {
  const headers = answerHeaders(sim, call, outcome);
  if (Object.keys(headers).length === 0) return outcome;
  const { body } = responseOf(sim.responses, outcome);
  return outcomeOf(sim.responses, statusOf(outcome), { headers, ...(body === undefined ? {} : { body }) });
}

function factsOf(sim: Sim, call: Call, outcome: number, { facts }: AnswerRules): FormatFacts {
  const { cluster } = call;
  return {
    ...facts,
    shape: call.shape,
    answer: {
      // Of an answer of its own Envoy knows the status only when it is sent.
      status: call.details === 0 ? statusOf(outcome) : 0,
      flags: formatFlags(call.flags),
      details: call.details === 0 ? "via_upstream" : (sim.texts.list[call.details] ?? ""),
      host: cluster?.hosts[call.upstreamHost]?.address ?? "",
      headers: {},
    },
  };
}

function changeHeaders(headers: Headers, { changes }: AnswerRules, facts: FormatFacts): void {
  for (const { remove, set, add, setIfAbsent, setIfPresent } of changes) {
    for (const name of remove ?? []) delete headers[name.toLowerCase()];
    const found = { ...facts, answer: facts.answer && { ...facts.answer, headers: { ...headers } } };
    const entriesOf = (values: Readonly<Record<string, string>> | undefined) =>
      Object.entries(values ?? {}).flatMap(([name, value]): [name: string, value: string][] => {
        const made = value.includes("%") ? formatValue(value, found) : value;
        return made === "" && value !== "" ? [] : [[name.toLowerCase(), made]];
      });
    const absent = entriesOf(setIfAbsent).filter(([name]) => headers[name] === undefined);
    for (const [name, value] of entriesOf(setIfPresent)) if (headers[name] !== undefined) headers[name] = value;
    for (const [name, value] of entriesOf(set)) headers[name] = value;
    for (const [name, value] of [...entriesOf(add), ...absent])
      headers[name] = headers[name] === undefined ? value : `${headers[name]}${betweenValues}${value}`;
  }
}
