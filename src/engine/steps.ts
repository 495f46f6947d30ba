/** The one place where the steps of a request's life are tied together. */
import { runFilters, startPlannedCall } from "./proxy/router.ts";
import { arriveAtServer } from "./proxy/server.ts";
import type { Steps } from "./proxy/steps.ts";
import { failAttempt, respondToClient, sendRequest } from "./proxy/upstream.ts";
import { onChildDone } from "./workload/application.ts";

export const steps: Steps = {
  startPlannedCall,
  runFilters,
  sendRequest,
  failAttempt,
  arriveAtServer,
  respondToClient,
  onChildDone,
};
