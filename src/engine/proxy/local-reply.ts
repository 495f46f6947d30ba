/** Answers of the proxy's own, and what local_reply_config makes of them (LocalReply::LocalReplyImpl::rewrite). */
import type { LocalReplyMapper } from "../model/index.ts";
import type { Call } from "../rows/call.ts";
import { nowOf, type Sim } from "../sim.ts";
import { noteCall } from "../telemetry/recorder.ts";
import { requestIdOf } from "../telemetry/request-id.ts";
import { fits } from "./access-filter.ts";
import { askedShape, firstFlags, isHealthCheck, preflightAnswered } from "./answer-headers.ts";
import { finishCall } from "./finish.ts";
import { ownAnswer, refusalAnswer } from "./own-answer.ts";
import { flagNames, responseFlags } from "./response-flags.ts";

/** An answer of a proxy's own whose headers are changed, while it is written down. */
export interface ReplyInHand {
  readonly call: Call;
  /** As it was at first. */
  readonly status: number;
  readonly mapper: LocalReplyMapper | null;
}

/** @param status 0: the connection is closed. @param grpcStatus to a gRPC request, where it does not follow from the status */
export function answerItself(sim: Sim, call: Call, status: number, grpcStatus = -1): void {
  if ((call.flags & responseFlags.DPE) !== 0) finishCall(sim, call, refusalAnswer(call.shape, { status, flags: call.flags }));
  else if (call.plan.answers === null || status === 0) finishCall(sim, call, ownAnswer(call.shape, status, grpcStatus));
  else answerMapped(sim, call, call.plan.localReplies ?? [], status, grpcStatus);
}

function answerMapped(sim: Sim, call: Call, mappers: readonly LocalReplyMapper[], status: number, grpcStatus: number): void {
  const facts = {
    status,
    flags: flagNames(firstFlags(sim, call)),
    shape: askedShape(call),
    durationMs: nowOf(sim) - call.startMs,
    isHealthCheck: isHealthCheck(call),
    requestId: requestIdOf(sim, call.root),
  };
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
