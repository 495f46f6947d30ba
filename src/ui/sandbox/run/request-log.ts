/**
 * Finished requests a reader can choose from: the newest ones and, kept apart so that they are not washed away, the
 * failing ones. Folded from frames; a frame from an earlier time (a reset) empties it.
 */
import type { FinishedRequest } from "#engine";
import type { Frame } from "#scenario";

export interface RequestLog {
  newest: readonly FinishedRequest[];
  failing: readonly FinishedRequest[];
  nowMs: number;
}

export const emptyRequestLog: RequestLog = { newest: [], failing: [], nowMs: 0 };

const keptFailing = 200;
const keptNewest = 200;

/** Status 0 = no HTTP response at all; a refusal (403) is what a reader looks for too, and a failure by the code of gRPC. */
export function isFailing(request: Pick<FinishedRequest, "status" | "grpcStatus">): boolean {
  return request.status === 0 || request.status >= 400 || request.grpcStatus !== undefined;
}

export function addToRequestLog(log: RequestLog, frame: Frame): RequestLog {
  const before = frame.nowMs < log.nowMs ? emptyRequestLog : log;
  return {
    newest: merge(before.newest, frame.requests, keptNewest),
    failing: merge(before.failing, frame.requests.filter(isFailing), keptFailing),
    nowMs: frame.nowMs,
  };
}

/** Failing ones that are known before the frame they belong to. */
export function addFailed(log: RequestLog, failed: readonly FinishedRequest[]): RequestLog {
  return failed.length === 0 ? log : { ...log, failing: merge(log.failing, failed, keptFailing) };
}

/** @returns the first failing request that ended after `requestId` did (or the first of all). */
export function nextFailing(log: RequestLog, requestId: number | null): FinishedRequest | undefined {
  const at = log.failing.findIndex((request) => request.requestId === requestId);
  if (at >= 0) return log.failing[at + 1];
  const chosen = log.newest.find((request) => request.requestId === requestId);
  return chosen ? log.failing.find((request) => request.endMs > chosen.endMs) : log.failing[0];
}

function merge(before: readonly FinishedRequest[], more: readonly FinishedRequest[], limit: number): readonly FinishedRequest[] {
  const last = before.at(-1);
  if (more.length === 0) return before;
  const known = new Set(before.map((request) => request.requestId));
  const added = last ? more.filter((request) => !known.has(request.requestId)) : more;
  return added.length === 0 ? before : [...before, ...added].slice(-limit);
}
