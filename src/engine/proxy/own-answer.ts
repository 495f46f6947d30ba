/**
 * What a proxy answers by itself. A gRPC request gets HTTP 200 and the code in grpc-status, whatever the HTTP status would be
 * (Http::Utility::sendLocalReply).
 */
import type { Call } from "../rows/call.ts";
import type { Sim } from "../sim.ts";
import { grpcStatusOfHttp, isGrpc } from "./grpc-status.ts";
import type { RequestShape } from "./matching/request-shape.ts";
import type { Reply } from "./plan.ts";
import { responseFlags } from "./response-flags.ts";
import { grpcOutcome, grpcStatusIn, statusOf } from "./response-table.ts";

/**
 * @param status 0: the connection is closed, which is no answer
 * @param grpcStatus the code, where it does not follow from the status; −1 = it does
 */
export function ownAnswer(shape: RequestShape, status: number, grpcStatus = -1): number {
  if (status === 0 || !isGrpc(shape)) return status;
  return grpcOutcome(grpcStatus < 0 ? grpcStatusOfHttp(status) : grpcStatus);
}

/** Of a request that was refused before anybody looked at what it is: to what the codec cannot read it says so plainly, to gRPC as well. */
export function refusalAnswer(shape: RequestShape, { status, flags }: Pick<Reply, "status" | "flags">): number {
  return (flags & responseFlags.DPE) === 0 ? ownAnswer(shape, status) : status;
}

/**
 * What a call is said to have ended with: the status, and of a gRPC request whose code is a failure the whole outcome, which is above
 * every status and so counts as failed wherever statuses are asked.
 */
export function endingOf(sim: Sim, call: Call, outcome: number): number {
  const failed = grpcStatusIn(sim.responses, outcome) > 0 && isGrpc(call.shape);
  return failed ? outcome : statusOf(outcome);
}
