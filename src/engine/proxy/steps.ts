/**
 * The steps of a request's life that come back to a file further up: a stream that was found is sent by the side that asked for it,
 * the end of a call goes on at its caller. They are handed to a run as data, so that files depend on each other in one direction.
 */

import type { Attempt } from "../rows/attempt.ts";
import type { Call } from "../rows/call.ts";
import type { Connection } from "../rows/connection.ts";
import type { ClusterState, HostState, Sim } from "../sim.ts";
import type { Plan } from "./plan.ts";
import type { ResetReason } from "./retry-conditions.ts";
import type { beginCall, openCall } from "./router.ts";

export interface Steps {
  readonly openCall: typeof openCall;
  readonly beginCall: typeof beginCall;
  /** Continues a call's filter chain at a filter. */
  readonly runFilters: (sim: Sim, call: Call, from: number) => void;
  /** Which of a plan's weighted clusters a call goes to. */
  readonly drawDestination: (sim: Sim, call: Call, plan: Plan, draw: number) => number;
  /** Sets the timers of the stream's life and silence. */
  readonly limitStream: (sim: Sim, call: Call, plan: Plan) => void;
  readonly sendRequest: (sim: Sim, attempt: Attempt, connection: Connection, cluster: ClusterState, host: HostState) => void;
  readonly failAttempt: (sim: Sim, attempt: Attempt, reset: ResetReason, reason: number) => void;
  /** @param local the server is the application behind the same proxy */
  readonly reachServer: (sim: Sim, attempt: Attempt, connection: Connection, local: boolean) => void;
  readonly respondToClient: (sim: Sim, attempt: Attempt, outcome: number) => void;
  readonly onChildDone: (sim: Sim, attempt: Attempt, failed: boolean) => void;
}
