/** Access logs of a connection manager (config.accesslog.v3), and the filters that pick their lines or answers of the proxy's own. */
import type { ConfigSource } from "./config-source.ts";
import type { HeaderMatcher } from "./matcher.ts";

export interface AccessLogger {
  /** Absent: every request has a line. */
  filter?: AccessLogFilter;
  format: LogFormat;
  /** omit_empty_values. */
  omitsEmpty?: true;
  source?: ConfigSource;
}

/** A text with command operators, or the object whose texts they stand in. */
export type LogFormat = string | Readonly<Record<string, unknown>>;

export type AccessLogFilter =
  | { type: "status" | "duration"; op: "EQ" | "GE" | "LE" | "NE"; value: number }
  /** One of them is set; none is named: any. */
  | { type: "flags"; flags: readonly string[] }
  | { type: "header"; header: HeaderMatcher }
  /** exclude: all but these. */
  | { type: "grpcStatus"; codes: readonly number[]; excludes: boolean }
  | { type: "notHealthCheck" }
  /** A share of all requests, told by their id. */
  | { type: "share"; numerator: number; denominator: number }
  /** Of none: always, or never. */
  | { type: "and" | "or"; filters: readonly AccessLogFilter[] };
