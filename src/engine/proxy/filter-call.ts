/** A filter asks a service (external authorization, rate limit): one call through a cluster of the same proxy, without retries. */

import type { RequestTemplate } from "../model/index.ts";
import type { Call } from "../rows/call.ts";
import * as downstreamKinds from "../rows/downstream-kinds.ts";
import type { Sim } from "../sim.ts";
import { slotOfCluster } from "./compiled-mesh.ts";
import { fieldsOf, internShape } from "./matching/request-shape.ts";
import { addPlan, emptyPlan, type Plan, plainDestination } from "./plan.ts";

/** Plans by node and cluster; a cache, not run state. */
const plansOf = new WeakMap<object, Map<string, Plan>>();

export function startFilterCall(sim: Sim, call: Call, cluster: string, timeoutMs: number, path: string): void {
  const { instance, shape: original } = call;
  const { node } = instance;
  const scheme: RequestTemplate["scheme"] = "grpc";
  const shape = internShape(sim.shapes, { ...fieldsOf(original), method: "POST", scheme, authority: cluster, path });
  let plans = plansOf.get(node);
  if (plans === undefined) {
    plans = new Map();
    plansOf.set(node, plans);
  }
  const key = `${cluster}|${timeoutMs}|${shape.id}`;
  let plan = plans.get(key);
  if (plan === undefined || sim.plans[plan.index] !== plan) {
    const slot = slotOfCluster(node, sim.caches, cluster, false);
    plan = addPlan(sim, {
      ...emptyPlan,
      routeName: "filter",
      destinations: [plainDestination(node, slot, cluster, shape)],
      totalWeight: 1,
      timeoutMs,
    });
    plans.set(key, plan);
  }
  const question = sim.steps.openCall(sim, instance, shape, plan, downstreamKinds.filter, call.root, call.traffic);
  question.asker = call;
  question.parentGeneration = call.generation;
  question.shadow = call.shadow;
  sim.steps.beginCall(sim, question, 0, call.spanId);
}
