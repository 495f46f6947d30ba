/**
 * Answers one question of the page: the worker without its port, so that Node tests run the same code. It holds the one
 * open session; real time enters only as the budget of `advance`, and never reaches the simulation.
 */
import {
  type AnswerOf,
  type Envelope,
  envelopeFault,
  isWorkerRequest,
  protocolVersion,
  type WorkerRequest,
  type WorkerResponse,
} from "#protocol";
import { lintFiles, openSession, type Session, type TokenVerdicts, verifyTokens } from "#scenario";

/** Events between two looks at the clock: about half a millisecond of work. */
const eventsPerSlice = 500;

export interface Answerer {
  /** @param tokens verdicts on the tokens in the files that a message opens */
  answer(data: unknown, tokens?: TokenVerdicts): Envelope<WorkerResponse>;
}

/** What has to be found out before a message can be answered: signatures, which WebCrypto verifies in its own time. */
export async function tokensFor(data: unknown): Promise<TokenVerdicts | undefined> {
  return isWorkerRequest(data) && data.message.type === "open" ? verifyTokens(data.message.files) : undefined;
}

/** @param clockMs real time, for budgets only. */
export function createAnswerer(clockMs: () => number): Answerer {
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

  function respond(request: WorkerRequest, tokens: TokenVerdicts | undefined): AnswerOf[WorkerRequest["type"]] {
    switch (request.type) {
      case "open": {
        open = undefined;
        const opened = openSession(request.files, { seed: request.seed, ...(tokens ? { tokens } : {}) });
        if (!opened.ok) return { type: "refused", diagnostics: opened.diagnostics };
        open = opened.session;
        const frame = open.frame({ afterFlightId: 0, maxFlights: 0, maxRequests: 0 });
        return { type: "opened", topology: opened.topology, diagnostics: opened.diagnostics, frame };
      }
      case "lint":
        return { type: "linted", diagnostics: lintFiles(request.files) };
      case "advance":
        advance(request.untilMs, request.budgetMs);
        break;
      case "step":
        if (request.unit === "event") session().step();
        else session().stepRequest();
        break;
      case "seek":
        session().seek(request.eventIndex);
        break;
      case "applyChange":
        session().applyChange(request.change);
        break;
      case "applyFiles": {
        const { applied, diagnostics, topology } = session().applyFiles(request.files);
        return { type: "applied", applied, topology, diagnostics, frame: session().frame(request.frame) };
      }
      case "explain":
        return { type: "explained", explanation: session().explain(request.requestId) ?? null };
      case "report":
        return { type: "reported", report: session().report() };
    }
    return { type: "frame", frame: session().frame(request.frame), traceHash: session().traceHash() };
  }

  return {
    answer(data, tokens) {
      const envelope = (id: number, message: WorkerResponse): Envelope<WorkerResponse> => ({
        version: protocolVersion,
        id,
        message,
      });
      if (!isWorkerRequest(data)) {
        return envelope(0, { type: "crashed", message: `message refused: ${envelopeFault(data)}`, stack: "" });
      }
      try {
        return envelope(data.id, respond(data.message, tokens));
      } catch (error) {
        const { message, stack = "" } = error instanceof Error ? error : new Error(String(error));
        return envelope(data.id, { type: "crashed", message, stack });
      }
    },
  };
}
