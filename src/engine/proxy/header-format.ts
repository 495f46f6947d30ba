/** Envoy's command operators in the values of headers to add (access log formatting, "Custom request/response headers"). Pure. */
import { firstLine } from "./matching/matchers.ts";
import { betweenValues, type RequestShape } from "./matching/request-shape.ts";

/** What operators can ask about before a host is chosen. */
export interface FormatFacts {
  shape: RequestShape;
  isHttp2: boolean;
  /** The trusted client, and who opened the connection. */
  remoteIp: string;
  directIp: string;
  localIp: string;
  localPort: number;
  serverName: string;
  /** SPIFFE identity of the client's certificate without the scheme, "" without one. */
  identity: string;
  routeName: string;
  cluster: string;
  /** Of a header of an answer: what is known of it by then. */
  answer?: { status: number; flags: string; details: string; host: string; headers: Readonly<Record<string, string>> };
}

const operators: Readonly<Record<string, (facts: FormatFacts) => string>> = {
  PROTOCOL: ({ isHttp2 }) => (isHttp2 ? "HTTP/2" : "HTTP/1.1"),
  // The client's port is nobody's in particular.
  DOWNSTREAM_REMOTE_ADDRESS: ({ remoteIp }) => `${remoteIp}:0`,
  DOWNSTREAM_REMOTE_ADDRESS_WITHOUT_PORT: ({ remoteIp }) => remoteIp,
  DOWNSTREAM_DIRECT_REMOTE_ADDRESS: ({ directIp }) => `${directIp}:0`,
  DOWNSTREAM_DIRECT_REMOTE_ADDRESS_WITHOUT_PORT: ({ directIp }) => directIp,
  DOWNSTREAM_LOCAL_ADDRESS: ({ localIp, localPort }) => `${localIp}:${localPort}`,
  DOWNSTREAM_LOCAL_ADDRESS_WITHOUT_PORT: ({ localIp }) => localIp,
  DOWNSTREAM_LOCAL_PORT: ({ localPort }) => String(localPort),
  REQUESTED_SERVER_NAME: ({ serverName }) => serverName,
  DOWNSTREAM_PEER_URI_SAN: ({ identity }) => (identity === "" ? "" : `spiffe://${identity}`),
  ROUTE_NAME: ({ routeName }) => routeName,
  UPSTREAM_CLUSTER: ({ cluster }) => cluster,
  UPSTREAM_CLUSTER_RAW: ({ cluster }) => cluster,
  // Of a request's headers nobody was asked yet, and nothing came back.
  UPSTREAM_HOST: ({ answer }) => answer?.host ?? "",
  RESPONSE_CODE: ({ answer }) => String(answer?.status ?? 0),
  RESPONSE_CODE_DETAILS: ({ answer }) => answer?.details ?? "",
  RESPONSE_FLAGS: ({ answer }) => answer?.flags ?? "-",
};

/** "%%", "%NAME%", "%NAME(argument)%" or "%NAME(argument):length%". */
const operator = /%(?:%|([A-Z_]+)(?:\(([^)]*)\))?(?::(\d+))?%)/g;

/** Whether every operator of a value is known here. */
export function isFormattable(value: string): boolean {
  return [...value.matchAll(operator)].every(
    ([, name]) => name === undefined || name === "REQ" || name === "RESP" || name in operators,
  );
}

/** Envoy does not read a percent sign that begins no operator, nor REQ without the name of a header. */
export function isMalformed(value: string): boolean {
  return value.replace(operator, "").includes("%") || /%(?:REQ|RESP|TRAILER)(?::\d+)?%/.test(value);
}

/** What is not there is the empty text. */
export function formatValue(value: string, facts: FormatFacts): string {
  return value.replace(operator, (_, name: string | undefined, argument = "", length: string | undefined) => {
    if (name === undefined) return "%";
    const found = name === "REQ" ? requestHeader(argument, facts.shape) : ofAnswer(name, argument, facts);
    return length === undefined ? found : found.slice(0, Number(length));
  });
}

function ofAnswer(name: string, argument: string, facts: FormatFacts): string {
  if (name !== "RESP") return operators[name]?.(facts) ?? "";
  const [first = "", other = ""] = argument.toLowerCase().split("?");
  const headers = facts.answer?.headers ?? {};
  return (headers[first] ?? headers[other] ?? "").split(betweenValues)[0] ?? "";
}

/** "NAME?OTHER": the other where there is no such header. */
function requestHeader(argument: string, shape: RequestShape): string {
  const [name = "", other = ""] = argument.split("?");
  return firstLine(shape, name) ?? firstLine(shape, other) ?? "";
}
