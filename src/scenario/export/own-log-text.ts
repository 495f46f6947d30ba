/**
 * Lines of a proxy's own access logs (`access_log` of a bootstrap) as Envoy 1.40 writes them: text or JSON of command operators. What a run
 * does not know is "-" as what is not there; whoever reads the bootstrap names it. A chunk of its own, loaded with a bootstrap that has logs.
 */
import { type CommandOperator, coalesced, type LogOperator, parseFormat, timeSpecifier } from "#base";
import { type AccessLogEntry, betweenValues, type OwnLines, takesLine } from "#engine";
import { epochSeconds } from "../epoch.ts";
import { wholeMs } from "./access-log-text.ts";

/** null: there is nothing. */
type Value = string | number | null;

interface Line {
  entry: AccessLogEntry;
  own: OwnLines;
}

/** @returns the lines of all its logs that have it, each as it stands in the file */
export function ownLogText(entry: AccessLogEntry, own: OwnLines): string {
  const line = { entry, own };
  return own.logging.loggers
    .filter(({ filter }) => filter === undefined || takesLine(filter, factsOf(line)))
    .map(({ format, omitsEmpty = false }) =>
      typeof format === "string"
        ? textOf(format, line, omitsEmpty)
        : `${JSON.stringify(jsonOf(format, line, omitsEmpty) ?? {})}\n`,
    )
    .join("");
}

/** What filters ask about. */
function factsOf({ entry, own: { shape, answer, isHealthCheck } }: Line): Parameters<typeof takesLine>[1] {
  const said = answer["grpc-status"] ?? "";
  return {
    status: entry.RESPONSE_CODE,
    flags: entry.RESPONSE_FLAGS === "-" ? [] : entry.RESPONSE_FLAGS.split(","),
    shape,
    durationMs: wholeMs(entry.DURATION),
    grpcStatus: /^\d+$/.test(said) ? Number(said) : undefined,
    isHealthCheck,
    requestId: entry.REQUEST_ID,
  };
}

function textOf(format: string, line: Line, omitsEmpty: boolean): string {
  return partsOf(format)
    .map((part) => (typeof part === "string" ? part : (valueFor(part, line) ?? (omitsEmpty ? "" : "-"))))
    .join("");
}

/** Envoy refuses a format in which a percent sign begins no operator. */
function partsOf(format: string): readonly (string | CommandOperator)[] {
  const parts = parseFormat(format);
  return typeof parts === "number" ? [format] : parts;
}

/** Names in their order. @returns undefined for what is left out */
function jsonOf(format: unknown, line: Line, omitsEmpty: boolean): unknown {
  if (typeof format === "string") {
    const parts = partsOf(format);
    const [only] = parts;
    const value = parts.length === 1 && typeof only === "object" ? valueFor(only, line) : textOf(format, line, omitsEmpty);
    return value === null && omitsEmpty ? undefined : value;
  }
  if (typeof format !== "object" || format === null) return format;
  if (Array.isArray(format)) return format.map((one) => jsonOf(one, line, omitsEmpty)).filter((one) => one !== undefined);
  const fields = Object.entries(format)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, one]) => [name, jsonOf(one, line, omitsEmpty)] as const)
    .filter(([, one]) => one !== undefined);
  // A list that has nothing in it is no empty value.
  return fields.length === 0 && omitsEmpty ? undefined : Object.fromEntries(fields);
}

function valueFor(operator: CommandOperator, line: Line): Value {
  const { name, argument, length } = operator;
  const value = operators[name as LogOperator]?.(line, argument) ?? null;
  return typeof value === "string" && length !== undefined ? value.slice(0, length) : value;
}

const operators: Readonly<Record<LogOperator, (line: Line, argument: string) => Value>> = {
  ACCESS_LOG_TYPE: () => "DownstreamEnd",
  COALESCE: (line, argument) => {
    for (const operator of coalesced(argument)) {
      const value = valueFor(operator, line);
      if (value !== null) return value;
    }
    return null;
  },
  DOWNSTREAM_DIRECT_LOCAL_ADDRESS: ({ own }) => localAddress(own),
  DOWNSTREAM_DIRECT_LOCAL_ADDRESS_WITHOUT_PORT: ({ own }) => own.logging.facts.localIp,
  DOWNSTREAM_DIRECT_LOCAL_PORT: ({ own }) => own.logging.facts.localPort,
  DOWNSTREAM_DIRECT_REMOTE_ADDRESS_WITHOUT_PORT: ({ own }) => own.logging.facts.directIp,
  DOWNSTREAM_LOCAL_ADDRESS: ({ own }) => localAddress(own),
  DOWNSTREAM_LOCAL_ADDRESS_WITHOUT_PORT: ({ own }) => own.logging.facts.localIp,
  DOWNSTREAM_LOCAL_PORT: ({ own }) => own.logging.facts.localPort,
  DOWNSTREAM_PEER_URI_SAN: ({ entry }) => said(entry.DOWNSTREAM_PEER_URI_SAN),
  DOWNSTREAM_REMOTE_ADDRESS_WITHOUT_PORT: ({ own }) => own.logging.facts.remoteIp,
  DURATION: ({ entry }) => wholeMs(entry.DURATION),
  GRPC_STATUS: ({ entry }, argument) => grpcStatus(entry, argument),
  GRPC_STATUS_NUMBER: ({ entry }) => grpcStatus(entry, "NUMBER"),
  PATH: ({ own }, argument) => path(own, argument),
  PROTOCOL: ({ entry }) => said(entry.PROTOCOL),
  QUERY_PARAM: ({ own }, argument) => queryParameter(own, argument),
  QUERY_PARAMS: ({ own }) => /\?(.*)$/s.exec(own.shape.path)?.[1] ?? null,
  REQ: requestHeader,
  REQUESTED_SERVER_NAME: ({ entry }) => said(entry.REQUESTED_SERVER_NAME),
  REQUEST_HEADER: requestHeader,
  RESP: answerHeader,
  RESPONSE_CODE: ({ entry }) => entry.RESPONSE_CODE,
  RESPONSE_CODE_DETAILS: ({ entry }) => said(entry.RESPONSE_CODE_DETAILS),
  RESPONSE_FLAGS: ({ entry }) => entry.RESPONSE_FLAGS,
  RESPONSE_FLAGS_LONG: ({ entry }) =>
    entry.RESPONSE_FLAGS.split(",")
      .map((flag) => longNames[flag] ?? flag)
      .join(","),
  RESPONSE_HEADER: answerHeader,
  ROUTE_NAME: ({ entry }) => said(entry.ROUTE_NAME),
  START_TIME: ({ entry }, argument) => time(entry.START_TIME, argument),
  UPSTREAM_CLUSTER: ({ entry }) => said(entry.UPSTREAM_CLUSTER),
  UPSTREAM_CLUSTER_RAW: ({ entry }) => said(entry.UPSTREAM_CLUSTER),
  UPSTREAM_HOST: ({ entry }) => said(entry.UPSTREAM_HOST),
  UPSTREAM_PEER_URI_SAN: ({ entry }) => said(entry.UPSTREAM_PEER_URI_SAN),
  UPSTREAM_REQUEST_ATTEMPT_COUNT: ({ entry }) => entry.UPSTREAM_REQUEST_ATTEMPT_COUNT,
  UPSTREAM_TRANSPORT_FAILURE_REASON: ({ entry }) => said(entry.UPSTREAM_TRANSPORT_FAILURE_REASON),
};

function said(text: string): string | null {
  return text === "-" ? null : text;
}

function localAddress({ logging: { facts } }: OwnLines): string {
  return `${facts.localIp}:${facts.localPort}`;
}

/** "NAME?OTHER": the other where there is no such header; of several lines the first. */
function firstOf(argument: string, header: (name: string) => string | undefined): string | null {
  const [name = "", other = ""] = argument.toLowerCase().split("?");
  const value = header(name) ?? (other === "" ? undefined : header(other));
  return value?.split(betweenValues)[0] ?? null;
}

function requestHeader({ entry, own: { shape } }: Line, argument: string): string | null {
  const pseudo: Readonly<Record<string, string>> = {
    ":authority": shape.authority,
    ":method": shape.method,
    ":path": shape.path,
    ":scheme": shape.headers["x-forwarded-proto"] ?? "http",
    host: shape.authority,
    // Who brings none is given one.
    "x-request-id": shape.headers["x-request-id"] ?? entry.REQUEST_ID,
  };
  return firstOf(argument, (name) => pseudo[name] ?? shape.headers[name]);
}

function answerHeader({ entry, own: { answer } }: Line, argument: string): string | null {
  return firstOf(argument, (name) => (name === ":status" ? String(entry.RESPONSE_CODE) : answer[name]));
}

/** "WQ" or "NQ" (with the query or without), ":", which path. */
function path({ shape }: OwnLines, argument: string): string | null {
  const [query = "", which = ""] = argument.split(":");
  const original = shape.headers["x-envoy-original-path"];
  const found = which === "ORIG" ? original : which === "PATH" ? shape.path : (original ?? shape.path);
  return found === undefined ? null : query === "NQ" ? found.replace(/\?.*$/s, "") : found;
}

/** The first of that name, what is escaped read. */
function queryParameter({ shape }: OwnLines, name: string): string | null {
  const [, query = ""] = /\?(.*)$/s.exec(shape.path) ?? [];
  for (const pair of query.split("&")) {
    const [, written = "", value = ""] = /^([^=]*)=?(.*)$/s.exec(pair) ?? [];
    if (pair !== "" && unescaped(written) === name) return unescaped(value);
  }
  return null;
}

function unescaped(text: string): string {
  return text.replace(/(?:%[\da-f]{2})+/gi, (escapes) => {
    try {
      return decodeURIComponent(escapes);
    } catch {
      return escapes;
    }
  });
}

function grpcStatus({ GRPC_STATUS, GRPC_STATUS_NUMBER }: AccessLogEntry, style: string): Value {
  if (GRPC_STATUS === "-" || GRPC_STATUS_NUMBER === "-") return null;
  if (style === "NUMBER") return GRPC_STATUS_NUMBER;
  if (style !== "SNAKE_STRING") return GRPC_STATUS;
  // absl::StatusCode has its own words for two of them.
  if (GRPC_STATUS === "OK" || GRPC_STATUS === "Canceled") return GRPC_STATUS === "OK" ? "OK" : "CANCELLED";
  return GRPC_STATUS.replace(/(?<!^)([A-Z])/g, "_$1").toUpperCase();
}

/** In UTC. @param format of strftime, with Envoy's %f; "" = to a millisecond */
function time(virtualMs: number, format: string): string {
  const iso = new Date(epochSeconds * 1000 + Math.floor(virtualMs)).toISOString();
  if (format === "") return iso;
  const [, year = "", month = "", day = "", clock = "", ms = ""] = /^(\d+)-(\d+)-(\d+)T([\d:]+)\.(\d+)Z$/.exec(iso) ?? [];
  const [hour = "", minute = "", second = ""] = clock.split(":");
  const parts = new Date(iso).toUTCString();
  const written: Readonly<Record<string, string>> = {
    "%": "%",
    F: `${year}-${month}-${day}`,
    H: hour,
    M: minute,
    S: second,
    T: clock,
    Y: year,
    Z: "UTC",
    a: parts.slice(0, 3),
    b: parts.slice(8, 11),
    d: day,
    e: String(Number(day)).padStart(2),
    m: month,
    s: String(Math.floor(Date.parse(iso) / 1000)),
    z: "+0000",
  };
  return format.replace(timeSpecifier, (whole, digits?: string, ofSecond?: string, one?: string) => {
    const fraction = (count: number) => ms.padEnd(9, "0").slice(0, count);
    if (one !== undefined) return written[one] ?? whole;
    return ofSecond === undefined ? fraction(Number(digits ?? 9)) : `${second}.${fraction(Number(ofSecond))}`;
  });
}

/** As %RESPONSE_FLAGS_LONG% has them. */
const longNames: Readonly<Record<string, string>> = {
  DC: "DownstreamConnectionTermination",
  DI: "DelayInjected",
  DO: "DropOverload",
  DPE: "DownstreamProtocolError",
  DT: "DurationTimeout",
  FI: "FaultInjected",
  IH: "InvalidEnvoyRequestHeaders",
  LH: "FailedLocalHealthCheck",
  LR: "LocalReset",
  NC: "NoClusterFound",
  NR: "NoRouteFound",
  RL: "RateLimited",
  RLSE: "RateLimitServiceError",
  SI: "StreamIdleTimeout",
  UAEX: "UnauthorizedExternalService",
  UC: "UpstreamConnectionTermination",
  UDO: "UnconditionalDropOverload",
  UF: "UpstreamConnectionFailure",
  UH: "NoHealthyUpstream",
  UMSDR: "UpstreamMaxStreamDurationReached",
  UO: "UpstreamOverflow",
  UPE: "UpstreamProtocolError",
  UR: "UpstreamRemoteReset",
  URX: "UpstreamRetryLimitExceeded",
  UT: "UpstreamRequestTimeout",
};
