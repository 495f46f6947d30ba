/** The load balancing policies by Envoy's names. */
import { leastRequest } from "./least-request.ts";
import { maglev } from "./maglev.ts";
import { peakEwma } from "./peak-ewma.ts";
import { random } from "./random.ts";
import { ringHash } from "./ring-hash.ts";
import { roundRobin } from "./round-robin.ts";

export type { LoadBalancingPolicy } from "./policy.ts";

export const loadBalancingPolicies = {
  ROUND_ROBIN: roundRobin,
  LEAST_REQUEST: leastRequest,
  RANDOM: random,
  RING_HASH: ringHash,
  MAGLEV: maglev,
  PEAK_EWMA: peakEwma,
  CLUSTER_PROVIDED: random,
} as const;
