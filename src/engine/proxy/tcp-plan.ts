/**
 * envoy.filters.network.tcp_proxy: where a connection goes, how often it is tried, and what ends it (tcp_proxy.proto; asked of the real
 * Envoy in test/oracle/envoy-live/scenarios/tcp-proxy.yaml).
 */
import type { RetryPolicy, TcpProxy } from "../model/index.ts";
import type { Sim } from "../sim.ts";
import { compileRetry } from "./compile-retry.ts";
import { type Destination, emptyPlan, type PlanDraft } from "./plan.ts";

/** @param counts connections that fail are told apart (URX); not so by a sidecar in front of its own application */
export function tcpPlan(sim: Sim, terminal: TcpProxy, destinations: readonly Destination[], counts: boolean): PlanDraft {
  const { maxConnectAttempts, idleTimeoutMs = 0, maxDurationMs = 0 } = terminal;
  return {
    ...emptyPlan,
    destinations,
    totalWeight: destinations.reduce((sum, { weight }) => sum + weight, 0),
    tcp: true,
    retry: counts || maxConnectAttempts !== undefined ? compileRetry(sim, connectPolicy(terminal), 0) : null,
    streamIdleMs: idleTimeoutMs,
    maxStreamDurationMs: maxDurationMs,
  };
}

/** Another connection at once, to the host that the balancer chooses next. */
function connectPolicy({ maxConnectAttempts = 1, source }: TcpProxy): RetryPolicy {
  return {
    retryOn: ["connect-failure"],
    numRetries: maxConnectAttempts - 1,
    perTryTimeoutMs: 0,
    retriableStatusCodes: [],
    backOff: { baseIntervalMs: 0, maxIntervalMs: 0 },
    avoidPreviousHosts: false,
    hostSelectionRetryMaxAttempts: 0,
    ...(source === undefined ? {} : { source }),
  };
}
