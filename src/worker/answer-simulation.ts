/**
 * Answers one question about a run: the simulation worker without its port, so that Node tests run the same code. It holds the one
 * open session; real time enters only as the budget of `advance`, and never reaches the simulation.
 */
import { isSimulationRequest, type SimulationAnswers, type SimulationRequest } from "#protocol";
import { type FrameOptions, type Session, startSession } from "#scenario";
import { type Answerer, createAnswerer } from "./answerer.ts";

/** Events between two looks at the clock: about half a millisecond of work. */
const eventsPerSlice = 500;

const nothing: FrameOptions = { afterFlightId: 0, maxFlights: 0, maxRequests: 0 };

/** @param clockMs real time, for budgets only. */
export function createSimulationAnswerer(clockMs: () => number): Answerer {
  let open: Session | undefined;

  function session(): Session {
    if (!open) throw new Error("no session is open");
    return open;
  }

  function advance(untilMs: number, budgetMs: number): void {
    const current = session();
    const stopAt = clockMs() + budgetMs;
    for (;;) {
      const before = current.eventCount;
      current.run(untilMs, eventsPerSlice);
      if (current.finished || current.eventCount - before < eventsPerSlice || clockMs() >= stopAt) return;
    }
  }

  function respond(request: SimulationRequest): SimulationAnswers[SimulationRequest["type"]] {
    let frame = nothing;
    switch (request.type) {
      case "explain":
        return { type: "explained", explanation: session().explain(request.requestId) ?? null };
      case "report":
        return { type: "reported", report: session().report() };
      case "open":
        open = startSession(request.plan, request.seed);
        break;
      default:
        move(request);
        frame = request.frame;
    }
    return { type: "frame", frame: session().frame(frame), traceHash: session().traceHash() };
  }

  function move(request: Extract<SimulationRequest, { frame: FrameOptions }>): void {
    switch (request.type) {
      case "advance":
        advance(request.untilMs, request.budgetMs);
        return;
      case "step":
        if (request.unit === "event") session().step();
        else session().stepRequest();
        return;
      case "seek":
        session().seek(request.eventIndex);
        return;
      case "applyDocuments":
        session().applyDocuments(request.change);
        return;
      case "applyChange":
        session().applyChange(request.change);
    }
  }

  return createAnswerer(isSimulationRequest, respond);
}
