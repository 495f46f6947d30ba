/** Answers of the proxy's own, and what local_reply_config makes of them (LocalReply::LocalReplyImpl::rewrite). */
import type { LocalReplyFilter, LocalReplyMapper } from "../model/index.ts";
import type { Call } from "../rows/call.ts";
import type { Sim } from "../sim.ts";
import { noteCall } from "../telemetry/recorder.ts";
import { askedShape, firstFlags, preflightAnswered } from "./answer-headers.ts";
import { finishCall } from "./finish.ts";
import { matchesHeader } from "./matching/matchers.ts";
import type { RequestShape } from "./matching/request-shape.ts";
import { ownAnswer } from "./own-answer.ts";
import { flagNames } from "./response-flags.ts";

/** An answer of a proxy's own whose headers are changed, while it is written down. */
export interface ReplyInHand {
  readonly call: Call;
  /** As it was at first. */
  readonly status: number;
  readonly mapper: LocalReplyMapper | null;
}

/** @param status 0: the connection is closed. @param grpcStatus to a gRPC request, where it does not follow from the status */
export function answerItself(sim: Sim, call: Call, status: number, grpcStatus = -1): void {
  if (call.plan.answers === null || status === 0) finishCall(sim, call, ownAnswer(call.shape, status, grpcStatus));
  else answerMapped(sim, call, call.plan.localReplies ?? [], status, grpcStatus);
}

function answerMapped(sim: Sim, call: Call, mappers: readonly LocalReplyMapper[], status: number, grpcStatus: number): void {
  const facts = { status, flags: flagNames(firstFlags(sim, call)), shape: askedShape(call) };
  const isPreflight = sim.texts.list[call.details] === preflightAnswered;
  const mapper = (isPreflight ? [] : mappers).find(({ filter }) => fits(filter, facts)) ?? null;
  const answered = mapper?.status ?? status;
  if (mapper !== null && sim.recordRoot !== 0)
    noteCall(sim, call, "response", "response.mapped", { status, answered }, mapper.source);
  // For whoever writes the answer down before this comes back.
  sim.replying = { call, status, mapper };
  finishCall(sim, call, ownAnswer(call.shape, answered, grpcStatus));
  sim.replying = null;
}

interface ReplyFacts {
  status: number;
  flags: readonly string[];
  shape: RequestShape;
}

function fits(filter: LocalReplyFilter, facts: ReplyFacts): boolean {
  switch (filter.type) {
    case "status":
      return compares[filter.op](facts.status, filter.value);
    case "flags":
      return facts.flags.some((flag) => filter.flags.length === 0 || filter.flags.includes(flag));
    case "header":
      return matchesHeader(filter.header, facts.shape);
    case "and":
      return filter.filters.every((one) => fits(one, facts));
    case "or":
      return filter.filters.some((one) => fits(one, facts));
  }
}

const compares: Readonly<Record<"EQ" | "GE" | "LE" | "NE", (status: number, value: number) => boolean>> = {
  EQ: (status, value) => status === value,
  GE: (status, value) => status >= value,
  LE: (status, value) => status <= value,
  NE: (status, value) => status !== value,
};
