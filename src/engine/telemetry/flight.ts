/**
 * What the graph draws: one record per message between two places, from a bounded ring. A dot on the screen is one of
 * these and carries its id; the animation owns nothing.
 */
export interface Flight {
  /** Rising; a gap means that the ring dropped some. */
  id: number;
  /** Root request it belongs to: what `explain` takes. */
  requestId: number;
  /** refused: it never left its caller's proxy, by that proxy's own decision or because nobody took the connection. */
  kind: "request" | "response" | "retry" | "mirror" | "refused";
  /** Which try of its call a request is, from 1; 0: not said. */
  attempt: number;
  /** Names as in EdgeStats; `toReplica` is -1 where the request never got a host. */
  from: string;
  to: string;
  toWorkload: string;
  toReplica: number;
  atMs: number;
  status: number;
  /** The code of a gRPC request that failed by it. */
  grpcStatus?: number;
  flags: string;
  mutualTls: boolean;
}

/** A root request that ended: the list from which a reader picks one to explain. */
export interface FinishedRequest {
  requestId: number;
  traffic: string;
  startMs: number;
  endMs: number;
  method: string;
  url: string;
  status: number;
  flags: string;
  /** As in a flight. */
  grpcStatus?: number;
}
