/** Every form there is; the order is that of the list a reader chooses from. */
import type { FormKind } from "../form-kind.ts";
import { authorizationPolicy } from "./authorization-policy.ts";
import { destinationRule } from "./destination-rule.ts";
import { experiment } from "./experiment.ts";
import { peerAuthentication } from "./peer-authentication.ts";
import { virtualService } from "./virtual-service.ts";

export const formKinds: readonly FormKind[] = [
  virtualService,
  destinationRule,
  peerAuthentication,
  authorizationPolicy,
  experiment,
];
