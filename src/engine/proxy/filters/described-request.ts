/** What filters that limit rates say of a request. */
import { slotOfCluster } from "../compiled-mesh.ts";
import { formatFacts } from "../format-facts.ts";
import type { PlanContext } from "../http-plan.ts";
import type { DescribedRequest } from "../rate-limit-descriptors.ts";
import type { FilterState } from "./index.ts";

export function describedRequest(context: PlanContext, state: FilterState): DescribedRequest {
  const { sim, node, shape, remoteIp, peer, inbound } = context;
  const { destination, payloads, rateLimits } = state;
  const slot = destination === "" ? -1 : slotOfCluster(node, sim.caches, destination, inbound);
  return {
    shape,
    remoteIp: remoteIp ?? peer.ip,
    cluster: destination,
    metadata: {
      dynamic: { "envoy.filters.http.jwt_authn": payloads },
      route: rateLimits.metadata,
      cluster: node.slots[slot]?.config.metadata,
      // No host is chosen yet.
      locality: undefined,
    },
    facts: { ...formatFacts(context, rateLimits.route, destination), shape },
  };
}
