/** envoy.filters.http.health_check: answers those who ask whether this proxy is well, or marks the answers of those it lets pass. */
import type { HealthCheckFilterConfig } from "../../model/index.ts";
import type { Call } from "../../rows/call.ts";
import { internText, type Sim } from "../../sim.ts";
import { noteCall } from "../../telemetry/recorder.ts";
import { localReply } from "../attempt-end.ts";
import { clusterStateOf } from "../cluster-state.ts";
import { slotOfCluster } from "../compiled-mesh.ts";
import { matchesHeader } from "../matching/matchers.ts";
import { responseFlags } from "../response-flags.ts";
import { type AnswerChange, type CompiledFilter, type FilterVerdict, filterVerdicts } from "./filter.ts";
import type { FilterCompiler } from "./index.ts";

export const healthCheck: FilterCompiler<HealthCheckFilterConfig> = {
  name: "healthCheck",
  compile({ sim, shape }, config) {
    if (!config.headers.every((one) => matchesHeader(one, shape))) return null;
    const onRequest = config.passesThrough ? () => filterVerdicts.continue : answer;
    const id = sim.caches.nextFilterId.value++;
    return { name: "healthCheck", id, source: config.source, onRequest, changeAnswer: mark, data: config };
  },
};

function answer(sim: Sim, call: Call, { data, source }: CompiledFilter): FilterVerdict {
  const { minHealthy } = data as HealthCheckFilterConfig;
  const faults = minHealthy.map(({ cluster, percent }) => ({ cluster, why: faultOf(sim, call, cluster, percent) }));
  const found = faults.find(({ why }) => why !== "");
  const well = minHealthy.length === 0 ? "health_check_ok" : "health_check_ok_cluster_healthy";
  if (sim.recordRoot !== 0) {
    const code = found === undefined ? "response.wellItself" : "response.unwellItself";
    noteCall(sim, call, "response", code, { cluster: found?.cluster ?? "" }, source);
  }
  const [status, flags, details] = found === undefined ? [200, 0, well] : [503, responseFlags.LH, found.why];
  localReply(sim, call, status, flags, internText(sim, details));
  return filterVerdicts.replied;
}

/** @returns the details of a refusal; "": there are enough healthy hosts */
function faultOf(sim: Sim, { instance }: Call, name: string, percent: number): string {
  const slot = slotOfCluster(instance.node, sim.caches, name, false);
  if (slot < 0) return "health_check_failed_no_cluster_found";
  const { priorities } = clusterStateOf(sim, instance, slot);
  const count = (key: "all" | "healthy") => priorities.reduce((sum, one) => sum + one[key].length, 0);
  const [total, healthy] = [count("all"), count("healthy")];
  if (total === 0) return percent === 0 ? "" : "health_check_failed_cluster_empty";
  return healthy < (total * percent) / 100 ? "health_check_failed_cluster_unhealthy" : "";
}

const mark: AnswerChange = (_sim, _call, { data }, headers) => {
  headers["x-envoy-upstream-healthchecked-cluster"] = (data as HealthCheckFilterConfig).ownCluster;
};
