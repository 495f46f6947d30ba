/** envoy.filters.http.rbac: 403 where the policies refuse; judged once per kind of request and peer. */

import type { RbacConfig } from "../../model/index.ts";
import { reply } from "../plan.ts";
import { evaluateRbac } from "../rbac.ts";
import type { FilterCompiler } from "./index.ts";

export const rbac: FilterCompiler<RbacConfig> = {
  name: "rbac",
  compile(context, config, perFilter, state) {
    for (const one of perFilter?.rbac ?? [config]) {
      const verdict = evaluateRbac(
        one,
        {
          shape: context.shape,
          peer: context.peer,
          destinationIp: context.destinationIp,
          destinationPort: context.destinationPort,
          ...(context.remoteIp === undefined ? {} : { remoteIp: context.remoteIp }),
          payloads: state.payloads,
        },
        context.log,
      );
      if (verdict.allowed) continue;
      const details = `rbac_access_denied_matched_policy[${verdict.policy === "" ? "none" : verdict.policy}]`;
      // No details hold white space.
      return reply(context.sim, 403, 0, details.replace(/\s/g, "_"), { denied: true });
    }
    return null;
  },
};
