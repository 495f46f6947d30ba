/**
 * Answers one question about a run: the simulation worker without its port, so that Node tests run the same code. It holds the one
 * open session; real time enters only as the budget of `advance`, and never reaches the simulation.
 */
import { isSimulationRequest, type SimulationAnswers, type SimulationRequest } from "#protocol";
import {
  compareRuns,
  type ExportFormat,
  type FrameOptions,
  loadExport,
  madeOfAccessLog,
  type RunPlan,
  type Session,
  startSession,
} from "#scenario";
import { type Answerer, createAnswerer } from "./answerer.ts";

/** Events between two looks at the clock: about half a millisecond of work. */
const eventsPerSlice = 500;

/** What the page counts as "lately". */
const rateSpanMs = 1000;

/** As many messages as a run keeps, and how many of them are handed on where a journey in time ends. */
const mostFlights = 4096;
const mostPassing = 1500;

const nothing: FrameOptions = { afterFlightId: 0, maxFlights: 0, maxRequests: 0 };

/** Lines of an exported access log; older ones are dropped. */
const mostLines = 200_000;

export interface SimulationAnswerer extends Answerer {
  /** Loads what the question needs beyond the run itself. */
  prepare(data: unknown): Promise<void> | undefined;
}

/** @param clockMs real time, for budgets only. */
export function createSimulationAnswerer(clockMs: () => number): SimulationAnswerer {
  let open: Session | undefined;
  let plan: RunPlan | undefined;
  let exportRun: Awaited<ReturnType<typeof loadExport>> | undefined;

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

  function frameAnswer(frame: FrameOptions): SimulationAnswers["advance"] {
    return { type: "frame", frame: session().frame(frame), traceHash: session().traceHash() };
  }

  function travel({ to, changes, frame }: Extract<SimulationRequest, { type: "travel" }>): SimulationAnswers["travel"] {
    const current = session();
    if (changes) current.replaceChanges(changes);
    if (to === "previousRequest") current.seekPreviousRequest();
    else if ("eventIndex" in to) current.seek(to.eventIndex, to.atMs);
    else current.seekTime(to.atMs);
    const { eventCount, nowMs } = current;
    current.seekTime(Math.max(0, nowMs - rateSpanMs));
    const before = current.frame(nothing);
    current.seek(eventCount, nowMs);
    const passed = { ...nothing, afterFlightId: before.lastFlightId, maxFlights: mostFlights };
    const passing = current.frame(passed).flights.slice(-mostPassing);
    return { ...frameAnswer(frame), before, passing };
  }

  function exported(format: ExportFormat): SimulationAnswers["export"] {
    if (!exportRun || !plan) return { type: "exported", file: null, dropped: 0 };
    const run = madeOfAccessLog(format) ? session().rerun(mostLines) : session();
    const file = exportRun(format, plan, run);
    const lines = madeOfAccessLog(format) ? run.report().dropped.find(({ name }) => name === "accessLog") : undefined;
    return { type: "exported", file, dropped: lines?.dropped ?? 0 };
  }

  function respond(request: SimulationRequest): SimulationAnswers[SimulationRequest["type"]] {
    switch (request.type) {
      case "open":
        plan = request.plan;
        exportRun = undefined;
        open = startSession(plan, request.seed, { series: true });
        return frameAnswer(nothing);
      case "advance":
        advance(request.untilMs, request.budgetMs);
        return frameAnswer(request.frame);
      case "move": {
        advance(request.untilMs, request.budgetMs);
        const current = session();
        const frame = request.frame ?? (current.finished ? nothing : null);
        return { type: "moved", movement: current.movement(request.movement), shown: frame && frameAnswer(frame) };
      }
      case "step":
        if (request.unit === "event") session().step();
        else session().stepRequest();
        return frameAnswer(request.frame);
      case "travel":
        return travel(request);
      case "change":
        session().change(request.change);
        return frameAnswer(request.frame);
      case "explain":
        return { type: "explained", explanation: session().explain(request.requestId) ?? null };
      case "series":
        return { type: "series", points: session().series(request.maxPoints) };
      case "compare":
        return { type: "compared", runs: compareRuns(request.a, request.b, request.seed) };
      case "report":
        return { type: "reported", report: session().report() };
      case "export":
        return exported(request.format);
    }
  }

  return {
    ...createAnswerer(isSimulationRequest, respond),
    prepare(data) {
      if (exportRun || !plan || !isSimulationRequest(data) || data.message.type !== "export") return undefined;
      return loadExport(plan).then(
        (loaded) => {
          exportRun = loaded;
        },
        // Offline, or another version was deployed meanwhile: the run itself is not harmed.
        () => undefined,
      );
    },
  };
}
