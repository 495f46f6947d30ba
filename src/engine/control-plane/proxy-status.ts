/** Who has which version of the configuration. */
import type { ReplicaState, Sim } from "../sim.ts";
import type { ProxyStatus } from "../simulation.ts";
import { nothingSent } from "./proxy-sync.ts";

export function proxyStatuses(sim: Sim): ProxyStatus[] {
  return sim.instances.flatMap(({ node, name, replica, sync }): ProxyStatus[] => {
    if (node.config === null) return [];
    const owner = replica < 0 ? undefined : (sim.replicas[replica] as ReplicaState);
    if (owner?.gone === true) return [];
    const { sent, acked, versions, rejected } = sync ?? nothingSent();
    const state = rejected !== "" ? "NACK" : acked < sent ? "STALE" : "SYNCED";
    return [{ node: name, replica: owner?.index ?? -1, sent, acked, versions: { ...versions }, state, rejected }];
  });
}
