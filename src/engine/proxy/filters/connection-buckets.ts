/**
 * Buckets that each connection has for itself (local_rate_limit_per_downstream_connection). Clients without a proxy are known by what they
 * do: a user of a closed loop keeps one connection, any other request has one of its own.
 */
import type { Call } from "../../rows/call.ts";
import type { KnownBucket } from "./token-buckets.ts";

/** Far above the numbers of filters, of which there are fewer than `span`. */
const base = 2 ** 40;
const span = 2 ** 20;
const mostUsers = 2 ** 16;

/** @param known of all connections. @returns the one of the connection by which the request came, full where that is a new one */
export function bucketOfConnection(call: Call, known: KnownBucket): KnownBucket {
  const { place, generation } = connectionOf(call);
  const id = base + place * span + known.id;
  const { buckets } = call.instance;
  if (buckets?.get(id)?.[2] !== generation) {
    call.instance.buckets ??= new Map();
    call.instance.buckets.set(id, [known.bucket.maxTokens, call.startMs, generation]);
  }
  return { ...known, id };
}

/** A place is taken again once its connection is gone; the generation tells whose it is. */
function connectionOf({ parent, user, traffic, root }: Call): { place: number; generation: number } {
  const connection = parent?.connection;
  if (connection !== null && connection !== undefined) return { place: 2 * connection.id + 1, generation: connection.generation };
  return user < 0 ? { place: 0, generation: root } : { place: 2 * (traffic * mostUsers + user + 1), generation: 0 };
}
