/** Every calculator, in the order of the page. */

import { breakerSizing } from "./breaker-sizing.ts";
import type { Calculator } from "./calculator.ts";
import { canarySample } from "./canary-sample.ts";
import { certificateOutage } from "./certificate-outage.ts";
import { fleetCost } from "./fleet-cost.ts";
import { retryAmplification } from "./retry-amplification.ts";
import { timeoutChain } from "./timeout-chain.ts";

export const calculators: readonly Calculator[] = [
  retryAmplification,
  timeoutChain,
  canarySample,
  breakerSizing,
  fleetCost,
  certificateOutage,
];
