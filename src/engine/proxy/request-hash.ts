/** The request's hash for consistent load balancing (config.route.v3.RouteAction.HashPolicy). Pure. */
import type { HashPolicy } from "../model/index.ts";
import { xxHash64 } from "./load-balancing/xxhash64.ts";
import { cookieOf, headerOf } from "./matching/matchers.ts";
import type { RequestShape } from "./matching/request-shape.ts";

/** @returns null when no policy produced a hash: the load balancer then takes a random one. */
export function requestHash(policies: readonly HashPolicy[], shape: RequestShape, sourceIp: string): bigint | null {
  let hash: bigint | null = null;
  for (const policy of policies) {
    const text = textOf(policy, shape, sourceIp);
    if (text !== undefined) {
      const next = xxHash64(text, 0n);
      // Rotate the old value left by one, so that equal parts do not cancel each other.
      hash = hash === null ? next : (((hash << 1n) | (hash >> 63n)) & 0xffffffffffffffffn) ^ next;
    }
    if (policy.terminal && hash !== null) break;
  }
  return hash;
}

function textOf(policy: HashPolicy, shape: RequestShape, sourceIp: string): string | undefined {
  switch (policy.type) {
    case "header":
      return headerOf(shape, policy.name);
    case "queryParameter":
      return shape.query.get(policy.name);
    case "sourceIp":
      return sourceIp;
    case "cookie":
      return cookieOf(shape, policy.name);
  }
}
