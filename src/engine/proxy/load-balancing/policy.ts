/** What a load balancing policy is: a module-level function that picks one host of a source, by number, without allocation. */
import type { ClusterState, Sim } from "../../sim.ts";

/**
 * @param source which list the hosts are: 3·(priority·64 + locality + 1) + 0 all, 1 healthy, 2 degraded
 * @param hash request hash for consistent policies, null when the request has none
 * @param retry how often this choice was refused by a host predicate
 */
export type PickHost = (
  sim: Sim,
  cluster: ClusterState,
  hosts: readonly number[],
  source: number,
  hash: bigint | null,
  retry: number,
) => number;

export interface LoadBalancingPolicy {
  readonly name: string;
  readonly pick: PickHost;
  /** Mostly it takes the first host that it draws from the cluster's stream. */
  readonly drawn?: true;
}
