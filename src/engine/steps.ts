/** The one place where the steps of a request's life are tied together. */

import { failAttempt } from "./proxy/attempt-failure.ts";
import { beginCall, drawDestination, limitStream, openCall, runFilters } from "./proxy/router.ts";
import { reachServer } from "./proxy/server.ts";
import type { Steps } from "./proxy/steps.ts";
import { respondToClient, sendRequest } from "./proxy/upstream.ts";
import { onChildDone } from "./workload/application.ts";

export const steps: Steps = {
  openCall,
  beginCall,
  runFilters,
  drawDestination,
  limitStream,
  sendRequest,
  failAttempt,
  reachServer,
  respondToClient,
  onChildDone,
};
