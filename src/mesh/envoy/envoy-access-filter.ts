/** config.accesslog.v3.AccessLogFilter, of access logs and of local_reply_config. */
import type { AccessLogFilter } from "#engine";
import { at, type Field, flag, items, number, text, texts } from "../translation/field.ts";
import { readHeaderMatcher } from "./envoy-matcher.ts";

/** What is asked of: a line, which is written when its request has ended, or an answer of the proxy's own. */
type LogType = "DownstreamEnd" | "NotSet";

const always: AccessLogFilter = { type: "and", filters: [] };
const never: AccessLogFilter = { type: "or", filters: [] };

/** @returns undefined: it asks for what is not simulated */
export function readAccessFilter(field: Field | undefined, logType: LogType): AccessLogFilter | undefined {
  for (const [name, type] of Object.entries({ status_code_filter: "status", duration_filter: "duration" } as const)) {
    const comparison = at(field, name, "comparison");
    if (comparison === undefined) continue;
    text(comparison, "value", "runtime_key");
    const op = (text(comparison, "op") ?? "EQ") as "EQ";
    return { type, op, value: number(comparison, "value", "default_value") ?? 0 };
  }
  const flags = at(field, "response_flag_filter");
  if (flags !== undefined) return { type: "flags", flags: texts(flags, "flags") };
  const header = at(field, "header_filter", "header");
  if (header !== undefined) return { type: "header", header: readHeaderMatcher(header) };
  const grpc = at(field, "grpc_status_filter");
  if (grpc !== undefined) {
    const codes = texts(grpc, "statuses").map((name) => grpcCodes.indexOf(name));
    return { type: "grpcStatus", codes, excludes: flag(grpc, "exclude") === true };
  }
  const types = at(field, "log_type_filter");
  if (types !== undefined) return texts(types, "types").includes(logType) !== (flag(types, "exclude") === true) ? always : never;
  if (at(field, "not_health_check_filter") !== undefined) return { type: "notHealthCheck" };
  // Without tracing no request is forced to be traced.
  if (at(field, "traceable_filter") !== undefined) return never;
  const share = at(field, "runtime_filter");
  if (share !== undefined) return readShare(share);
  for (const type of ["and", "or"] as const) {
    const below = items(field, `${type}_filter`, "filters").map((one) => readAccessFilter(one, logType));
    const known = below.filter((one) => one !== undefined);
    const isWhole = type === "or" || known.length === below.length;
    if (known.length > 0) return isWhole ? { type, filters: known } : undefined;
  }
  return undefined;
}

function readShare(field: Field): AccessLogFilter {
  for (const name of ["runtime_key", "use_independent_randomness"]) at(field, name);
  const denominators: Readonly<Record<string, number>> = { TEN_THOUSAND: 10_000, MILLION: 1_000_000 };
  return {
    type: "share",
    numerator: number(field, "percent_sampled", "numerator") ?? 0,
    denominator: denominators[text(field, "percent_sampled", "denominator") ?? ""] ?? 100,
  };
}

/** By code. */
const grpcCodes = [
  ...["OK", "CANCELED", "UNKNOWN", "INVALID_ARGUMENT", "DEADLINE_EXCEEDED", "NOT_FOUND", "ALREADY_EXISTS", "PERMISSION_DENIED"],
  ...["RESOURCE_EXHAUSTED", "FAILED_PRECONDITION", "ABORTED", "OUT_OF_RANGE", "UNIMPLEMENTED", "INTERNAL", "UNAVAILABLE"],
  ...["DATA_LOSS", "UNAUTHENTICATED"],
];
