/** An access-log entry as one line, in the order of Istio's default format, with the fields a run knows. */

/** Envoy's command operators, in the order in which Istio writes them (istio.io, "Envoy Access Logs"); the rest follows. */
export const logFields = [
  "START_TIME",
  "METHOD",
  "PATH",
  "PROTOCOL",
  "RESPONSE_CODE",
  "RESPONSE_FLAGS",
  "RESPONSE_CODE_DETAILS",
  "UPSTREAM_TRANSPORT_FAILURE_REASON",
  "DURATION",
  "REQUEST_ID",
  "AUTHORITY",
  "UPSTREAM_HOST",
  "UPSTREAM_CLUSTER",
  "DOWNSTREAM_REMOTE_ADDRESS_WITHOUT_PORT",
  "REQUESTED_SERVER_NAME",
  "ROUTE_NAME",
  "UPSTREAM_REQUEST_ATTEMPT_COUNT",
  "DOWNSTREAM_PEER_URI_SAN",
  "UPSTREAM_PEER_URI_SAN",
  "GRPC_STATUS",
  "TRACE_ID",
] as const;

/** By Envoy's command operators; START_TIME in ms of virtual time, or as a date. */
export type LoggedRequest = Readonly<Record<(typeof logFields)[number], string | number>>;

const quoted: ReadonlySet<string> = new Set(["UPSTREAM_TRANSPORT_FAILURE_REASON", "REQUEST_ID", "AUTHORITY", "UPSTREAM_HOST"]);

export function accessLogLine(entry: LoggedRequest): string {
  const [start, method, path, protocol, ...rest] = logFields.slice(0, 16);
  if (!start || !method || !path || !protocol) return "";
  const words = rest.map((field) => (quoted.has(field) ? `"${entry[field]}"` : shown(entry[field])));
  return [`[${shown(entry[start])}]`, `"${entry[method]} ${entry[path]} ${entry[protocol]}"`, ...words].join(" ");
}

/** Times to a microsecond: what lies below is how they were added up. */
function shown(value: string | number): string {
  return typeof value === "number" ? String(Number(value.toFixed(3))) : value;
}
