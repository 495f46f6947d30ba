/**
 * The start page's first picture: a few seconds of the real session, run when the site is built, as plain data.
 * It chooses the moment and the request; it computes nothing itself.
 */
import type { RequestExplanation } from "#engine";
import type { Frame, Session, Topology } from "#scenario";
import { isFailing } from "../sandbox/run/request-log.ts";

export interface FirstRun {
  topology: Topology;
  /** A second earlier, for rates. */
  before: Frame;
  frame: Frame;
  explanation: RequestExplanation | null;
}

const firstPictureMs = 10_000;
const rateSpanMs = 1000;
/** After this the picture shows a run without a failure. */
const longestMs = 60_000;

/** @param session at time 0; it is run to the picture's moment. */
export function runFirst(session: Session, topology: Topology): FirstRun {
  const options = { afterFlightId: Number.MAX_SAFE_INTEGER, maxFlights: 0, maxRequests: 5000 };
  for (let untilMs = firstPictureMs; ; untilMs += firstPictureMs) {
    session.run(untilMs - rateSpanMs);
    const before = session.frame(options);
    session.run(untilMs);
    const frame = session.frame(options);
    const failed = frame.requests.findLast(isFailing);
    if (!failed && untilMs < longestMs && !session.finished) continue;
    const explanation = failed ? (session.explain(failed.requestId) ?? null) : null;
    return { topology, before: small(before), frame: small(frame), explanation };
  }
}

/** Without the lists that the picture does not show. */
function small(frame: Frame): Frame {
  return { ...frame, flights: [], requests: [], ejections: [] };
}
