/**
 * Stand-ins for the two workers: client → checkout → payments v1/v2 with counters that are plain functions of virtual time.
 * They read and simulate nothing; they let the page's own logic be tested without an engine.
 */
import type { FinishedRequest, Flight, RequestExplanation } from "#engine";
import type { Diagnostic, MeshFile } from "#mesh";
import type { Crashed, MeshAnswers, MeshRequest, SimulationAnswers, SimulationRequest, WorkerResponse } from "#protocol";
import type { Frame, FrameOptions, KeptChange, RunPlan, Topology } from "#scenario";
import type { MeshLink, SimulationLink, WorkerLink } from "../../../src/ui/sandbox/run/worker-link.ts";

export const topology: Topology = {
  services: [
    { name: "checkout", namespace: "shop", external: false },
    { name: "payments", namespace: "shop", external: false },
  ],
  workloads: [
    { name: "client", namespace: "shop", service: "", labels: {}, replicas: 1, meshed: false },
    { name: "checkout", namespace: "shop", service: "checkout", labels: {}, replicas: 2, meshed: true },
    { name: "payments-v1", namespace: "shop", service: "payments", labels: { version: "v1" }, replicas: 4, meshed: true },
    { name: "payments-v2", namespace: "shop", service: "payments", labels: { version: "v2" }, replicas: 1, meshed: true },
  ],
  callers: [{ name: "client", namespace: "shop", traffic: ["shopping"] }],
  edges: [
    { from: "client", to: "checkout" },
    { from: "checkout", to: "payments" },
  ],
};

export interface FakeOptions {
  /** Every n-th request fails; 0 = none. */
  failEvery?: number;
  durationMs?: number;
  /** Called before each answer; may throw to play a crash or wait to play a silent worker. */
  before?(message: MeshRequest | SimulationRequest): Promise<void> | void;
}

const perSecond = 100;
const latencyMs = 12;
const eventsPerRequest = 8;

type Fake<Link, Request> = Link & { asked: Request[]; closed: boolean };

/** Plans that say no more than where they come from. */
export const fakePlan: RunPlan = { topology, config: { timeline: [] }, diagnostics: [] } as unknown as RunPlan;

export function fakeMesh({ before }: FakeOptions = {}): Fake<MeshLink, MeshRequest> {
  return fakeLink<MeshRequest, MeshAnswers>(before, (message) => {
    const diagnostics = fakeDiagnostics("files" in message ? message.files : []);
    switch (message.type) {
      case "lint":
        return { type: "linted", diagnostics };
      case "countEdits":
        return { type: "editsCounted", edits: message.to.split("\n").length };
      case "readParts":
        return { type: "partsRead", parts: [] };
      case "editText":
        return { type: "textEdited", text: null };
      case "complete":
        return { type: "completed", completion: null };
      case "planAction": {
        const change = { type: "together", changes: [] } as const;
        const entry = { atMs: message.nowMs, path: [], type: "controlPlane", up: false } as const;
        return { type: "actionPlanned", planned: { change, entry }, diagnostics };
      }
      case "describe":
        return { type: "described", field: null };
      case "plan":
        return { type: "planned", plan: diagnostics.length > 0 ? null : fakePlan, diagnostics };
      case "planChange": {
        const change = { mesh: {}, stages: [], documents: [], topology } as unknown as NonNullable<
          MeshAnswers["planChange"]["change"]
        >;
        return { type: "changePlanned", change: diagnostics.length > 0 ? null : change, diagnostics };
      }
    }
  });
}

export function fakeSimulation(options: FakeOptions = {}): Fake<SimulationLink, SimulationRequest> {
  const { failEvery = 20, durationMs = 10_000, before } = options;
  let nowMs = 0;
  let open = false;
  let changes: KeptChange[] = [];
  const eventsAt = (ms: number) => Math.floor((ms * perSecond) / 1000) * eventsPerRequest;
  const made = () => changes.filter(({ atMs, afterEvents }) => atMs <= nowMs && afterEvents <= eventsAt(nowMs)).length;

  function answer(message: SimulationRequest): SimulationAnswers[keyof SimulationAnswers] {
    switch (message.type) {
      case "open":
        nowMs = 0;
        open = true;
        changes = [];
        break;
      case "change":
        changes = [...changes.slice(0, made()), { ...message.change, atMs: nowMs, afterEvents: eventsAt(nowMs) }];
        break;
      case "travel":
        if (message.changes) changes = message.changes;
        if (message.to === "previousRequest") nowMs = Math.max(0, nowMs - 1000 / perSecond);
        else if ("eventIndex" in message.to)
          nowMs = message.to.atMs ?? (message.to.eventIndex / eventsPerRequest / perSecond) * 1000;
        else nowMs = message.to.atMs;
        break;
      case "compare":
        return { type: "compared", runs: { seed: message.seed, a: {}, b: {}, divergence: null } };
      case "export":
        return { type: "exported", file: { text: message.format, count: 1 }, dropped: 0 };
      case "series":
        return { type: "series", points: [] };
      case "explain":
        return { type: "explained", explanation: fakeExplanation(message.requestId, failEvery) };
      case "advance":
      case "move":
        nowMs = Math.max(nowMs, Math.min(message.untilMs, durationMs));
        break;
      case "step":
        nowMs = Math.min(nowMs + 1000 / perSecond, durationMs);
        break;
      default:
        break;
    }
    if (!open) throw new Error("no session is open");
    const frame = ("frame" in message && message.frame) || { afterFlightId: -1, maxFlights: 0, maxRequests: 0 };
    const shown = { ...frameAt(nowMs, failEvery, durationMs, frame), changesMade: made() };
    const hash = `hash-${nowMs} ${changes.slice(0, made()).map(({ id }) => id)}`;
    if (message.type === "move") {
      const { eventCount, finished, lastFlightId, requests } = shown;
      const { maxFlights, afterFlightId } = message.movement;
      const { flights } = frameAt(nowMs, failEvery, durationMs, { afterFlightId, maxFlights, maxRequests: 0 });
      const movement = { nowMs, eventCount, finished, flights, lastFlightId, failed: [], requestsEnded: requests.length };
      const isShown = message.frame !== null || finished;
      return { type: "moved", movement, shown: isShown ? { type: "frame", frame: shown, traceHash: hash } : null };
    }
    const before = frameAt(Math.max(0, nowMs - 1000), failEvery, durationMs, frame);
    const passed = { afterFlightId: before.lastFlightId, maxFlights: 4096, maxRequests: 0 };
    return {
      type: "frame",
      frame: shown,
      before,
      passing: frameAt(nowMs, failEvery, durationMs, passed).flights,
      traceHash: hash,
    };
  }
  return fakeLink<SimulationRequest, SimulationAnswers>(before, answer);
}

function fakeLink<Request extends { type: string }, Answers extends Record<Request["type"], WorkerResponse>>(
  before: ((message: never) => Promise<void> | void) | undefined,
  answer: (message: Request) => Answers[Request["type"]],
): Fake<WorkerLink<Request, Answers>, Request> {
  const link = {
    asked: [] as Request[],
    closed: false,
    async ask<Type extends Request["type"]>(message: Extract<Request, { type: Type }>): Promise<Answers[Type] | Crashed> {
      link.asked.push(message);
      try {
        await before?.(message as never);
        return answer(message) as Answers[Type];
      } catch (failure) {
        return { type: "crashed", message: failure instanceof Error ? failure.message : String(failure), stack: "at fake" };
      }
    },
    close() {
      link.closed = true;
    },
  };
  return link;
}

/** Any text with the word REFUSE is refused at that line. */
function fakeDiagnostics(files: readonly MeshFile[]): Diagnostic[] {
  return files.flatMap((file) =>
    file.text.split("\n").flatMap((line, index): Diagnostic[] =>
      line.includes("REFUSE")
        ? [
            {
              code: "MESH1999",
              severity: "error",
              source: "apiserver",
              params: {},
              file: file.name,
              kind: "VirtualService",
              name: "payments",
              namespace: "shop",
              path: "spec",
              line: index + 1,
              column: 1,
              endLine: index + 1,
              endColumn: line.length + 1,
            },
          ]
        : [],
    ),
  );
}

function frameAt(nowMs: number, failEvery: number, durationMs: number, options: FrameOptions): Frame {
  const count = Math.floor((nowMs * perSecond) / 1000);
  const failed = failEvery > 0 ? Math.floor(count / failEvery) : 0;
  const toV2 = failEvery > 0 ? Math.floor(count / failEvery) : 0;
  const latency = { count, mean: latencyMs, min: 4, max: 40, p50: 10, p90: 22, p95: 28, p99: 36 };
  const hop = (from: string, to: string, firstHop: boolean, mutual: boolean) => ({
    traffic: 0,
    firstHop,
    from: { name: from, namespace: "shop" },
    to: { name: to, namespace: "shop" },
    requests: count,
    ok: count - failed,
    attempts: count,
    statuses: { "200": count - failed, "503": failed },
    flags: (failed > 0 ? { URX: failed } : {}) as Readonly<Record<string, number>>,
    latency,
    security: mutual ? { mutual_tls: count, none: 0 } : { mutual_tls: 0, none: count },
  });
  const arrival = (workload: string, requests: number, plaintext: number) => ({
    workload,
    namespace: "shop",
    replica: 0,
    traffic: 0,
    requests,
    shadows: 0,
    denied: 0,
    plaintext,
  });
  return {
    nowMs,
    durationMs,
    eventCount: count * eventsPerRequest,
    finished: nowMs >= durationMs,
    changesMade: 0,
    edges: [hop("client", "checkout", true, false), hop("checkout", "payments", false, true)],
    replicas: topology.workloads.flatMap((workload) =>
      Array.from({ length: workload.replicas }, (_, replica) => ({
        workload: workload.name,
        namespace: workload.namespace,
        service: workload.service,
        replica,
        address: `10.0.0.${replica}:8080`,
        state: "healthy" as const,
        active: 1,
        queued: 0,
      })),
    ),
    flights: flightsUpTo(count, failEvery, options),
    lastFlightId: count * 4 + 3,
    requests: requestsUpTo(count, failEvery, options.maxRequests),
    arrivals: [arrival("checkout", count, count), arrival("payments-v1", count - toV2, 0), arrival("payments-v2", toV2, 0)],
    ejections: [],
    goal: {
      passed: count >= 500,
      checks: [
        {
          metric: "share",
          of: "payments-v2",
          between: [0.03, 0.07],
          value: count > 0 ? toV2 / count : null,
          passed: count >= 500,
        },
      ],
    },
  };
}

function isFailedNumber(number: number, failEvery: number): boolean {
  return failEvery > 0 && number % failEvery === 0;
}

function flightsUpTo(count: number, failEvery: number, options: FrameOptions): Flight[] {
  const flights: Flight[] = [];
  for (
    let number = Math.floor(Math.max(options.afterFlightId, -1) / 4) + 1;
    number <= count && flights.length < options.maxFlights;
    number++
  ) {
    const failed = isFailedNumber(number, failEvery);
    const workload = failed ? "payments-v2" : "payments-v1";
    const message = (
      part: number,
      kind: Flight["kind"],
      from: string,
      to: string,
      toWorkload: string,
      status: number,
    ): Flight => ({
      id: number * 4 + part,
      requestId: number,
      kind,
      attempt: 1,
      from,
      to,
      toWorkload,
      toReplica: 0,
      atMs: (number * 1000) / perSecond,
      status,
      flags: "",
      mutualTls: from === "checkout",
    });
    flights.push(
      message(0, "request", "client", "checkout", "checkout", 0),
      message(1, "request", "checkout", "payments", workload, 0),
      message(2, "response", "checkout", "payments", workload, failed ? 503 : 200),
      message(3, "response", "client", "checkout", "checkout", failed ? 503 : 200),
    );
  }
  return flights.filter((flight) => flight.id > options.afterFlightId);
}

function requestsUpTo(count: number, failEvery: number, limit: number): FinishedRequest[] {
  const first = Math.max(1, count - limit + 1);
  return Array.from({ length: Math.max(0, count - first + 1) }, (_, index) => {
    const number = first + index;
    return {
      requestId: number,
      traffic: "shopping",
      startMs: ((number - 1) * 1000) / perSecond,
      endMs: ((number - 1) * 1000) / perSecond + latencyMs,
      method: "POST",
      url: "http://checkout.shop:8080/checkout",
      status: isFailedNumber(number, failEvery) ? 503 : 200,
      flags: "-",
    };
  });
}

export function fakeExplanation(requestId: number, failEvery = 20): RequestExplanation {
  const failed = isFailedNumber(requestId, failEvery);
  const status = failed ? 503 : 200;
  const source = {
    kind: "VirtualService",
    name: "payments",
    namespace: "shop",
    path: "spec.http[0].retries.retryOn",
    file: "canary.yaml",
    line: 14,
    column: 7,
  };
  return {
    requestId,
    log: [],
    hops: [
      {
        spanId: 1,
        parentSpanId: null,
        trace: { traceId: "00000000000000000000000000000001", spanId: "0000000000000001", traceparent: "", b3: "" },
        from: "client",
        to: "checkout",
        method: "POST",
        url: "http://checkout.shop:8080/checkout",
        startMs: 0,
        endMs: 14,
        status,
        flags: [],
        attempts: [{ startMs: 0, endMs: 14, address: "10.0.0.2:8080", workload: "checkout", replica: 0, status, flag: "" }],
        decisions: [],
      },
      {
        spanId: 2,
        parentSpanId: 1,
        trace: { traceId: "00000000000000000000000000000001", spanId: "0000000000000001", traceparent: "", b3: "" },
        from: "checkout",
        to: "payments",
        method: "POST",
        url: "http://payments.shop:8080/pay",
        startMs: 2,
        endMs: 13,
        status,
        flags: [],
        attempts: [{ startMs: 2, endMs: 13, address: "10.0.0.9:8080", workload: "payments-v2", replica: 0, status, flag: "" }],
        decisions: [
          {
            atMs: 2,
            stage: "route",
            code: "route.matched",
            params: { route: "default" },
            by: "checkout.shop",
            side: "client",
            source: { ...source, path: "spec.http[0]", line: 7 },
            considered: [],
          },
          ...(failed
            ? [
                {
                  atMs: 13,
                  stage: "retry" as const,
                  code: "retry.notMatched",
                  params: { status: 503, retryOn: "connect-failure" },
                  by: "checkout.shop",
                  side: "client" as const,
                  source,
                  considered: [{ code: "retry.condition", params: { condition: "connect-failure" }, source }],
                },
              ]
            : []),
        ],
      },
    ],
  };
}
