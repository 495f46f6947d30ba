/**
 * What ends a TCP session: a DestinationRule's connectionPool.tcp as istiod writes it into the TCP proxy (networkfilter.go): that of the
 * rule of the first destination's service, whatever its subsets and ports say.
 */
import type { TcpProxy } from "#engine";
import type { Catalog } from "./catalog.ts";
import { type DestinationRuleViewer, destinationRuleFor } from "./destination-rule.ts";
import { at, durationMs } from "./field.ts";

export type SessionLimits = Pick<TcpProxy, "idleTimeoutMs" | "maxDurationMs">;

export function sessionLimits(
  catalog: Catalog,
  proxy: DestinationRuleViewer,
  service: { hostname: string; namespace: string } | undefined,
): SessionLimits {
  if (service === undefined) return {};
  const rule = destinationRuleFor(catalog.destinationRules, proxy, service, "outbound");
  const pool = at(rule?.trafficPolicy, "connectionPool", "tcp");
  const idleTimeoutMs = durationMs(pool, "idleTimeout");
  const maxDurationMs = durationMs(pool, "maxConnectionDuration");
  return {
    ...(idleTimeoutMs === undefined ? {} : { idleTimeoutMs }),
    ...(maxDurationMs === undefined ? {} : { maxDurationMs }),
  };
}
