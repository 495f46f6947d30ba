/** Every group of checks, in the order of their names. */
import { weighted } from "./a-weighted.ts";
import { retry } from "./b-retry.ts";
import { retryBudget } from "./b3-retry-budget.ts";
import { budgetAccounting } from "./b4-budget-accounting.ts";
import { breakerBurst } from "./c1-breaker-burst.ts";
import { breakerPoisson } from "./c2-breaker-poisson.ts";
import { breakerClosed } from "./c3-breaker-closed.ts";
import { outlierTimeline } from "./d1-outlier-timeline.ts";
import { outlierLimits } from "./d2-outlier-limits.ts";
import { outlierMergeWindow } from "./d3-outlier-merge-window.ts";
import { slowHostPolicies } from "./e-lb-slow.ts";
import { timeouts } from "./f-timeouts.ts";
import { faults } from "./g-faults.ts";
import type { EnvoyGroup } from "./group.ts";
import { localRateLimit } from "./h-local-ratelimit.ts";
import { mutualTls } from "./i-mtls.ts";
import { mirror } from "./j-mirror.ts";
import { consistentHash } from "./k-consistent-hash.ts";
import { panicAndPriorities } from "./l-panic-priority.ts";
import { flags } from "./m-flags.ts";
import { slowStart } from "./n-slow-start.ts";
import { workers } from "./o-workers2.ts";
import { composite } from "./q-composite.ts";

/** @param recordedHosts host by key for each hashing cluster. */
export function envoyGroups(recordedHosts: Readonly<Record<string, Readonly<Record<string, string>>>>): EnvoyGroup[] {
  return [
    weighted,
    retry,
    retryBudget,
    budgetAccounting,
    breakerBurst,
    breakerPoisson,
    breakerClosed,
    outlierTimeline,
    outlierLimits,
    outlierMergeWindow,
    slowHostPolicies,
    timeouts,
    faults,
    localRateLimit,
    mutualTls,
    mirror,
    consistentHash(recordedHosts),
    panicAndPriorities,
    flags,
    slowStart,
    workers,
    composite,
  ];
}
