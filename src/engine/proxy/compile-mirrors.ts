/** request_mirror_policies: copies of a request, each with a plan of its own. */
import type { ForwardAction } from "../model/index.ts";
import { slotOfCluster } from "./compiled-mesh.ts";
import { shadowRequest } from "./header-operations.ts";
import type { PlanContext } from "./http-plan.ts";
import type { RequestShape } from "./matching/request-shape.ts";
import { addPlan, emptyPlan, type Mirror, plainDestination } from "./plan.ts";

/** A copy goes its own way: no retries, its own breakers, the same timeout; "-shadow" is added to its host unless told otherwise. */
export function compileMirrors(context: PlanContext, action: ForwardAction, shape: RequestShape): Mirror[] {
  const { sim, node } = context;
  return action.mirrors.map((mirror) => {
    const slot = slotOfCluster(node, sim.caches, mirror.cluster, context.inbound);
    const copy = mirror.keepHost === true ? shape : shadowRequest(sim.shapes, shape);
    const plan = addPlan(sim, {
      ...emptyPlan,
      routeName: "mirror",
      destinations: [plainDestination(node, slot, mirror.cluster, copy)],
      totalWeight: 1,
      timeoutMs: action.timeoutMs,
      action,
    });
    return { slot, percent: mirror.percent, plan: plan.index };
  });
}
