/** A filter asks a service (external authorization, rate limit, keys): one call through a cluster of the same proxy. */

import type { RemoteKeys } from "../model/index.ts";
import type { Call } from "../rows/call.ts";
import * as downstreamKinds from "../rows/downstream-kinds.ts";
import type { Sim } from "../sim.ts";
import { compileRetry } from "./compile-retry.ts";
import { slotOfCluster } from "./compiled-mesh.ts";
import { fieldsOf, internShape, type RequestShape } from "./matching/request-shape.ts";
import { addPlan, emptyPlan, type Plan, type PlanDraft, plainDestination } from "./plan.ts";

/** Plans by node and cluster; a cache, not run state. */
const plansOf = new WeakMap<object, Map<string, Plan>>();

/** Over gRPC and without retries; the question carries the request's headers. */
export function startFilterCall(
  sim: Sim,
  call: Call,
  cluster: string,
  timeoutMs: number,
  path: string,
  authority: string = cluster,
): void {
  const fields = { ...fieldsOf(call.shape), method: "POST", scheme: "grpc" as const, authority, path };
  ask(sim, call, cluster, timeoutMs, internShape(sim.shapes, fields));
}

/** What an HTTP service of ext_authz is asked: method, host and path are the request's, and of its headers only this one goes along. */
export function askAboutRequest(
  sim: Sim,
  call: Call,
  seen: RequestShape,
  cluster: string,
  timeoutMs: number,
  pathPrefix: string,
): void {
  const { headers, path, scheme } = seen;
  const { authorization } = headers;
  const shape = internShape(sim.shapes, {
    ...fieldsOf(seen),
    scheme: scheme === "grpc" ? "http" : scheme,
    path: `${pathPrefix}${path}`,
    headers: authorization === undefined ? {} : { authorization },
  });
  ask(sim, call, cluster, timeoutMs, shape);
}

/** A key set is fetched by a plain GET. */
export function fetchKeys(sim: Sim, call: Call, { cluster, authority, path, timeoutMs, retryPolicy }: RemoteKeys): void {
  const { dialledHost, port } = call.shape;
  const shape = internShape(sim.shapes, {
    method: "GET",
    scheme: "http",
    authority,
    dialledHost,
    port,
    path,
    headers: {},
    tokens: undefined,
  });
  const retry = retryPolicy === undefined ? null : compileRetry(sim, retryPolicy, timeoutMs);
  ask(sim, call, cluster, timeoutMs, shape, { retry });
}

function ask(
  sim: Sim,
  call: Call,
  cluster: string,
  timeoutMs: number,
  shape: RequestShape,
  more: Pick<PlanDraft, "retry"> = { retry: null },
): void {
  const { instance } = call;
  const { node } = instance;
  let plans = plansOf.get(node);
  if (plans === undefined) {
    plans = new Map();
    plansOf.set(node, plans);
  }
  const { numRetries = 0, baseMs = 0 } = more.retry ?? {};
  const key = `${cluster}|${timeoutMs}|${shape.id}|${numRetries}|${baseMs}`;
  let plan = plans.get(key);
  if (plan === undefined || sim.plans[plan.index] !== plan) {
    const slot = slotOfCluster(node, sim.caches, cluster, false);
    plan = addPlan(sim, {
      ...emptyPlan,
      ...more,
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
  question.depth = call.depth;
  sim.steps.beginCall(sim, question, 0, call.spanId);
}
