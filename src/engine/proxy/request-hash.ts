/** The request's hash for consistent load balancing (config.route.v3.RouteAction.HashPolicy). Pure. */
import type { HashPolicy } from "../model/index.ts";
import { xxHash64 } from "./load-balancing/xxhash64.ts";
import { cookieOf, headerLines } from "./matching/matchers.ts";
import type { RequestShape } from "./matching/request-shape.ts";

/** @returns null when no policy produced a hash: the load balancer then takes a random one. */
export function requestHash(policies: readonly HashPolicy[], shape: RequestShape, sourceIp: string): bigint | null {
  let hash: bigint | null = null;
  for (const policy of policies) {
    const texts = textsOf(policy, shape, sourceIp);
    if (texts !== undefined) {
      const next = texts.reduce((seed, text) => xxHash64(text, seed), 0n);
      // Rotate the old value left by one, so that equal parts do not cancel each other.
      hash = hash === null ? next : (((hash << 1n) | (hash >> 63n)) & 0xffffffffffffffffn) ^ next;
    }
    if (policy.terminal && hash !== null) break;
  }
  return hash;
}

/** What is hashed, one behind the other; the lines of a header in the order of the alphabet. */
function textsOf(policy: HashPolicy, shape: RequestShape, sourceIp: string): readonly string[] | undefined {
  if (policy.type === "header") return headerLines(shape, policy.name.toLowerCase())?.toSorted();
  const text = textOf(policy, shape, sourceIp);
  return text === undefined ? undefined : [text];
}

function textOf(policy: Exclude<HashPolicy, { type: "header" }>, shape: RequestShape, sourceIp: string): string | undefined {
  switch (policy.type) {
    case "queryParameter":
      return shape.query.get(policy.name);
    case "sourceIp":
      return sourceIp;
    case "cookie":
      // An empty one counts as none.
      return cookieOf(shape, policy.name) || undefined;
  }
}
