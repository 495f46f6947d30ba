/** config.accesslog.v3.AccessLogFilter: whether a request has a line, or an answer of the proxy's own is changed. Pure. */
import type { AccessLogFilter } from "../model/index.ts";
import { grpcStatusOfHttp } from "./grpc-status.ts";
import { firstLine, matchesHeader } from "./matching/matchers.ts";
import type { RequestShape } from "./matching/request-shape.ts";

/** What is known of a request when it is asked about. */
export interface FilterFacts {
  /** 0: nobody answered. */
  status: number;
  flags: readonly string[];
  shape: RequestShape;
  durationMs: number;
  /** The code that the answer's headers say; absent: the one that its status stands for. */
  grpcStatus?: number | undefined;
  isHealthCheck: boolean;
  /** Its x-request-id, where it brought none. */
  requestId: string;
}

export function fits(filter: AccessLogFilter, facts: FilterFacts): boolean {
  switch (filter.type) {
    case "status":
      return compares[filter.op](facts.status, filter.value);
    case "duration":
      return compares[filter.op](Math.floor(facts.durationMs), filter.value);
    case "flags":
      return facts.flags.some((flag) => filter.flags.length === 0 || filter.flags.includes(flag));
    case "header":
      return matchesHeader(filter.header, facts.shape);
    case "grpcStatus":
      return filter.codes.includes(facts.grpcStatus ?? grpcStatusOfHttp(facts.status)) !== filter.excludes;
    case "notHealthCheck":
      return !facts.isHealthCheck;
    case "share":
      return idNumber(facts) % filter.denominator < filter.numerator;
    case "and":
      return filter.filters.every((one) => fits(one, facts));
    case "or":
      return filter.filters.some((one) => fits(one, facts));
  }
}

/** The first eight digits, as UUIDRequestIDExtension takes them. */
function idNumber({ shape, requestId }: FilterFacts): number {
  return Number.parseInt((firstLine(shape, "x-request-id") ?? requestId).slice(0, 8), 16);
}

const compares: Readonly<Record<"EQ" | "GE" | "LE" | "NE", (known: number, value: number) => boolean>> = {
  EQ: (known, value) => known === value,
  GE: (known, value) => known >= value,
  LE: (known, value) => known <= value,
  NE: (known, value) => known !== value,
};
