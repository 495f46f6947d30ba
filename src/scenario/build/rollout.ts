/**
 * A rollout's configurations: the same documents with the canary's weight of each stage written into the VirtualService, for every moment
 * at which the timeline changes the configuration. The engine only chooses among them.
 */
import type { MeshConfig, RolloutConfig } from "#engine";
import { isObject, listOf, objectOf, type Resource, textOf } from "#mesh";
import type { RolloutPlan } from "../experiment/experiment.ts";
import { type Cluster, type ClusterHistory, meshOf } from "./cluster-state.ts";
import { complain, findWorkload, type NameReading } from "./names.ts";
import type { PlannedWorkload } from "./workloads.ts";

/** A rollout with its names found. */
export interface ResolvedRollout {
  plan: RolloutPlan;
  canary: PlannedWorkload;
  subset: string;
  /** Percent by stage: nothing, each step, everything. */
  weights: readonly number[];
}

export function resolveRollout(
  plan: RolloutPlan | undefined,
  workloads: readonly PlannedWorkload[],
  documents: readonly Resource[],
  reading: NameReading,
): ResolvedRollout | undefined {
  const canary = plan && findWorkload(reading, [...plan.path, "canary"], plan.canary, workloads);
  if (!plan || !canary) return undefined;
  const subset = plan.subset ?? canary.labels.version ?? "";
  const rollout = { plan, canary, subset, weights: [0, ...plan.weights, 100] };
  const routes = documents.filter(({ kind }) => kind === "VirtualService");
  const found = routes.filter((document) => isMeant(document, rollout));
  if (found.length === 0) {
    const known = routes.map(({ name }) => name).join(", ") || "—";
    complain(reading, [...plan.path, "virtualService"], "MESH1507", { name: plan.virtualService, known });
    return undefined;
  }
  if (!found.some((document) => withWeight(document, rollout, 1) !== document)) {
    complain(reading, [...plan.path, "subset"], "MESH1522", { name: plan.virtualService, subset });
    return undefined;
  }
  return rollout;
}

/** The configuration of each stage. */
export function stagesOf(cluster: Cluster, history: ClusterHistory, rollout: ResolvedRollout): MeshConfig[] {
  return rollout.weights.map((weight) => {
    const resources = cluster.resources.map((one) => (isMeant(one, rollout) ? withWeight(one, rollout, weight) : one));
    return meshOf({ ...cluster, resources }, history).mesh;
  });
}

export function rolloutConfig({ plan, canary, weights }: ResolvedRollout, meshes: RolloutConfig["meshes"]): RolloutConfig {
  const { startMs, intervalMs, threshold, minSuccessRate, maxP99Ms } = plan;
  return {
    canary: { workload: canary.name, namespace: canary.namespace },
    startMs,
    intervalMs,
    weights,
    threshold,
    minSuccessRate,
    maxP99Ms,
    meshes,
  };
}

function isMeant({ kind, name, namespace }: Resource, { plan, canary }: ResolvedRollout): boolean {
  return kind === "VirtualService" && name === plan.virtualService && namespace === (plan.namespace ?? canary.namespace);
}

/** The same document where no rule sends to the canary and to something else. */
function withWeight(resource: Resource, { subset }: ResolvedRollout, weight: number): Resource {
  let changed = false;
  const http = listOf(resource.spec.http).map((rule) => {
    const route = listOf(objectOf(rule).route).filter(isObject);
    const isCanary = (one: Readonly<Record<string, unknown>>) => textOf(objectOf(one.destination).subset) === subset;
    if (route.length < 2 || !route.some(isCanary)) return rule;
    changed = true;
    const others = route.filter((one) => !isCanary(one));
    const written = others.map((one) => (typeof one.weight === "number" ? one.weight : 0));
    const total = written.reduce((sum, one) => sum + one, 0);
    // What is left goes to the others as they were weighted; all of it to the first where they had nothing.
    let left = 100 - weight;
    const shares = written.map((one, index) => {
      const share =
        index === others.length - 1 ? left : Math.round((total === 0 ? Number(index === 0) : one / total) * (100 - weight));
      left -= share;
      return share;
    });
    return {
      ...objectOf(rule),
      route: route.map((one) => ({ ...one, weight: isCanary(one) ? weight : shares[others.indexOf(one)] })),
    };
  });
  if (!changed) return resource;
  const spec = { ...resource.spec, http };
  return { ...resource, spec, object: { ...resource.object, spec } };
}
