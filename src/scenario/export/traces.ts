/**
 * Requests as traces: OTLP/JSON (opentelemetry-proto, docs/specification.md "JSON Protobuf Encoding": ids in hex, 64-bit numbers as
 * decimal strings, enums as numbers) and the JSON that Jaeger's UI opens and its query service answers with. One span a hop, as the
 * caller's proxy writes it, or the server's where the caller has none (Envoy, "Tracing": a 5xx is an error); each upstream try is an event
 * of its span.
 */
import type { AttemptExplanation, HopExplanation, RequestExplanation } from "#engine";
import { epochSeconds } from "../epoch.ts";

type Value = string | number | boolean;
type Attributes = Readonly<Record<string, Value>>;

interface TracedHop {
  hop: HopExplanation;
  /** Whose proxy writes the span. */
  service: string;
  kind: "client" | "server";
  /** Absent where an application did not hand the headers on: another trace begins. */
  parent: HopExplanation | undefined;
}

/** SpanKind and STATUS_CODE_ERROR of opentelemetry/proto/trace/v1/trace.proto. */
const spanKinds = { server: 2, client: 3 } as const;
const statusError = 2;

export function otlpTraces(requests: readonly RequestExplanation[]): string {
  const byService = Map.groupBy(requests.flatMap(tracedHops), ({ service }) => service);
  const resourceSpans = [...byService].map(([service, hops]) => ({
    resource: { attributes: keyValues({ "service.name": service }) },
    scopeSpans: [{ scope: { name: "meshwise" }, spans: hops.map(otlpSpan) }],
  }));
  return `${JSON.stringify({ resourceSpans }, null, 2)}\n`;
}

function otlpSpan(traced: TracedHop) {
  const { hop, parent, kind } = traced;
  return {
    traceId: hop.trace.traceId,
    spanId: hop.trace.spanId,
    ...(parent ? { parentSpanId: parent.trace.spanId } : {}),
    name: nameOf(hop),
    kind: spanKinds[kind],
    startTimeUnixNano: nanoseconds(hop.startMs),
    endTimeUnixNano: nanoseconds(endOf(hop)),
    attributes: keyValues(attributesOf(traced)),
    events: hop.attempts.map((attempt, index) => ({
      timeUnixNano: nanoseconds(attempt.startMs),
      name: tryName(index),
      attributes: keyValues(tryAttributes(attempt)),
    })),
    status: isError(hop) ? { code: statusError } : {},
  };
}

function keyValues(attributes: Attributes) {
  return Object.entries(attributes).map(([key, value]) => ({ key, value: anyValue(value) }));
}

function anyValue(value: Value) {
  if (typeof value === "string") return { stringValue: value };
  if (typeof value === "boolean") return { boolValue: value };
  return Number.isInteger(value) ? { intValue: String(value) } : { doubleValue: value };
}

export function jaegerTraces(requests: readonly RequestExplanation[]): string {
  const byTrace = Map.groupBy(requests.flatMap(tracedHops), ({ hop }) => hop.trace.traceId);
  const data = [...byTrace].map(([traceID, hops]) => {
    const services = [...new Set(hops.map(({ service }) => service))];
    const processOf = (service: string) => `p${services.indexOf(service) + 1}`;
    return {
      traceID,
      spans: hops.map((one) => jaegerSpan(one, processOf(one.service))),
      processes: Object.fromEntries(services.map((service) => [processOf(service), { serviceName: service, tags: [] }])),
      warnings: null,
    };
  });
  return `${JSON.stringify({ data, total: data.length, limit: 0, offset: 0, errors: null }, null, 2)}\n`;
}

function jaegerSpan(traced: TracedHop, processID: string) {
  const { hop, parent, kind } = traced;
  const { traceId: traceID, spanId: spanID } = hop.trace;
  return {
    traceID,
    spanID,
    operationName: nameOf(hop),
    references: parent ? [{ refType: "CHILD_OF", traceID, spanID: parent.trace.spanId }] : [],
    startTime: microseconds(hop.startMs),
    duration: Math.max(0, microseconds(endOf(hop)) - microseconds(hop.startMs)),
    tags: tags({ "span.kind": kind, ...attributesOf(traced), ...(isError(hop) ? { error: true } : {}) }),
    logs: hop.attempts.map((attempt, index) => ({
      timestamp: microseconds(attempt.startMs),
      fields: tags({ event: tryName(index), ...tryAttributes(attempt) }),
    })),
    processID,
    warnings: null,
  };
}

function tags(attributes: Attributes) {
  return Object.entries(attributes).map(([key, value]) => ({
    key,
    type:
      typeof value === "string" ? "string" : typeof value === "boolean" ? "bool" : Number.isInteger(value) ? "int64" : "float64",
    value,
  }));
}

function tracedHops({ hops }: RequestExplanation): TracedHop[] {
  const written = new Map(hops.map((hop) => [hop.spanId, writerOf(hop)]));
  return hops.flatMap((hop) => {
    const writer = written.get(hop.spanId);
    if (!writer) return [];
    const parent = hops.find(({ spanId }) => spanId === hop.parentSpanId && written.get(spanId));
    return [{ hop, ...writer, parent: parent?.trace.traceId === hop.trace.traceId ? parent : undefined }];
  });
}

/** @returns null where nobody writes a span: neither side has a proxy, or the bytes pass as TCP */
function writerOf({ from, decisions, attempts }: HopExplanation): Pick<TracedHop, "service" | "kind"> | null {
  const taken = decisions.find(({ stage }) => stage === "capture");
  if (decisions.some(({ code }) => code === "route.tcp" || code === "route.passThrough")) return null;
  // What comes from outside is written by the proxy at the edge; what a proxy sends of its own is not taken from anybody.
  if (taken?.code === "capture.gateway" || taken?.code === "capture.bootstrap")
    return { service: String(taken.params.proxy).split(".")[0] ?? "", kind: "client" };
  if (taken === undefined || taken.code === "capture.sidecar") return { service: from, kind: "client" };
  const server = attempts.find(({ workload }) => workload !== "")?.workload;
  return server !== undefined && decisions.some(({ side }) => side === "server") ? { service: server, kind: "server" } : null;
}

/** As Istio names an operation: the host that was called, and any path of it. */
function nameOf(hop: HopExplanation): string {
  return `${/^[^:]+:\/\/([^/]+)/.exec(hop.url)?.[1] ?? hop.to}/*`;
}

/** Envoy's own tags. */
function attributesOf({ hop, service }: TracedHop): Attributes {
  const { method, url, status, grpcStatus, flags, attempts } = hop;
  return {
    component: "proxy",
    node_id: service,
    "http.method": method,
    "http.url": url,
    "http.status_code": status ?? 0,
    ...(grpcStatus === undefined ? {} : { "grpc.status_code": String(grpcStatus) }),
    response_flags: flags.join(",") || "-",
    ...(attempts.length > 0 ? { upstream_address: attempts.at(-1)?.address ?? "" } : {}),
  };
}

function tryAttributes({ address, workload, replica, status, flag, startMs, endMs }: AttemptExplanation): Attributes {
  return {
    upstream_address: address,
    ...(workload === "" ? {} : { workload, replica }),
    ...(status === null ? {} : { "http.status_code": status }),
    ...(flag === "" ? {} : { response_flags: flag }),
    ...(endMs === null ? {} : { duration_ms: endMs - startMs }),
  };
}

function tryName(index: number): string {
  return `upstream try ${index + 1}`;
}

function isError({ status, grpcStatus }: HopExplanation): boolean {
  return status === null || status === 0 || status >= 500 || grpcStatus !== undefined;
}

/** A request under way ends, for now, where its last try did. */
function endOf({ startMs, endMs, attempts }: HopExplanation): number {
  return endMs ?? attempts.at(-1)?.endMs ?? startMs;
}

/** Whole nanoseconds since 1970 are beyond a double's digits. */
function nanoseconds(virtualMs: number): string {
  return String(BigInt(epochSeconds) * 1_000_000_000n + BigInt(Math.round(virtualMs * 1_000_000)));
}

function microseconds(virtualMs: number): number {
  return epochSeconds * 1_000_000 + Math.round(virtualMs * 1000);
}
