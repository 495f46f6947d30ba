/** strict_check_headers: wishes that cannot be read (Router::FilterUtility::StrictHeaderChecker). Pure. */
import { headerOf } from "./matching/matchers.ts";
import type { RequestShape } from "./matching/request-shape.ts";
import { isOfGrpc, retryOnBits } from "./retry-conditions.ts";

/** @returns the first of these headers that is there and says nothing Envoy knows */
export function unreadableHeader(shape: RequestShape, names: readonly string[]): string | undefined {
  return names.find((name) => {
    const value = headerOf(shape, name);
    return value !== undefined && !isReadable(name, value);
  });
}

function isReadable(name: string, value: string): boolean {
  const isGrpc = name === "x-envoy-retry-grpc-on";
  if (!isGrpc && name !== "x-envoy-retry-on") return /^\s*\+?\d+\s*$/.test(value);
  return value.split(",").every((one) => one.trim() in retryOnBits && isOfGrpc(one.trim()) === isGrpc);
}
