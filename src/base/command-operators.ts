/** Envoy's command operators as a text holds them (access log formats, values of headers), and which of them lines of logs have here. Pure. */

/** "%NAME(argument):length%". */
export interface CommandOperator {
  name: string;
  /** "" without one. */
  argument: string;
  length?: number;
}

/** As SubstitutionFormatParser::parse finds them. @returns where what stands behind a percent sign is none, or the parts in their order */
export function parseFormat(format: string): number | readonly (string | CommandOperator)[] {
  const parts: (string | CommandOperator)[] = [];
  let at = 0;
  while (at < format.length) {
    if (format[at] !== "%") {
      const next = format.indexOf("%", at);
      const end = next < 0 ? format.length : next;
      parts.push(format.slice(at, end));
      at = end;
      continue;
    }
    command.lastIndex = at;
    const found = command.exec(format);
    if (found === null) return at;
    const [whole, name, argument = "", length] = found;
    parts.push(name === undefined ? "%" : { name, argument, ...(length === undefined ? {} : { length: Number(length) }) });
    at += whole.length;
  }
  return parts;
}

const command = /%(?:%|([A-Z0-9_]+)(?:\(([^\r\n]*?)\))?(?::(\d+))?%)/y;

/** The operators that COALESCE asks, each until one has something to say. */
export function coalesced(argument: string): CommandOperator[] {
  const { operators } = JSON.parse(argument) as {
    operators: (string | { command: string; param?: string; max_length?: number })[];
  };
  return operators.map((one) =>
    typeof one === "string"
      ? { name: one, argument: "" }
      : {
          name: one.command,
          argument: one.param ?? "",
          ...(one.max_length === undefined ? {} : { length: one.max_length }),
        },
  );
}

/** Those whose values a run knows. */
export const logOperators = [
  "ACCESS_LOG_TYPE",
  "COALESCE",
  "DOWNSTREAM_DIRECT_LOCAL_ADDRESS",
  "DOWNSTREAM_DIRECT_LOCAL_ADDRESS_WITHOUT_PORT",
  "DOWNSTREAM_DIRECT_LOCAL_PORT",
  "DOWNSTREAM_DIRECT_REMOTE_ADDRESS_WITHOUT_PORT",
  "DOWNSTREAM_LOCAL_ADDRESS",
  "DOWNSTREAM_LOCAL_ADDRESS_WITHOUT_PORT",
  "DOWNSTREAM_LOCAL_PORT",
  "DOWNSTREAM_PEER_URI_SAN",
  "DOWNSTREAM_REMOTE_ADDRESS_WITHOUT_PORT",
  "DURATION",
  "GRPC_STATUS",
  "GRPC_STATUS_NUMBER",
  "PATH",
  "PROTOCOL",
  "QUERY_PARAM",
  "QUERY_PARAMS",
  "REQ",
  "REQUESTED_SERVER_NAME",
  "REQUEST_HEADER",
  "RESP",
  "RESPONSE_CODE",
  "RESPONSE_CODE_DETAILS",
  "RESPONSE_FLAGS",
  "RESPONSE_FLAGS_LONG",
  "RESPONSE_HEADER",
  "ROUTE_NAME",
  "START_TIME",
  "UPSTREAM_CLUSTER",
  "UPSTREAM_CLUSTER_RAW",
  "UPSTREAM_HOST",
  "UPSTREAM_PEER_URI_SAN",
  "UPSTREAM_REQUEST_ATTEMPT_COUNT",
  "UPSTREAM_TRANSPORT_FAILURE_REASON",
] as const;

export type LogOperator = (typeof logOperators)[number];

/** Whether a line has what Envoy would write; elsewhere it has "-". @param operator one that Envoy takes */
export function isLogged({ name, argument }: CommandOperator): boolean {
  if (name === "COALESCE") return coalesced(argument).every(isLogged);
  if (name === "RESP" || name === "RESPONSE_HEADER") return !headersNotMade.test(argument);
  if (name === "REQUESTED_SERVER_NAME") return argument === "";
  if (name === "START_TIME") return argument.replace(timeSpecifier, "").search("%") < 0;
  return (logOperators as readonly string[]).includes(name);
}

/** Headers of answers that no proxy here sets. */
const headersNotMade = /^(?:server|date|content-(?:type|length)|x-envoy-upstream-service-time)(?:\?|$)/i;

/** What of strftime is known in %START_TIME%, with Envoy's own parts of a second. */
export const timeSpecifier = /%(?:([1-9])?f|E([1-9])S|([YmdHMSTFsbaezZ%]))/g;
